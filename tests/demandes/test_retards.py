"""A late booking: its price and the right to error, read before the sending and in the acknowledgement."""

from datetime import date, time
from decimal import Decimal

import pytest

from demandes import actions
from demandes.models import Demande
from facturation.cout_retard import couter_retards
from facturation.models import ReglesFacturation, Tarif
from messagerie.models import Message
from planning.enums import ModeDelai, Operation, Retard
from planning.models import RegleDelai, Reservation
from tests.demandes.conftest import AUTRE_JOUR, JOUR, adresse, case, texte


@pytest.fixture
def majore(repas):
    """Vailhauquès: + 50 % after the deadline."""
    RegleDelai.objects.create(
        operation=Operation.RESERVER,
        mode=ModeDelai.JOURS,
        nombre=20,
        heure=time(12, 0),
        retard=Retard.MAJORE,
    )
    return Tarif.objects.create(
        prestation=repas,
        du=date(2026, 9, 1),
        montant=Decimal("4.10"),
        majoration=Decimal(50),
        majoration_en="POURCENT",
    )


@pytest.fixture
def envoyer(connecter, lea, repas):
    def _envoyer(responsable, jours=(JOUR,), **suite):
        saisie = {"cases": [case(repas, jour) for jour in jours], "mois": "2026-12", **suite}
        return connecter(responsable).post(adresse("reserver", lea.pk), saisie)

    return _envoyer


def sans_insecables(lu: str) -> str:
    return lu.replace("\u00a0", " ").replace("\u202f", " ")


def test_le_prix_d_un_retard_se_lit_avant_l_envoi_et_dans_l_accuse(dupont, envoyer, majore, repas):
    page = envoyer(dupont.titulaire)
    assert page.status_code == 200
    lu = sans_insecables(texte(page))
    assert "Rien n’est encore envoyé" in lu
    assert "Réservation tardive : + 50 % de 4,10 €. Prix estimé : 6,15 €." in lu
    assert not Demande.objects.exists()
    assert f'name="tardives" value="{case(repas, JOUR)}"' in page.content.decode()
    assert envoyer(dupont.titulaire, tardives=[case(repas, JOUR)]).status_code == 302
    corps = sans_insecables(Message.objects.get().corps)
    assert "(réservation tardive : + 50 % de 4,10 €. Prix estimé : 6,15 €) :" in corps
    assert Reservation.objects.get().tardive


@pytest.mark.parametrize("lu", [[], ["zzz"], [""], ["1:2026-01-01"]])
def test_un_jour_en_retard_dont_le_prix_n_a_pas_ete_lu_ne_part_pas(dupont, envoyer, majore, repas, lu):
    page = envoyer(dupont.titulaire, jours=(JOUR, AUTRE_JOUR), tardives=[*lu, case(repas, JOUR)])
    assert page.status_code == 200
    assert not Demande.objects.exists()


def test_un_jour_a_temps_part_sans_rien_confirmer(dupont, envoyer, repas):
    assert envoyer(dupont.titulaire).status_code == 302


def test_la_conjointe_separee_ne_lit_pas_de_montant(dupont, envoyer, majore):
    page = envoyer(dupont.conjoint)
    assert page.status_code == 200
    assert "au prix d’une réservation tardive" in texte(page)
    assert "€" not in texte(page)


def test_le_droit_a_l_erreur_se_dit_et_se_compte(dupont, lea, envoyer, majore, repas, agent):
    ReglesFacturation.objects.create(regie=repas.regie, erreurs_pardonnees=1)
    lu = texte(envoyer(dupont.titulaire, jours=(JOUR, AUTRE_JOUR)))
    assert "Sans supplément, au titre du droit à l’erreur : 1re erreur de l’année, 1 pardonnée." in lu
    assert "Prix estimé" in lu
    envoyer(dupont.titulaire, tardives=[case(repas, JOUR)])
    corps = Message.objects.get().corps
    assert "au titre du droit à l’erreur : 1re erreur de l’année" in corps
    # Once granted, it has used the right up.
    actions.accepter(demande=Demande.objects.get(), par=agent)
    (cout,) = couter_retards(famille_id=dupont.pk, jours={(lea.pk, repas.pk, AUTRE_JOUR): True}).values()
    assert cout.phrase.startswith("Réservation tardive")


def test_sans_prix_fixe_ni_majoration_la_phrase_le_dit(dupont, lea, majore, repas):
    jours = {(lea.pk, repas.pk, JOUR): True}
    Tarif.objects.update(majoration=0)
    assert couter_retards(famille_id=dupont.pk, jours=jours)[lea.pk, repas.pk, JOUR].phrase.startswith(
        "Sans supplément"
    )
    Tarif.objects.all().delete()
    assert (
        "pas encore fixé" in couter_retards(famille_id=dupont.pk, jours=jours)[lea.pk, repas.pk, JOUR].phrase
    )
