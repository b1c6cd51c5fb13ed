"""The town's calendar as the staff keep it, and the bookings as they look them up."""

from datetime import date

import pytest
from django.urls import reverse

from planning.enums import SourceCalendrier
from planning.models import Vacances
from tests.fabriques import familles as f
from tests.fabriques import planning as fp
from tests.planning.pages import compter_requetes, texte

JOUR = date(2026, 11, 24)
RESERVATIONS = "/admin/planning/reservation/"


@pytest.fixture(autouse=True)
def mardi(figer):
    figer("2026-11-24T11:45")


# --- Calendar --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "modele, fabrique", [("vacances", fp.VacancesFactory), ("jourferie", fp.JourFerieFactory)]
)
def test_une_date_provisoire_se_voit_et_se_filtre(client_agent, modele, fabrique):
    fabrique(source=SourceCalendrier.EXTRAPOLEE)
    liste = f"/admin/planning/{modele}/"
    assert (
        '<span class="etat attente">Provisoire, à vérifier</span>' in client_agent.get(liste).content.decode()
    )
    assert "Noël" in texte(client_agent.get(liste, {"q": "noël", "source__exact": "EXTRAPOLEE"}))
    assert "Noël" not in texte(client_agent.get(liste, {"source__exact": "OFFICIELLE"}))


def test_les_vacances_se_saisissent_et_leurs_dates_se_verifient(client_admin):
    envoi = {"nom": "Toussaint", "nature": "P", "du": "18/10/2027", "au": "01/11/2027", "source": "VILLE"}
    faux = client_admin.post("/admin/planning/vacances/add/", envoi | {"au": "01/10/2027"})
    assert "La fin ne peut précéder le début." in texte(faux)
    assert client_admin.post("/admin/planning/vacances/add/", envoi).status_code == 302
    assert str(Vacances.objects.get()) == "Toussaint (18/10/2027 – 01/11/2027)"


def test_un_agent_ne_change_pas_les_vacances(client_agent, client_comptable):
    assert client_agent.get("/admin/planning/vacances/add/").status_code == 403
    assert client_comptable.get("/admin/planning/vacances/").status_code == 403


# --- Bookings --------------------------------------------------------------------------------------------


@pytest.fixture
def deux_reservations(lea, hugo, repas):
    return [
        fp.ReservationFactory(enfant=lea, prestation=repas, jour=JOUR),
        fp.ReservationFactory(enfant=hugo, prestation=repas, jour=date(2026, 12, 3)),
    ]


@pytest.mark.parametrize(
    "filtre, attendus",
    [
        ({}, {"Léa"}),
        ({"jours": "30"}, {"Léa", "Hugo"}),
        ({"jours": "-30"}, {"Léa"}),
        ({"jours": "tous"}, {"Léa", "Hugo"}),
        ({"jours": "zzz"}, {"Léa"}),
        ({"q": "hugo"}, {"Hugo"}),
        ({"q": "1001001818349"}, {"Hugo"}),
        ({"jour__year": "2026", "jour__month": "12"}, {"Hugo"}),
        ({"jours": "tous", "etat__exact": "REFUSEE"}, set()),
    ],
)
def test_les_reservations_se_cherchent(client_agent, deux_reservations, filtre, attendus):
    lu = texte(client_agent.get(RESERVATIONS, filtre))
    assert {prenom for prenom in ("Léa", "Hugo") if f" {prenom} " in lu} == attendus


def test_une_reservation_se_lit_avec_ses_mouvements_et_ne_se_change_pas(
    client_agent, client_comptable, agent, deux_reservations
):
    reservation = deux_reservations[0]
    fp.MouvementFactory(reservation=reservation, par=agent, motif="RAISON MEDICALE")
    adresse = reverse("admin:planning_reservation_change", args=[reservation.pk])
    lu = texte(client_agent.get(adresse))
    assert "Alice Ricard" in lu
    assert "RAISON MEDICALE" in lu
    assert client_agent.post(adresse, {"etat": "ANNULEE"}).status_code == 403
    # The accountant sees the state, never the reason.
    comptable = texte(client_comptable.get(adresse))
    assert "Alice Ricard" in comptable
    assert "RAISON MEDICALE" not in comptable


def test_un_jour_ferie_ajoute_sur_un_jour_reserve_le_dit_et_mene_a_la_fermeture(
    client_admin, repas, hugo, figer
):
    figer("2026-11-24T10:00")
    fp.ReservationFactory(enfant=hugo, prestation=repas, jour=date(2026, 12, 3))
    saisie = {"nom": "Fête locale", "jour": "2026-12-03", "source": "VILLE"}
    page = client_admin.post("/admin/planning/jourferie/add/", saisie, follow=True)
    lu = page.content.decode()
    assert "1 réservation reste" in lu.replace("\u00a0", " ")
    assert reverse("admin:planning_fermeture_add") in lu
    autre = client_admin.post("/admin/planning/jourferie/add/", saisie | {"jour": "2026-12-10"}, follow=True)
    assert "réservation reste" not in autre.content.decode()


def test_les_listes_coutent_autant_pour_une_ligne_que_pour_trente(client_agent, repas, hugo, famille_martin):
    reservation = fp.ReservationFactory(enfant=hugo, prestation=repas, jour=JOUR)
    fp.MouvementFactory(reservation=reservation)
    fp.FermetureFactory(prestation=repas)
    fp.JourFerieFactory()
    fp.VacancesFactory()
    pages = [
        RESERVATIONS,
        reverse("admin:planning_reservation_change", args=[reservation.pk]),
        "/admin/planning/fermeture/",
        "/admin/planning/jourferie/",
        "/admin/planning/vacances/",
    ]

    def peser() -> list[int]:
        nombres = []
        for page in pages:
            client_agent.get(page)
            with compter_requetes(nombres):
                assert client_agent.get(page).status_code == 200
        return nombres

    seule = peser()
    for rang in range(28):
        enfant = f.EnfantFactory(prenom=f"Enfant{rang}", famille=famille_martin)
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=JOUR)
        fp.MouvementFactory(reservation=reservation, par=f.UtilisateurFactory())
        fp.FermetureFactory(structure=f.StructureFactory(nom=f"École {rang}"))
        fp.JourFerieFactory(jour=date(2026, 12, rang + 1))
        fp.VacancesFactory(du=date(2026, 2, rang + 1))
    assert peser() == seule
    assert max(seule) <= 25
