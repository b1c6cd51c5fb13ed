"""What the installed group « Comptables » opens: its own permissions, not those of a test."""

from datetime import date
from decimal import Decimal as D

import pytest

from facturation import actions
from facturation.models import NiveauRelance, Relance
from tests.fabriques.facturation import LigneFactureFactory
from tests.fabriques.familles import UtilisateurFactory
from tests.facturation.test_modeles import creer_facture
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db


def test_les_comptables_lisent_le_detail_de_chaque_piece_et_ne_relancent_qu_une_fois(
    client, regie, dupont, martin
):
    par = UtilisateurFactory(groupe="Comptables")
    client.force_login(par, backend="portail.authentification.IdentifiantOuCourriel")
    facture = creer_facture(dupont, regie, numero=1, total=D(40))
    LigneFactureFactory(facture=facture, libelle="Repas du mercredi")
    reglement = actions.encaisser(
        famille=dupont,
        regie=regie,
        mode="CHEQUE",
        montant=D(40),
        recu_le=date(2026, 12, 2),
        reference="CHQ 77",
        par=par,
    )
    versement = actions.verser(regie=regie, mode="CHEQUE", reglements=[reglement.pk], par=par)
    due = creer_facture(martin, regie, numero=2, total=D(30), echeance=date(2026, 10, 1))
    actions.relancer(regie=regie, niveau=NiveauRelance.objects.get(niveau=1), familles=[martin.pk], par=par)
    pages = {
        f"facture/{facture.pk}": "Repas du mercredi",
        f"reglement/{reglement.pk}": str(facture),
        f"versement/{versement.pk}": "CHQ 77",
        f"relance/{Relance.objects.get().pk}": str(due),
    }
    for page, attendu in pages.items():
        reponse = client.get(f"/admin/facturation/{page}/change/")
        assert "inline-group" in reponse.content.decode(), page
        assert attendu in texte(reponse)
    encore = {"regie": regie.pk, "niveau": NiveauRelance.objects.get(niveau=1).pk, "familles": [martin.pk]}
    reponse = client.post("/admin/facturation/relance/add/", encore, follow=True)
    assert "ont déjà reçu cette relance" in texte(reponse)
    assert Relance.objects.count() == 1
