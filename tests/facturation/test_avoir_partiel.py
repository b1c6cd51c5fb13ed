"""A part of an invoice given back: some of its days, to whom owes them or as a gift."""

from datetime import date
from decimal import Decimal as D

import pytest

from facturation import actions
from facturation.models import Facture, Tarif, UniteFacturee
from facturation.releve import solde
from familles.erreurs import DejaTraite, Refus
from tests.facturation.conftest import NOVEMBRE, entrer
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE


def rendre(facture, comptable, *jours, **plus):
    unites = UniteFacturee.objects.filter(facture=facture, jour__in=[date(2026, 11, j) for j in jours])
    return actions.avoir_partiel(facture=facture, unites=list(unites), motif="Geste", par=comptable, **plus)


def test_un_avoir_partiel_rend_quelques_jours(mois_facture, comptable, martin, regie):
    avoir = rendre(mois_facture, comptable, 2, 5)
    assert (avoir.total, avoir.lignes.get().quantite) == (D("-7.00"), -2)
    assert Facture.objects.avec_reste().get(pk=mois_facture.pk).reste == D("3.50")
    # A gift: nobody bills these days again.
    assert actions.emettre(famille=martin, regie=regie, du=DU, au=AU, par=comptable) is None
    with pytest.raises(DejaTraite):
        rendre(mois_facture, comptable, 2)
    with pytest.raises(Refus):
        rendre(mois_facture, comptable)


def test_un_avoir_partiel_peut_rendre_le_jour_a_qui_le_doit(mois_facture, comptable, martin, regie):
    rendre(mois_facture, comptable, 2, refacturable=True)
    assert actions.emettre(famille=martin, regie=regie, du=DU, au=AU, par=comptable).total == D("3.50")


def test_apres_un_avoir_partiel_l_avoir_total_rend_le_reste(mois_facture, comptable, martin):
    rendre(mois_facture, comptable, 2)
    reste = actions.avoir(facture=mois_facture, motif="Tout", par=comptable)
    assert reste.total == D("-7.00") == sum(li.montant for li in reste.lignes.all())
    assert solde(martin) == 0
    with pytest.raises(DejaTraite):
        actions.avoir(facture=mois_facture, motif="Encore", par=comptable)


def test_ce_qui_avait_paye_un_jour_rendu_redevient_un_credit(mois_facture, comptable, martin, regie):
    actions.encaisser(
        famille=martin,
        regie=regie,
        mode="CHEQUE",
        montant=D("10.50"),
        recu_le=date(2026, 12, 3),
        par=comptable,
    )
    rendre(mois_facture, comptable, 2)
    assert Facture.objects.avec_reste().get(pk=mois_facture.pk).reste == 0
    assert sum(i.montant for i in mois_facture.imputations.all()) == D("7.00")


def test_une_majoration_se_rend_avec_son_jour(martin, rose, repas, journal, regie, comptable, clore):
    Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), montant=D(4), majoration=D(1))
    journal.noter(martin, rose, repas, 2, 3, tardive=True)
    clore(repas)
    facture = actions.emettre(famille=martin, regie=regie, du=DU, au=AU, par=comptable)
    avoir = rendre(facture, comptable, 2)
    assert [(li.quantite, li.montant) for li in avoir.lignes.all()] == [(-1, D("-1.00")), (-1, D("-4.00"))]
    assert avoir.total == D("-5.00")


def test_un_mois_au_forfait_se_rend_entier(martin, rose, repas, journal, regie, comptable, clore):
    Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), montant=D(4), forfait_mensuel=D(10))
    journal.noter(martin, rose, repas, 2, 3, 5)
    clore(repas)
    facture = actions.emettre(famille=martin, regie=regie, du=DU, au=AU, par=comptable)
    with pytest.raises(Refus, match="mois entier"):
        rendre(facture, comptable, 2)
    assert rendre(facture, comptable, 2, 3, 5).total == D("-10.00")


def test_annuler_une_facture_retablit_ce_qu_elle_avait_repris(martin, rose, repas, journal, regie, comptable):
    repas.terme = "A_ECHOIR"
    repas.save()
    journal.noter(martin, rose, repas, 2, 30)
    actions.emettre(famille=martin, regie=regie, du=DU, au=AU, par=comptable)
    journal.lignes = [c for c in journal.lignes if c.jour.day != 30]
    journal.noter(martin, rose, repas, date(2026, 12, 1), date(2026, 12, 3))
    decembre = {"du": date(2026, 12, 1), "au": date(2026, 12, 31)}
    suivante = actions.emettre(famille=martin, regie=regie, par=comptable, **decembre)
    assert suivante.total == D("3.50")
    avoir = actions.avoir(facture=suivante, motif="Erreur", par=comptable)
    assert avoir.total == D("-3.50")
    assert UniteFacturee.objects.en_vigueur().filter(jour=date(2026, 11, 30)).count() == 1
    # The day taken back is taken back again by the next one.
    assert actions.emettre(famille=martin, regie=regie, par=comptable, **decembre).total == D("3.50")


def test_la_page_de_l_avoir_annonce_ce_qui_reste_a_rendre(client, mois_facture, comptable):
    bureau = entrer(client, "comptable")
    adresse = f"/admin/facturation/facture/{mois_facture.pk}/avoir/"
    rendre(mois_facture, comptable, 2)
    assert "Un avoir de 7,00 € sera émis" in texte(bureau.get(adresse))
    actions.avoir(facture=mois_facture, motif="Tout", par=comptable)
    assert "ne reste rien à rendre" in texte(bureau.get(adresse, follow=True))


def test_deux_clics_sur_l_avoir_partiel_rendent_les_journees_une_fois(client, mois_facture, comptable):
    bureau = entrer(client, "comptable")
    adresse = f"/admin/facturation/facture/{mois_facture.pk}/avoir-partiel/"
    saisie = {"unites": [mois_facture.unites.first().pk], "motif": "Grève"}
    assert bureau.post(adresse, saisie).status_code == 302
    encore = bureau.post(adresse, saisie)
    assert encore.status_code == 422
    assert "est déjà rendue, ou n’est pas de cette facture" in texte(encore)
    assert mois_facture.avoirs.count() == 1
