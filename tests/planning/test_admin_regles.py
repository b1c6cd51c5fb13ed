"""The rules of the town as the staff write them, with what they give; the reasons of an absence."""

from datetime import date, time

import pytest
from django.core.cache import cache
from django.urls import reverse

from planning.calendrier import Calendrier, Offre
from planning.delais import Fenetre, Regle
from planning.effet import FERME, NE_DIT_RIEN, NE_VISE_PAS, effets, jours_vises, phrase_regle
from planning.enums import Comptage, Consequence, ModeDelai, Operation
from planning.models import EcheanceDatee, MotifAbsence, RegleDelai
from tests.fabriques import planning as fp
from tests.planning.pages import compter_requetes, texte

AJOUT = "/admin/planning/regledelai/add/"
LISTE = "/admin/planning/regledelai/"


@pytest.fixture(autouse=True)
def mardi(figer):
    return figer("2026-11-24T11:45")


def saisie(**champs) -> dict:
    return {
        "operation": Operation.RESERVER,
        "mode": ModeDelai.JOURS,
        "nombre": "2",
        "heure": "9:00",
        "jour_limite": "4",
        "comptage": Comptage.OUVRES,
        "quantieme": "20",
        "retard": "REFUSE",
        "dates-TOTAL_FORMS": "0",
        "dates-INITIAL_FORMS": "0",
        **champs,
    }


# --- In words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "champs, phrase",
    [
        ({"mode": "SEMAINE", "nombre": 1}, "le jeudi de la semaine précédente, jusqu’à 12 h 00"),
        ({"mode": "SEMAINE", "nombre": 0}, "le jeudi de la semaine même, jusqu’à 12 h 00"),
        ({"mode": "SEMAINE", "nombre": 2, "jour_limite": 1}, "le lundi, 2 semaines avant, jusqu’à 12 h 00"),
        ({"mode": "JOURS", "nombre": 0}, "le jour même, jusqu’à 12 h 00"),
        ({"mode": "JOURS", "nombre": 1, "heure": time(23, 59)}, "la veille, jusqu’à 23 h 59"),
        ({"mode": "JOURS", "nombre": 2, "comptage": "OUVRES"}, "2 jours ouvrés avant, jusqu’à 12 h 00"),
        (
            {"mode": "JOURS", "nombre": 1, "comptage": "OUVERTURE"},
            "1 jour d’ouverture avant, jusqu’à 12 h 00",
        ),
        ({"mode": "MOIS", "nombre": 1}, "le 20 du mois précédent, jusqu’à 12 h 00"),
        ({"mode": "MOIS", "nombre": 2, "quantieme": 1}, "le 1er, 2 mois avant, jusqu’à 12 h 00"),
        ({"mode": "VACANCES", "nombre": 15}, "15 jours francs avant le début des vacances, jusqu’à 12 h 00"),
        ({"mode": "DATES"}, "à des dates données une à une (0), jusqu’à 12 h 00"),
        ({"mode": "AUCUN"}, "sans limite"),
    ],
)
def test_une_regle_se_dit_en_mots(champs, phrase):
    assert phrase_regle(Regle(Operation.RESERVER, **champs)).replace("\u00a0", " ") == phrase


def test_les_jours_vises_se_disent_en_mots():
    assert jours_vises("1245") == "lundi, mardi, jeudi et vendredi"
    assert jours_vises("") == "tous les jours"


def test_l_effet_dit_jour_par_jour_ce_que_donne_la_regle(mardi):
    repas, soir = ("Repas", Offre(1, 1, "1245")), ("Soir", Offre(2, 1, "3"))
    calendrier = Calendrier(feries={date(2026, 12, 1): "Fête"})
    dates = (Fenetre(date(2026, 12, 3), date(2026, 12, 3), date(2026, 11, 26)),)
    regle = Regle(Operation.RESERVER, ModeDelai.DATES, jours="1234", dates=dates)
    par_jour = {e.jour.day: e for e in effets(regle, [repas, soir], calendrier, mardi)}
    assert list(par_jour) == [24, 25, 26, 27, 28, 29, 30, 1, 2, 3, 4, 5, 6, 7]
    assert (par_jour[25].prestation, par_jour[25].phrase) == ("Soir", NE_DIT_RIEN)
    assert par_jour[27].phrase == NE_VISE_PAS
    assert (par_jour[28].phrase, par_jour[28].ferme) == (FERME, True)
    assert par_jour[1].phrase == "Jour férié (Fête) : pas de service."
    assert par_jour[3].limite.replace("\u00a0", " ") == "jeudi 26 novembre 2026 à 12 h 00"
    assert par_jour[3].phrase.startswith("Réservable jusqu’au jeudi 26 novembre 2026")


def test_l_effet_d_une_regle_d_une_prestation_est_celui_de_cette_prestation(mardi):
    repas, soir = ("Repas", Offre(1, 1, "12345")), ("Soir", Offre(2, 1, "2"))
    regle = Regle(Operation.RESERVER, ModeDelai.AUCUN, prestation_id=2)
    par_jour = {e.jour.day: e for e in effets(regle, [repas, soir], Calendrier(), mardi)}
    assert par_jour[25].ferme
    assert (par_jour[24].prestation, par_jour[24].limite) == ("Soir", "sans limite")


def test_l_effet_dit_le_jour_ou_une_autre_regle_l_emporte(mardi):
    repas = ("Repas", Offre(1, 1, "12345"))
    premiere = Regle(Operation.RESERVER, ModeDelai.JOURS, jours="12", prestation_id=1, cle=1)
    seconde = Regle(Operation.RESERVER, ModeDelai.JOURS, nombre=3, jours="23", prestation_id=1, cle=2)
    vus = effets(seconde, [repas], Calendrier(), mardi, [premiere, seconde])
    par_jour = {e.jour.day: e.phrase.replace("\u00a0", " ") for e in vus}
    assert par_jour[1] == (
        "Une autre règle l’emporte ce jour-là : Réservable jusqu’au lundi 30 novembre 2026 à 12 h 00."
    )
    assert par_jour[2] == "Réservable jusqu’au dimanche 29 novembre 2026 à 12 h 00."


# --- The page --------------------------------------------------------------------------------------------


def test_une_regle_enregistree_montre_ses_quatorze_prochains_jours(client_admin, repas):
    regle = fp.RegleDelaiFactory()
    page = client_admin.get(reverse("admin:planning_regledelai_change", args=[regle.pk]))
    lu = texte(page).replace("\u00a0", " ")
    assert "Ce que dit cette règle Limite : le jeudi de la semaine précédente, jusqu’à 12 h 00." in lu
    assert "lundi 30 novembre Garderie Matin 7h15 – 7h30 jeudi 26 novembre 2026 à 12 h 00 Réservable" in lu
    assert "lundi 7 décembre" in lu
    assert "mardi 8 décembre" not in lu
    assert page.content.decode().count('name="jours"') == 7


def test_voir_l_effet_n_enregistre_rien_et_garde_la_saisie(client_admin, repas):
    envoi = saisie(prestation=repas.pk, jours=["1", "2"], _effet="1")
    page = client_admin.post(AJOUT, envoi)
    lu = texte(page).replace("\u00a0", " ")
    assert page.status_code == 200
    assert "Rien n’est enregistré" in lu
    assert "Limite : 2 jours ouvrés avant, jusqu’à 9 h 00." in lu
    assert "lundi 30 novembre jeudi 26 novembre 2026 à 9 h 00 Réservable" in lu
    assert "mercredi 25 novembre – La règle ne vise pas ce jour." in lu
    assert 'name="nombre" value="2"' in page.content.decode()
    assert not RegleDelai.objects.exists()


def test_voir_l_effet_d_une_regle_connue_ne_la_change_pas(client_admin, repas):
    regle = fp.RegleDelaiFactory()
    adresse = reverse("admin:planning_regledelai_change", args=[regle.pk])
    lu = texte(client_admin.post(adresse, saisie(_effet="1"))).replace("\u00a0", " ")
    assert "2 jours ouvrés avant" in lu
    regle.refresh_from_db()
    assert regle.mode == ModeDelai.SEMAINE


def test_voir_l_effet_de_dates_pas_encore_enregistrees(client_admin, repas):
    dates = {
        "dates-TOTAL_FORMS": "1",
        "dates-0-du": "03/12/2026",
        "dates-0-au": "04/12/2026",
        "dates-0-limite": "27/11/2026",
        "dates-0-ouverture": "",
    }
    page = client_admin.post(AJOUT, saisie(mode=ModeDelai.DATES, **dates, _effet="1"))
    assert "jeudi 3 décembre" in texte(page)
    assert "vendredi 27 novembre 2026 à 9 h 00" in texte(page).replace("\u00a0", " ")
    assert not EcheanceDatee.objects.exists()


@pytest.mark.parametrize("bouton", [{"_effet": "1"}, {}])
def test_une_saisie_impossible_se_dit_et_ne_donne_pas_d_effet(client_admin, repas, bouton):
    page = client_admin.post(AJOUT, saisie(nombre="", **bouton))
    assert "Ce champ est obligatoire." in texte(page)
    assert "Ce que dit cette règle" not in texte(page)
    assert not RegleDelai.objects.exists()


def test_une_regle_s_enregistre_avec_ses_dates(client_admin, repas):
    dates = {
        "dates-TOTAL_FORMS": "1",
        "dates-0-du": "03/12/2026",
        "dates-0-au": "04/12/2026",
        "dates-0-limite": "27/11/2026",
        "dates-0-ouverture": "",
    }
    envoi = saisie(prestation=repas.pk, jours=["4", "1"], mode=ModeDelai.DATES, **dates)
    reponse = client_admin.post(AJOUT, envoi)
    assert reponse.status_code == 302, texte(reponse)
    regle = RegleDelai.objects.get()
    assert (regle.jours, regle.prestation, regle.heure) == ("14", repas, time(9))
    assert regle.dates.get().limite == date(2026, 11, 27)
    assert "à des dates données une à une (1)" in texte(client_admin.get(LISTE))


def test_l_agent_lit_la_regle_et_son_effet_sans_la_changer(client_agent, repas):
    regle = fp.RegleDelaiFactory(jours="12")
    adresse = reverse("admin:planning_regledelai_change", args=[regle.pk])
    page = client_agent.get(adresse)
    lu = texte(page)
    assert "lundi et mardi" in lu
    assert "Quantième limite" not in lu
    assert "Ce que dit cette règle" in lu
    assert 'name="_effet"' not in page.content.decode()
    assert client_agent.post(adresse, saisie(_effet="1")).status_code == 403


def test_la_liste_et_la_page_d_une_regle_ne_coutent_pas_selon_le_nombre(client_admin, prestations, repas):
    regle = fp.RegleDelaiFactory()
    adresse = reverse("admin:planning_regledelai_change", args=[regle.pk])

    def peser() -> list[int]:
        nombres = []
        for page in (LISTE, adresse):
            cache.clear()
            with compter_requetes(nombres):
                assert client_admin.get(page).status_code == 200
        return nombres

    seule = peser()
    for prestation in prestations.values():
        for operation in Operation.values:
            fp.RegleDelaiFactory(operation=operation, prestation=prestation)
    fp.EcheanceDateeFactory.create_batch(3, regle=regle)
    assert peser() == seule
    assert max(seule) <= 25


# --- Reasons ---------------------------------------------------------------------------------------------


def test_les_neuf_raisons_se_reglent_dans_la_liste_et_gardent_leur_histoire(client_admin):
    raisons = list(MotifAbsence.objects.all())
    assert len(raisons) == 9
    envoi = {"form-TOTAL_FORMS": "9", "form-INITIAL_FORMS": "9", "_save": "Enregistrer"}
    for rang, raison in enumerate(raisons):
        envoi |= {
            f"form-{rang}-id": raison.pk,
            f"form-{rang}-consequence": Consequence.FACTUREE if rang == 8 else raison.consequence,
            f"form-{rang}-ordre": raison.ordre,
            f"form-{rang}-actif": "on",
        }
    adresse = "/admin/planning/motifabsence/"
    assert 'aria-label="Conséquence, AUTRES"' in client_admin.get(adresse).content.decode()
    assert client_admin.post(adresse, envoi).status_code == 302
    raisons[8].refresh_from_db()
    assert raisons[8].consequence == Consequence.FACTUREE
    assert raisons[8].history.first().consequence == Consequence.FACTUREE


def test_l_agent_lit_les_raisons_sans_les_changer(client_agent):
    page = client_agent.get("/admin/planning/motifabsence/")
    assert "RAISON MEDICALE" in texte(page)
    assert 'name="form-0-ordre"' not in page.content.decode()
