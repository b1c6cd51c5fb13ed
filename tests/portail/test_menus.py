"""The menus of the canteen: typed in a text, read without guessing, shown to those whom they concern."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from familles.models import FicheSanitaire
from portail import menus
from portail.menus import Plat
from portail.models import Menu
from tests.fabriques import familles as f
from tests.fabriques.planning import VacancesFactory
from tests.fabriques.portail import MenuFactory


@pytest.fixture(autouse=True)
def _mardi(figer):
    figer("2026-11-24T10:00")


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def jean(famille_dupont):
    return famille_dupont.responsables.get(rang=1)


# --- What is typed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ligne, plat",
    [
        ("Gratin dauphinois [lait, bio]", Plat("Gratin dauphinois", ("LAIT",), ("bio",))),
        ("Omelette[OEUFS ,  Lait]", Plat("Omelette", ("OEUFS", "LAIT"))),
        ("Pomme [aucun, local]", Plat("Pomme", (), ("local",))),
        ("Soupe", Plat("Soupe")),
        ("Soupe [bio]", Plat("Soupe", None, ("bio",))),
        ("Soupe []", Plat("Soupe")),
        ("Moules-frites (maison) [mollusques, céleri, fruits à coque]", None),
    ],
)
def test_un_plat_se_lit_et_s_ecrit_sans_rien_deviner(ligne, plat):
    (lu,) = menus.lire(f"\n  {ligne}  \n")
    if plat:
        assert lu == plat
    assert menus.lire(menus.ecrire([lu])) == [lu]
    assert Plat.de_json(lu.en_json()) == lu


@pytest.mark.parametrize(
    "texte, mot",
    [
        ("Gratin [laitt]", "« laitt » n’est ni l’un des quatorze allergènes"),
        ("Gratin [lait", "entre crochets"),
        ("[lait]", "entre crochets"),
        ("Gratin [lait] et salade", "entre crochets"),
        ("Gratin [aucun, lait]", "ne va avec aucun allergène"),
        ("G" * 121, "120 caractères"),
        ("\n".join(["Pain [gluten]"] * 13), "Plus de 12 plats"),
    ],
)
def test_ce_qui_ne_se_comprend_pas_est_refuse_avec_une_phrase(texte, mot):
    with pytest.raises(ValueError, match=mot):
        menus.lire(texte)


def test_les_allergenes_sont_les_quatorze_du_reglement():
    assert len(menus.ALLERGENES) == 14


# --- What families read --------------------------------------------------------------------------------


def test_l_accueil_dit_le_menu_du_jour_et_du_suivant_avec_les_allergenes(client_jean, lea):
    plats = {
        "1": [{"nom": "Hier", "allergenes": [], "marques": []}],
        "2": [{"nom": "Gratin", "allergenes": ["LAIT", "OEUFS"], "marques": ["bio"]}],
        "4": [{"nom": "Poisson", "allergenes": None, "marques": []}],
        "5": [{"nom": "Tarte", "allergenes": [], "marques": []}],
    }
    MenuFactory(jours=plats)
    page = client_jean.get("/").content.decode()
    assert "À la cantine" in page and "Allergènes : lait, œufs" in page and ">bio<" in page
    assert "Jeudi 26 novembre" in page and "Allergènes non renseignés" in page
    assert "Les menus peuvent changer." in page
    assert "Hier" not in page and "Tarte" not in page


def test_sans_menu_l_accueil_n_en_parle_pas(client_jean, lea):
    MenuFactory(publie=False)
    MenuFactory(semaine=date(2026, 11, 16))
    assert "À la cantine" not in client_jean.get("/").content.decode()


def test_un_menu_se_lit_de_ceux_qu_il_concerne(client_jean, client_martin, lea_inscrite, hugo, ecole, repas):
    champs = {"tous": {}, "ecole": {"ecole": ecole}, "autre": {"ecole": f.EcoleFactory(nom="Autre")}}
    champs["repas"] = {"prestation": repas}
    lea_inscrite.scolarites.all().delete()
    for nom, public in champs.items():
        MenuFactory(jours={"2": [{"nom": f"Plat {nom}", "allergenes": [], "marques": []}]}, **public)
    vus = {}
    for qui, client in (("jean", client_jean), ("martin", client_martin)):
        for adresse in ("/", "/documents/menus/"):
            page = client.get(adresse).content.decode()
            vus[qui, adresse] = {nom for nom in champs if f"Plat {nom}" in page}
    assert vus["jean", "/"] == vus["jean", "/documents/menus/"] == {"tous", "repas"}
    assert vus["martin", "/"] == vus["martin", "/documents/menus/"] == {"tous", "ecole"}


def test_les_semaines_se_suivent_et_une_adresse_absurde_donne_la_semaine_du_jour(client_jean, lea):
    MenuFactory()
    MenuFactory(semaine=date(2026, 12, 2))  # any day of it
    page = client_jean.get("/documents/menus/?semaine=2026-11-25").content.decode()
    assert "Gratin dauphinois" in page and "?semaine=2026-11-30" in page
    for absurde in ("zz", "0001-01-01", "9999-12-31", "2026-13-40", "\0"):
        assert (
            "Gratin dauphinois" in client_jean.get("/documents/menus/", {"semaine": absurde}).content.decode()
        )
    vide = client_jean.get("/documents/menus/?semaine=2027-03-01").content.decode()
    assert "Aucun menu n’est publié pour cette semaine." in vide
    assert "semaine=2026-11-30" in client_jean.get("/documents/").content.decode()


def test_rien_n_est_tire_de_la_fiche_sanitaire(client_jean, lea):
    FicheSanitaire.objects.update_or_create(enfant=lea, defaults={"allergies": "arachides ZZ"})
    MenuFactory()
    page = client_jean.get("/documents/menus/").content.decode()
    assert "ZZ" not in page and "ne les compare pas à la fiche sanitaire" in page


# --- What the staff writes -----------------------------------------------------------------------------

SAISIE = {"semaine": "25/11/2026", "mardi": "Gratin [lait]\nPomme [aucun]", "publie": "on"}
AJOUT = "/admin/portail/menu/add/"


def test_une_semaine_se_saisit_en_une_page(client_agent):
    assert client_agent.post(AJOUT, SAISIE).status_code == 302
    menu = Menu.objects.get()
    assert menu.semaine == date(2026, 11, 23)
    assert [plat.nom for plat in menu.plats(date(2026, 11, 24))] == ["Gratin", "Pomme"]
    page = client_agent.get(f"/admin/portail/menu/{menu.pk}/change/").content.decode()
    assert "Gratin [lait]\nPomme [aucun]" in page


def test_une_semaine_se_copie_sur_la_prochaine_qui_est_libre(client_agent):
    menu = MenuFactory()
    MenuFactory(semaine=date(2026, 11, 30))
    page = client_agent.get(AJOUT, {"copier": menu.pk}).content.decode()
    assert "Gratin dauphinois [lait, bio]" in page and 'value="07/12/2026"' in page
    assert " checked" not in page  # to be read again before it is out
    for cle in ("zz", "10" * 20, "\0"):
        assert client_agent.get(AJOUT, {"copier": cle}).status_code == 200


@pytest.mark.parametrize(
    "champs, mot",
    [
        ({"mardi": "Gratin [laitt]"}, "quatorze allergènes"),
        ({"mardi": ""}, "au moins un plat"),
        ({"semaine": ""}, "obligatoire"),
    ],
)
def test_une_saisie_douteuse_revient_avec_sa_phrase(client_agent, champs, mot):
    page = client_agent.post(AJOUT, SAISIE | champs)
    assert mot in page.content.decode() and not Menu.objects.exists()


def test_un_plat_sans_allergenes_est_signale_a_qui_le_publie(client_agent):
    page = client_agent.post(AJOUT, SAISIE | {"jeudi": "Surprise"}, follow=True).content.decode()
    assert "1 plat sans allergènes renseignés" in page


def test_un_plat_ecrit_pour_un_jour_sans_repas_est_signale(client_agent, repas):
    VacancesFactory()
    noel = SAISIE | {"semaine": "21/12/2026", "vendredi": "Bûche [lait]"}
    page = client_agent.post(AJOUT, noel, follow=True).content.decode()
    assert "Mardi 22 décembre 2026 a des plats. Vacances de Noël : pas de service" in page
    assert "Vendredi 25 décembre 2026 a des plats." in page
    page = client_agent.post(AJOUT, SAISIE, follow=True).content.decode()
    assert "a des plats" not in page


def test_une_semaine_de_vacances_dit_qu_il_n_y_a_pas_de_cantine(client_jean, lea, repas):
    VacancesFactory()
    page = client_jean.get("/documents/menus/?semaine=2026-12-21").content.decode()
    assert "Pas de cantine cette semaine." in page and "Vacances de Noël" in page


@pytest.mark.parametrize("public", [{}, {"ecole": True}, {"prestation": True}])
def test_une_semaine_n_a_qu_un_menu_par_public(collectivite, ecole, repas, public):
    champs = {nom: {"ecole": ecole, "prestation": repas}[nom] for nom in public}
    MenuFactory(**champs)
    with pytest.raises(ValidationError, match="Cette semaine a déjà un menu"):
        Menu(semaine=date(2026, 11, 23), **champs).full_clean()
    with pytest.raises(ValidationError):
        Menu(semaine=date(2026, 12, 7), ecole=ecole, prestation=repas).full_clean()


def test_un_menu_supprime_de_la_liste_quitte_aussitot_l_accueil(client_agent, client_jean, lea):
    menu = MenuFactory()
    assert "Gratin dauphinois" in client_jean.get("/").content.decode()
    choix = {"action": "delete_selected", "_selected_action": menu.pk, "post": "yes"}
    client_agent.post("/admin/portail/menu/", choix)
    assert not Menu.objects.exists()
    assert "Gratin dauphinois" not in client_jean.get("/").content.decode()
