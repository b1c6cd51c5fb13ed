"""Two people at once, on real connections: PostgreSQL decides once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from demandes import actions
from demandes.enums import EtatDemande
from demandes.models import Demande, LigneDemande
from demandes.natures import NATURES
from familles import horloge
from familles.enums import VerbeTrace
from familles.erreurs import DejaTraite, Refus
from familles.models import Trace
from messagerie.models import Message
from planning.enums import EtatReservation
from planning.models import Reservation
from tests.demandes.conftest import JOUR, MAINTENANT, acces_de

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def ensemble(*gestes):
    """Run at the same time, each on its own connection; returns what each gave, refusals included."""
    depart = Barrier(len(gestes))

    def executer(geste):
        depart.wait()
        try:
            return geste()
        except Refus as refus:
            return refus
        finally:
            connections.close_all()

    with horloge.figer(MAINTENANT), ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(executer, gestes))


def test_deux_agents_qui_acceptent_a_la_fois_decident_une_fois(dupont, lea, reserver, agent, autre_agent):
    demande = reserver(dupont.titulaire, lea)
    avant = Message.objects.count()
    resultats = ensemble(
        lambda: actions.accepter(demande=demande, par=agent),
        lambda: actions.accepter(demande=demande, par=autre_agent),
    )
    assert sorted(type(r).__name__ for r in resultats) == ["DejaTraite", "Demande"]
    assert Demande.objects.get().etat == EtatDemande.ACCEPTEE
    assert Reservation.objects.get().etat == EtatReservation.RESERVEE
    assert Trace.objects.filter(verbe=VerbeTrace.ACCEPTER).count() == 1
    assert Message.objects.count() == avant + 1


def test_accepter_et_refuser_a_la_fois_ne_donne_qu_une_reponse(dupont, changer_adresse, agent, autre_agent):
    demande = changer_adresse(dupont.titulaire)
    resultats = ensemble(
        lambda: actions.accepter(demande=demande, par=agent),
        lambda: actions.refuser(demande=demande, motif="Non", par=autre_agent),
    )
    assert len([r for r in resultats if isinstance(r, DejaTraite)]) == 1
    demande.refresh_from_db()
    dupont.titulaire.refresh_from_db()
    change = dupont.responsables.get(rang=1).adresse == "3 place du Marché"
    assert change is (demande.etat == EtatDemande.ACCEPTEE)


def test_retirer_pendant_qu_on_accepte(dupont, lea, reserver, agent):
    demande = reserver(dupont.titulaire, lea)
    resultats = ensemble(
        lambda: actions.accepter(demande=demande, par=agent),
        lambda: actions.retirer(demande=demande, par=dupont.titulaire.utilisateur),
    )
    assert len([r for r in resultats if isinstance(r, DejaTraite)]) == 1
    demande.refresh_from_db()
    attendu = {
        EtatDemande.ACCEPTEE: EtatReservation.RESERVEE,
        EtatDemande.ANNULEE: EtatReservation.ANNULEE,
    }
    assert Reservation.objects.get().etat == attendu[demande.etat]


def test_un_double_clic_ne_depose_qu_une_demande(dupont, lea, repas):
    acces, par = acces_de(dupont.titulaire), dupont.titulaire.utilisateur

    def deposer():
        donnees = {"cases": [f"{repas.pk}:{JOUR:%Y-%m-%d}"]}
        form = NATURES["reservation"].formulaire(acces, donnees, enfant=lea)
        assert form.is_valid()
        return actions.deposer(nature="reservation", acces=acces, formulaire=form, par=par)

    resultats = ensemble(deposer, deposer)
    assert len([r for r in resultats if isinstance(r, Refus)]) == 1
    assert (Demande.objects.count(), LigneDemande.objects.count(), Reservation.objects.count()) == (1, 1, 1)
    assert Message.objects.count() == 1


def test_deux_modifications_a_la_fois_n_en_gardent_qu_une(dupont, changer_adresse):
    resultats = ensemble(
        lambda: changer_adresse(dupont.titulaire, "3 place du Marché"),
        lambda: changer_adresse(dupont.titulaire, "5 impasse des Lilas"),
    )
    assert len([r for r in resultats if isinstance(r, DejaTraite)]) == 1
    assert Demande.objects.en_attente().count() == 1
