"""Credit notes: the invoice stands, its opposite is written, its days are free again."""

from datetime import date
from decimal import Decimal as D

import pytest

from facturation import actions
from facturation.models import CompteurNumero, Facture, LigneFacture, UniteFacturee
from facturation.releve import solde
from familles.erreurs import DejaTraite, Invalide, Refus
from tests.facturation.conftest import NOVEMBRE, creer_famille, enfants_de

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE


def test_un_avoir_annule_la_facture_et_rend_ses_jours(emettre, dupont, comptable):
    facture = emettre(dupont)
    avoir = actions.avoir(facture=facture, motif="Mauvaise famille", par=comptable)
    assert (avoir.numero_imprime, avoir.nature, avoir.total) == ("AL-2", "AVOIR", D("-16.40"))
    assert (avoir.avoir_de, avoir.motif, avoir.echeance) == (facture, "Mauvaise famille", None)
    assert (avoir.destinataire, avoir.destinataire_adresse) == ("M. Jean DUPONT", "12 RUE DES BONBONS")
    assert [(li.quantite, li.montant) for li in avoir.lignes.all()] == [(-4, D("-14.00")), (-2, D("-2.40"))]
    assert solde(dupont) == 0
    assert not Facture.objects.impayees().exists()
    assert sum(u.signe * 1 for u in UniteFacturee.objects.all()) == 0
    refaite = emettre(dupont)
    assert (refaite.numero_imprime, refaite.total) == ("AL-3", D("16.40"))
    assert LigneFacture.objects.filter(facture=facture).count() == 2


def test_un_avoir_dit_comment_le_contester_et_n_offre_pas_de_delai_de_paiement(emettre, dupont, comptable):
    facture = emettre(dupont)
    avoir = actions.avoir(facture=facture, motif="Erreur", par=comptable)
    assert "vous pouvez contester cet avoir par écrit" in avoir.mentions
    assert "délai de paiement" not in avoir.mentions
    assert "vous pouvez contester cette facture par écrit" in facture.mentions
    assert "délai de paiement" in facture.mentions


def test_un_avoir_rend_les_reglements_aux_autres_factures(emettre, novembre, dupont, repas, regie, comptable):
    facture = emettre(dupont)
    actions.encaisser(
        famille=dupont,
        regie=regie,
        mode="CHEQUE",
        montant=D("16.40"),
        recu_le=date(2026, 12, 3),
        par=comptable,
    )
    novembre.noter(dupont, enfants_de(dupont)[0], repas, 9)
    autre = emettre(dupont)
    actions.avoir(facture=facture, motif="Erreur", par=comptable)
    assert not Facture.objects.impayees().exists()
    assert Facture.objects.avec_reste().get(pk=autre.pk).reste == 0
    assert Facture.objects.avec_reste().get(pk=facture.pk).reste == 0
    assert solde(dupont) == D("3.50") - D("16.40")


def test_un_avoir_demande_un_motif_et_ne_se_fait_qu_une_fois(emettre, dupont, comptable):
    facture = emettre(dupont)
    with pytest.raises(Invalide):
        actions.avoir(facture=facture, motif="  ", par=comptable)
    avoir = actions.avoir(facture=facture, motif="Erreur", par=comptable)
    with pytest.raises(DejaTraite):
        actions.avoir(facture=facture, motif="Erreur", par=comptable)
    with pytest.raises(Refus, match="Un avoir"):
        actions.avoir(facture=avoir, motif="Erreur", par=comptable)
    assert CompteurNumero.objects.get().dernier == 2


def test_la_bonne_famille_peut_payer_le_jour_rendu(novembre, regie, repas, dupont, comptable):
    """Alternating custody: the day was billed to the wrong household."""
    autre = creer_famille(
        "3001001818337", "SEPARE", [("MME", "Ève", "Roux", "1 rue", "eve")], [("X", "Y", date(2019, 1, 1))]
    )
    alexandre = enfants_de(dupont)[0]
    facture = actions.emettre(famille=dupont, regie=regie, du=DU, au=AU, par=comptable)
    novembre.lignes.clear()
    novembre.noter(autre, alexandre, repas, 2)
    assert actions.emettre(famille=autre, regie=regie, du=DU, au=AU, par=comptable) is None
    actions.avoir(facture=facture, motif="Jour de l’autre foyer", par=comptable)
    assert actions.emettre(famille=autre, regie=regie, du=DU, au=AU, par=comptable).total == D("3.50")


# --- Days billed in advance, taken back since by a later invoice ---------------------------------------

DECEMBRE = {"du": date(2026, 12, 1), "au": date(2026, 12, 31)}


def lignes_et_total(facture: Facture) -> tuple[D, D]:
    return sum((li.montant for li in facture.lignes.all()), D("0.00")), facture.total


@pytest.fixture
def avance(journal, martin, repas, regie, comptable):
    """Billed in advance: the 2nd and the 30th of November, late (7,00 + 2,00); the 30th is no longer due and
    December's invoice takes it back (2 × 3,50 − 4,50).
    """
    rose = enfants_de(martin)[0]
    repas.terme = "A_ECHOIR"
    repas.save()
    repas.tarifs.update(majoration=D(1))
    journal.noter(martin, rose, repas, 2, 30, tardive=True)
    commun = {"famille": martin, "regie": regie, "par": comptable}
    premiere = actions.emettre(du=DU, au=AU, **commun)
    journal.lignes = [c for c in journal.lignes if c.jour.day != 30]
    journal.noter(martin, rose, repas, date(2026, 12, 1), date(2026, 12, 3))
    return premiere, actions.emettre(**DECEMBRE, **commun)


def test_un_avoir_ne_rend_pas_deux_fois_un_jour_deja_repris(avance, martin, comptable):
    premiere, suivante = avance
    assert (premiere.total, suivante.total) == (D("9.00"), D("2.50"))
    avoir = actions.avoir(facture=premiere, motif="Erreur", par=comptable)
    assert lignes_et_total(avoir) == (D("-4.50"), D("-4.50"))
    assert solde(martin) == D("7.00")
    with pytest.raises(DejaTraite, match="déjà son avoir"):
        actions.avoir(facture=premiere, motif="Encore", par=comptable)


def test_l_avoir_d_une_facture_retablit_une_fois_ce_qu_elle_avait_repris(avance, martin, comptable, regie):
    _, suivante = avance
    avoir = actions.avoir(facture=suivante, motif="Erreur", par=comptable)
    assert lignes_et_total(avoir) == (D("-2.50"), D("-2.50"))
    assert solde(martin) == D("9.00")
    refaite = actions.emettre(famille=martin, regie=regie, par=comptable, **DECEMBRE)
    assert lignes_et_total(refaite) == (D("2.50"), D("2.50"))
    with pytest.raises(DejaTraite):
        actions.avoir(facture=suivante, motif="Encore", par=comptable)


def test_un_jour_repris_puis_refacture_se_defait_dans_l_ordre(
    avance, journal, martin, repas, regie, comptable
):
    _, suivante = avance
    journal.noter(martin, enfants_de(martin)[0], repas, 30)
    encore = actions.emettre(famille=martin, regie=regie, par=comptable, **DECEMBRE)
    assert encore.total == D("3.50")
    with pytest.raises(Refus, match="annulez d’abord celle-ci"):
        actions.avoir(facture=suivante, motif="Erreur", par=comptable)
    actions.avoir(facture=encore, motif="Erreur", par=comptable)
    actions.avoir(facture=suivante, motif="Erreur", par=comptable)
    assert solde(martin) == D("9.00")
