"""Meals to order and the sheet of the day: no name for the kitchen, health for who may."""

import csv
import io
from datetime import date

import pikepdf
import pytest

from familles.enums import NatureFamille
from familles.models import Trace
from planning.cuisine import lire_semaine, lundi_de
from planning.enums import EtatReservation
from tests.fabriques import familles as f
from tests.fabriques import planning as fp
from tests.planning.pages import compter_requetes, texte

E = EtatReservation
LUNDI, JEUDI, VENDREDI = date(2026, 11, 30), date(2026, 12, 3), date(2026, 12, 4)
REPAS = "/admin/planning/pointage/repas/"
FEUILLE = "/admin/planning/pointage/appel/feuille/"


@pytest.fixture(autouse=True)
def mardi(figer):
    return figer("2026-11-24T11:45")


@pytest.fixture
def sans_porc(hugo):
    return f.FicheSanitaireFactory(enfant=hugo, regime=" Sans  porc. ", allergies="", pai=False)


def lignes(service) -> dict[str, list[int]]:
    return {ligne.libelle: ligne.nombres for ligne in (service.total, *service.lignes)}


def en_csv(reponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize(
    "etat, compte",
    [
        (E.RESERVEE, 1),
        (E.ABSENCE_DEMANDEE, 1),
        (E.DEMANDEE, 0),
        (E.LISTE_ATTENTE, 0),
        (E.ABSENT_EXCUSE, 0),
        (E.ABSENT_FACTURE, 0),
        (E.ANNULEE, 0),
    ],
)
def test_on_prepare_un_repas_pour_qui_est_attendu(lea, repas, etat, compte):
    rang = {"rang_attente": 1} if etat == E.LISTE_ATTENTE else {}
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI, etat=etat, **rang)
    (service,) = lire_semaine(LUNDI, sante=False)
    assert lignes(service)["Repas"] == [0, 0, 0, compte, 0]
    assert (service.jours[0].jour, service.jours[-1].jour) == (LUNDI, VENDREDI)


def test_les_adultes_qui_mangent_sont_comptes_a_part(lea, repas):
    equipe = f.FoyerFactory(nature=NatureFamille.PERSONNEL)
    adulte = f.EnfantFactory(famille=equipe)
    for qui in (lea, adulte):
        fp.ReservationFactory(enfant=qui, prestation=repas, jour=JEUDI)
    (service,) = lire_semaine(LUNDI, sante=False)
    lues = lignes(service)
    assert (lues["Repas"][3], lues["dont enfants"][3], lues["dont adultes"][3]) == (2, 1, 1)


def test_les_regimes_se_comptent_et_ne_se_lisent_qu_avec_l_autorisation(lea, hugo, sans_porc, repas):
    for enfant in (lea, hugo):
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=JEUDI)
    (service,) = lire_semaine(LUNDI, sante=True)
    assert lignes(service)["Sans porc"][3] == 1
    assert lignes(service)["Allergie à connaître"][3] == 1
    (service,) = lire_semaine(LUNDI, sante=False)
    assert set(lignes(service)) == {"Repas", "dont enfants"}
    assert "porc" not in repr(service)


def test_un_jour_ferme_ne_sert_rien(lea, repas):
    fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI)
    fp.FermetureFactory(du=JEUDI)
    (service,) = lire_semaine(LUNDI, sante=False)
    assert lignes(service)["Repas"] == [0, 0, 0, 0, 0]


def test_la_page_et_ses_fichiers_disent_les_memes_nombres(client_agent, agent, lea, hugo, sans_porc, repas):
    for enfant in (lea, hugo):
        fp.ReservationFactory(enfant=enfant, prestation=repas, jour=VENDREDI)
    page = client_agent.get(REPAS, {"jour": "2026-12-01"})
    assert "Repas du 30/11/2026 au 06/12/2026" in texte(page) and "Sans porc" in texte(page)
    lus = en_csv(client_agent.get(REPAS, {"jour": "2026-12-01", "format": "csv"}))
    assert ["Repas", "04/12/2026", "Repas", "2"] in [ligne[1:] for ligne in lus]
    assert ["Repas", "04/12/2026", "Sans porc", "1"] in [ligne[1:] for ligne in lus]
    assert not any("Léa" in mot or "Hugo" in mot for ligne in lus for mot in ligne)
    pdf = client_agent.get(REPAS, {"jour": "2026-12-01", "format": "pdf"})
    with pikepdf.open(io.BytesIO(pdf.content)) as document:
        assert len(document.pages) == 1
    assert Trace.objects.filter(verbe="CONSULTER", objet="familles.Prestation", par=agent).count() == 3


@pytest.mark.parametrize(
    "suite", [{"jour": "2026-13-01"}, {"jour": "zz"}, {"jour": "0001-01-01"}, {"format": "exe"}]
)
def test_une_semaine_impossible_n_existe_pas(client_agent, suite):
    assert client_agent.get(REPAS, suite).status_code == 404


def test_la_semaine_commence_le_lundi():
    assert {lundi_de(date(2026, 12, n)) for n in range(1, 7)} == {LUNDI}
    assert lundi_de(date(2027, 1, 3)) == date(2026, 12, 28)


# --- The sheet of the day --------------------------------------------------------------------------------


@pytest.fixture
def attendue(lea, repas):
    f.PersonneAutoriseeFactory(enfant=lea, nom="Secours", prenom="Paul", telephone="06.11.22.33.44")
    return fp.ReservationFactory(enfant=lea, prestation=repas, jour=JEUDI)


def demander(client, repas, format_: str):
    return client.get(FEUILLE, {"jour": JEUDI.isoformat(), "prestation": repas.pk, "format": format_})


def test_la_feuille_dit_la_sante_et_qui_vient_chercher_a_qui_peut_le_lire(
    client_agent, agent, attendue, repas
):
    tete, ligne = en_csv(demander(client_agent, repas, "csv"))
    lue = dict(zip(tete, ligne, strict=True))
    assert lue["Prénom"] == "Léa" and "arachide" in lue["Allergies"].lower()
    assert "06.11.22.33.44" in lue["Peuvent venir le chercher"]
    assert Trace.objects.filter(verbe="CONSULTER", objet="familles.Prestation", par=agent).count() == 1
    assert demander(client_agent, repas, "pdf").content.startswith(b"%PDF-")


def test_le_comptable_n_y_lit_ni_sante_ni_telephone(client_comptable, attendue, repas):
    tete, ligne = en_csv(demander(client_comptable, repas, "csv"))
    assert "Allergies" not in tete and "06.11" not in " ".join(ligne)
    assert not Trace.objects.exists()


@pytest.mark.parametrize(
    "suite",
    [
        {},
        {"jour": "2026-12-03"},
        {"jour": "zz", "prestation": "1"},
        {"jour": "2026-12-03", "prestation": "999999"},
    ],
)
def test_une_feuille_impossible_n_existe_pas(client_agent, repas, suite):
    assert client_agent.get(FEUILLE, suite | {"format": "csv"}).status_code == 404


@pytest.mark.parametrize("adresse", [REPAS, FEUILLE])
def test_trente_enfants_ne_coutent_pas_plus_qu_un(client_agent, repas, adresse):
    suite = {"jour": JEUDI.isoformat(), "prestation": repas.pk, "format": "csv"}
    client_agent.get(adresse, suite)
    nombres: list[int] = []
    for enfants in (1, 30):
        for _ in range(enfants):
            fp.ReservationFactory(prestation=repas, jour=JEUDI)
        with compter_requetes(nombres):
            assert client_agent.get(adresse, suite).status_code == 200
    assert nombres[0] == nombres[1] <= 25
