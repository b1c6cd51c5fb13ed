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
