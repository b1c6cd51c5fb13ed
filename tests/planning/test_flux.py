"""The family's calendar: its secret address, what it holds, what it never holds."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from familles.models import Trace
from planning import actions
from planning.enums import EtatPointage, EtatReservation, ModeDelai, Operation
from planning.models import AbonnementCalendrier, RegleDelai
from tests.fabriques.familles import ResidenceFactory
from tests.fabriques.planning import CreneauFactory, FermetureFactory, PointageFactory, ReservationFactory

JEUDI = date(2026, 12, 3)


@pytest.fixture(autouse=True)
def maintenant(figer):
    return figer("2026-11-24T10:00")


@pytest.fixture
def jeton(jean):
    return actions.abonner(responsable=jean, par=jean.utilisateur)


def lire(jeton) -> Calendar:
    reponse = Client().get(reverse("planning:flux", args=[jeton]))
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(reponse.content)


def titres(agenda: Calendar) -> list[str]:
    return [str(e["SUMMARY"]) for e in agenda.walk("VEVENT")]


def test_l_adresse_se_cree_se_lit_une_fois_se_renouvelle_et_se_supprime(client_jean, jean):
    page = reverse("planning:calendrier")
    cree = client_jean.post(page, {"creer": "1"})
    adresse = cree.context["adresse"]
    assert adresse.startswith("http://testserver/agenda/")
    assert cree["Cache-Control"] == "no-store"
    assert adresse not in client_jean.get(page).content.decode()
    assert Client().get(adresse).status_code == 200
    seconde = client_jean.post(page, {"creer": "1"}).context["adresse"]
    assert (Client().get(adresse).status_code, Client().get(seconde).status_code) == (404, 200)
    client_jean.post(page, {"supprimer": "1"})
    assert Client().get(seconde).status_code == 404
    assert not AbonnementCalendrier.objects.exists()


def test_la_base_ne_garde_que_l_empreinte_et_l_adresse_ne_nomme_personne(jean, jeton):
    abonnement = AbonnementCalendrier.objects.get()
    assert len(jeton) >= 43
    assert jeton not in str(vars(abonnement))
    adresse = reverse("planning:flux", args=[jeton]).lower()
    assert not [nom for nom in ("dupont", "jean", jean.famille.numero) if nom in adresse]


@pytest.mark.parametrize("essai", ["inconnu", "a" * 43])
def test_une_adresse_inventee_n_ouvre_rien(jeton, essai, client_martin):
    adresse = reverse("planning:flux", args=[essai])
    assert Client().get(adresse).status_code == 404
    assert client_martin.get(adresse).status_code == 404


def test_un_compte_ferme_ne_se_lit_plus(jean, jeton):
    jean.utilisateur.is_active = False
    jean.utilisateur.save()
    assert Client().get(reverse("planning:flux", args=[jeton])).status_code == 404


def test_les_reservations_de_la_famille_et_d_elle_seule(jeton, lea_inscrite, repas, garderie_matin, hugo):
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=JEUDI)
    ReservationFactory(
        enfant=lea_inscrite, prestation=garderie_matin, jour=JEUDI, etat=EtatReservation.DEMANDEE
    )
    ReservationFactory(
        enfant=lea_inscrite, prestation=repas, jour=date(2026, 12, 4), etat=EtatReservation.ANNULEE
    )
    ReservationFactory(enfant=hugo, prestation=repas, jour=JEUDI)
    agenda = lire(jeton)
    assert sorted(titres(agenda)) == [
        "Léa : Garderie Matin 7h30 – 8h30 (en attente de réponse)",
        "Léa : Repas",
    ]
    heures = {str(e["SUMMARY"])[:9]: (e["DTSTART"].dt, e["DTEND"].dt) for e in agenda.walk("VEVENT")}
    assert heures["Léa : Rep"] == (JEUDI, date(2026, 12, 4))
    debut, fin = heures["Léa : Gar"]
    assert (debut.astimezone(UTC), fin.astimezone(UTC)) == (
        datetime(2026, 12, 3, 6, 30, tzinfo=UTC),
        datetime(2026, 12, 3, 7, 30, tzinfo=UTC),
    )


def test_un_jour_manque_se_dit_et_les_heures_n_ont_pas_besoin_de_fuseau(jeton, lea_inscrite, repas):
    jour = date(2026, 11, 20)
    reservation = ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=jour)
    PointageFactory(reservation=reservation, etat=EtatPointage.ABSENT)
    RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.SEMAINE)
    agenda = lire(jeton)
    assert "Léa : Repas (absence facturée)" in titres(agenda)
    assert "TZID" not in agenda.to_ical().decode()


def test_la_derniere_date_limite_dite_porte_toute_sa_semaine(jeton, lea_inscrite):
    RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.SEMAINE)
    derniere = [t for t in titres(lire(jeton)) if t.startswith("Dernier moment")][-1]
    assert "du lundi 18 janvier au vendredi 22 janvier" in derniere


def test_ni_sante_ni_argent_ni_nom_de_famille(jeton, lea_inscrite, repas):
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=JEUDI)
    contenu = lire(jeton).to_ical().decode().lower()
    assert not [mot for mot in ("arachide", "allerg", "dupont", "€", "100100") if mot in contenu]


def test_les_fermetures_et_les_dates_limites_avec_un_rappel(jeton, lea_inscrite, repas):
    RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.SEMAINE)
    FermetureFactory(du=date(2026, 12, 11), motif="Travaux")
    FermetureFactory(du=date(2025, 12, 11), motif="Ancienne")
    agenda = lire(jeton)
    lus = titres(agenda)
    assert "Fermeture : Travaux" in lus
    assert "Fermeture : Ancienne" not in lus
    premiere = next(e for e in agenda.walk("VEVENT") if str(e["SUMMARY"]).startswith("Dernier moment"))
    assert str(premiere["SUMMARY"]) == (
        "Dernier moment pour réserver : Garderie Matin 7h15 – 7h30, Garderie Matin 7h30 – 8h30, "
        "Garderie Soir 16h45 – 17h45, Garderie Soir 17h45 – 18h45 et Repas, du lundi 30 novembre au vendredi "
        "4 décembre ; Garderie Mercredi Forfait, mercredi 2 décembre"
    )
    assert premiere["DTEND"].dt.astimezone(UTC) == datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
    assert [str(a["ACTION"]) for a in premiere.walk("VALARM")] == ["DISPLAY"]


def test_un_creneau_ferme_n_annonce_pas_de_date_limite(jeton, lea_inscrite):
    RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.SEMAINE)
    CreneauFactory(ouverture=datetime(2027, 1, 4, 8, 0, tzinfo=UTC))
    assert titres(lire(jeton)) == []


def test_la_fin_d_un_creneau_est_la_date_limite_des_jours_qu_il_porte(jeton, lea_inscrite, repas):
    RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.SEMAINE)
    CreneauFactory(
        ouverture=datetime(2026, 11, 2, 8, 0, tzinfo=UTC),
        fermeture=datetime(2026, 12, 20, 17, 0, tzinfo=UTC),
    )
    dates = [e["DTEND"].dt.astimezone(UTC) for e in lire(jeton).walk("VEVENT")]
    assert dates[-1] == datetime(2026, 12, 20, 17, 0, tzinfo=UTC)


def test_une_date_limite_nomme_le_service_qu_elle_ferme(jeton, lea_inscrite, repas):
    RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.AUCUN)
    RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.SEMAINE, prestation=repas)
    lus = titres(lire(jeton))
    assert lus[0] == "Dernier moment pour réserver : Repas, du lundi 30 novembre au vendredi 4 décembre"
    assert all("Repas, " in titre for titre in lus)


@pytest.mark.parametrize("habite", [True, False])
def test_un_creneau_ouvert_aux_habitants_n_annonce_ses_dates_qu_a_eux(jeton, jean, lea_inscrite, habite):
    RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.SEMAINE)
    CreneauFactory(
        ouverture_residents=datetime(2026, 11, 2, 8, 0, tzinfo=UTC),
        ouverture=datetime(2027, 1, 4, 8, 0, tzinfo=UTC),
    )
    jean.famille.residences.all().delete()
    if habite:
        ResidenceFactory(famille=jean.famille, dans_la_commune=True)
    assert bool(titres(lire(jeton))) is habite


def test_la_fermeture_d_un_service_ou_d_une_structure_la_nomme(jeton, lea_inscrite, repas):
    FermetureFactory(du=date(2026, 12, 11), motif="Formation", prestation=repas)
    FermetureFactory(du=date(2026, 12, 14), motif="Travaux", structure=repas.structure)
    lus = titres(lire(jeton))
    assert "Fermeture (Repas) : Formation" in lus
    assert f"Fermeture ({repas.structure.nom}) : Travaux" in lus


def test_deux_fermetures_du_meme_jour_sont_deux_evenements(jeton, lea_inscrite):
    for motif in ("Grève", "Travaux"):
        FermetureFactory(du=date(2026, 12, 11), motif=motif)
    evenements = lire(jeton).walk("VEVENT")
    assert len({str(e["UID"]) for e in evenements}) == len(evenements) == 2


def test_creer_renouveler_et_supprimer_l_adresse_laissent_une_trace_chacun(jean):
    for _ in range(2):
        actions.abonner(responsable=jean, par=jean.utilisateur)
    for _ in range(2):
        actions.desabonner(responsable=jean, par=jean.utilisateur)
    traces = Trace.objects.filter(objet="planning.AbonnementCalendrier", famille=jean.famille)
    assert list(traces.order_by("pk").values_list("verbe", "par")) == [
        (verbe, jean.utilisateur.pk) for verbe in ("DEPOSER", "MODIFIER", "RETIRER")
    ]


def test_le_flux_coute_autant_de_requetes_pour_un_jour_que_pour_trente(jeton, lea_inscrite, repas):
    comptes = []
    for jours in (range(1, 2), range(2, 30)):
        for jour in jours:
            ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=date(2027, 1, jour))
        lire(jeton)
        with CaptureQueriesContext(connection) as requetes:
            lire(jeton)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] <= 8
