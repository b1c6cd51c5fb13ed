"""The fixed cast of the tests: the Duponts (separated), a stranger, the staff, and the town's services.

    def test_un_parent_ne_voit_pas_…(client_martin, lea, figer):
        figer("2026-11-24T10:00")

Adults of a family are `Responsable` rows (`jean.utilisateur` is the login); the staff are logins.
"""

# budget: one file over 300 lines, the whole cast on one page.

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from familles.acces import Acces
from familles.enums import Civilite, ModeGarde, NatureFiscale, Qualite, Rang, Situation
from familles.groupes import ADMINISTRATEURS, AGENTS, COMPTABLES
from familles.models import Enfant, Famille, Prestation, Responsable, Utilisateur
from tests import economies
from tests.fabriques import familles as f
from tests.fabriques import reamorcer

PARIS = ZoneInfo("Europe/Paris")
NUMERO_DUPONT = "1001001818331"


# A slow example proves nothing against a rule: no wall-clock limit in a test.
hypothesis.settings.register_profile("portail", deadline=None)
hypothesis.settings.load_profile("portail")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--base", action="store_true", help="only the tests that read a database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--base"):
        config.hook.pytest_deselected(items=[item for item in items if not economies.lit_une_base(item)])
        items[:] = filter(economies.lit_une_base, items)


def pytest_collection_finish() -> None:
    economies.laisser_le_decor_en_paix()
    economies.garder_les_gestionnaires_d_historique()
    economies.n_effacer_que_le_plein()


@pytest.fixture(autouse=True)
def _memes_noms() -> None:
    """The same names in each test, whatever ran before."""
    reamorcer()


@pytest.fixture
def figer(settings) -> Callable[[str], datetime]:
    """`figer("2026-11-24T10:00")`: that instant in the town, for everyone, until the end of the test."""
    precedent = timezone.get_current_timezone()

    def arreter(instant: str) -> datetime:
        timezone.activate(PARIS)
        settings.HORLOGE_FIGEE = datetime.fromisoformat(instant).replace(tzinfo=PARIS)
        return settings.HORLOGE_FIGEE

    yield arreter
    timezone.activate(precedent)


# --- The town ------------------------------------------------------------------------------------------


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def regie(collectivite):
    return f.RegieFactory()


@pytest.fixture
def ecole(collectivite):
    return f.EcoleFactory()


# The manual's six lines: name, hours, open weekdays, tax nature.
LIGNES = [
    ("Garderie Matin 7h15 – 7h30", (time(7, 15), time(7, 30)), "12345", NatureFiscale.GARDE),
    ("Garderie Matin 7h30 – 8h30", (time(7, 30), time(8, 30)), "12345", NatureFiscale.GARDE),
    ("Garderie Mercredi Forfait", (None, None), "3", NatureFiscale.GARDE),
    ("Garderie Soir 16h45 – 17h45", (time(16, 45), time(17, 45)), "1245", NatureFiscale.GARDE),
    ("Garderie Soir 17h45 – 18h45", (time(17, 45), time(18, 45)), "1245", NatureFiscale.GARDE),
    ("Repas", (None, None), "12345", NatureFiscale.REPAS),
]


@pytest.fixture
def prestations(regie) -> dict[str, Prestation]:
    """The six services of the manual, by name, in the order of the planning."""
    return {
        nom: f.PrestationFactory(
            nom=nom,
            regie=regie,
            ordre=ordre,
            heure_debut=debut,
            heure_fin=fin,
            jours_ouverts=jours,
            nature_fiscale=nature,
        )
        for ordre, (nom, (debut, fin), jours, nature) in enumerate(LIGNES, start=1)
    }


@pytest.fixture
def repas(prestations) -> Prestation:
    return prestations["Repas"]


@pytest.fixture
def garderie_matin(prestations) -> Prestation:
    return prestations["Garderie Matin 7h30 – 8h30"]


@pytest.fixture
def annee(db):
    """2026-2027."""
    return f.AnneeScolaireFactory()


@pytest.fixture
def annee_2014(db):
    """2014-2015, the manual's."""
    return f.AnneeScolaireFactory(debut=date(2014, 9, 1))


# --- The Duponts ---------------------------------------------------------------------------------------


@pytest.fixture
def famille_dupont(collectivite) -> Famille:
    """Jean (titulaire) and Jeanne (conjoint), separated, each at their own address."""
    famille = f.FamilleFactory(numero=NUMERO_DUPONT, situation=Situation.SEPARE)
    f.ResponsableFactory(
        famille=famille,
        utilisateur__username="jean.dupont",
        utilisateur__email="jean.dupont@wanadoo.fr",
        civilite=Civilite.MONSIEUR,
        nom="DUPONT",
        prenom="Jean",
        qualite=Qualite.PERE,
        adresse="12 rue des Bonbons",
        ville="Saint-Jean",
        telephone_domicile="01.02.03.04.05",
        email="jean.dupont@wanadoo.fr",
    )
    f.ResponsableFactory(
        famille=famille,
        rang=Rang.CONJOINT,
        utilisateur__username="jeanne.dupont",
        utilisateur__email="",
        nom="DUPONT",
        prenom="Jeanne",
        adresse="Lotissement les bons bonbons",
        ville="Saint-Jean",
        telephone_domicile="",
        email="",
    )
    return famille


@pytest.fixture
def jean(famille_dupont) -> Responsable:
    return famille_dupont.responsables.get(rang=Rang.TITULAIRE)


@pytest.fixture
def jeanne(famille_dupont) -> Responsable:
    return famille_dupont.responsables.get(rang=Rang.CONJOINT)


def _enfant(famille, ecole, **champs) -> Enfant:
    enfant = f.EnfantFactory(nom="DUPONT", famille=famille, **champs)
    f.ScolariteFactory(enfant=enfant, ecole=ecole, classe="", niveau="", du=date(2014, 9, 1))
    return enfant


@pytest.fixture
def alexandre(famille_dupont, ecole) -> Enfant:
    return _enfant(famille_dupont, ecole, prenom="Alexandre", sexe="M", date_naissance=date(2010, 12, 2))


@pytest.fixture
def cyril(famille_dupont, ecole) -> Enfant:
    return _enfant(famille_dupont, ecole, prenom="Cyril", sexe="M", date_naissance=date(2013, 12, 11))


@pytest.fixture
def lea(famille_dupont, ecole) -> Enfant:
    """At school today; allergic to peanuts."""
    lea = _enfant(famille_dupont, ecole, prenom="Léa", sexe="F", date_naissance=date(2019, 6, 18))
    f.FicheSanitaireFactory(enfant=lea)
    return lea


@pytest.fixture
def lea_inscrite(lea, prestations, annee) -> Enfant:
    """Léa may book the six services in 2026-2027; nothing is booked."""
    for prestation in prestations.values():
        f.InscriptionFactory(enfant=lea, prestation=prestation, annee=annee)
    return lea


# --- A stranger, and a child of two families -----------------------------------------------------------


@pytest.fixture
def famille_martin(collectivite) -> Famille:
    """A couple that lives together and has nothing in common with the Duponts."""
    famille = f.FamilleFactory(numero="1001001818349", situation=Situation.MARIE)
    f.ResponsableFactory(
        famille=famille,
        utilisateur__username="martin",
        nom="MARTIN",
        prenom="Claire",
        adresse="4 place du Marché",
    )
    f.ResponsableFactory(
        famille=famille,
        rang=Rang.CONJOINT,
        utilisateur__username="paul.martin",
        civilite=Civilite.MONSIEUR,
        nom="MARTIN",
        prenom="Paul",
        qualite=Qualite.PERE,
        adresse="4 place du Marché",
    )
    return famille


@pytest.fixture
def martin(famille_martin) -> Responsable:
    return famille_martin.responsables.get(rang=Rang.TITULAIRE)


@pytest.fixture
def hugo(famille_martin, ecole) -> Enfant:
    return f.EnfantFactory(
        nom="MARTIN",
        prenom="Hugo",
        sexe="M",
        date_naissance=date(2018, 3, 9),
        famille=famille_martin,
        ecole=ecole,
    )


@pytest.fixture
def enfant_alterne(famille_martin, collectivite) -> Enfant:
    """Even weeks at the Martins’, odd weeks in another family."""
    enfant = f.EnfantFactory(prenom="Nour", date_naissance=date(2018, 1, 15))
    familles = {ModeGarde.SEMAINES_PAIRES: famille_martin, ModeGarde.SEMAINES_IMPAIRES: f.FoyerFactory()}
    for mode, famille in familles.items():
        f.RattachementFactory(enfant=enfant, famille=famille, du=enfant.date_naissance, mode_garde=mode)
    return enfant


@pytest.fixture
def marc(lea) -> Responsable:
    """The former partner: Léa is also his, in a household of his own, in the even weeks."""
    famille = f.FamilleFactory(numero="1001001818356", situation=Situation.CELIBATAIRE)
    marc = f.ResponsableFactory(
        famille=famille,
        utilisateur__username="marc.bernard",
        civilite=Civilite.MONSIEUR,
        nom="BERNARD",
        prenom="Marc",
        qualite=Qualite.PERE,
        adresse="8 chemin du Lac",
    )
    f.RattachementFactory(
        enfant=lea, famille=famille, du=date(2026, 9, 1), mode_garde=ModeGarde.SEMAINES_PAIRES
    )
    f.LienParentalFactory(responsable=marc, enfant=lea)
    return marc


# --- The staff -----------------------------------------------------------------------------------------


def _personnel(identifiant: str, prenom: str, groupe: str) -> Utilisateur:
    return f.UtilisateurFactory(username=identifiant, first_name=prenom, last_name="Ricard", groupe=groupe)


@pytest.fixture
def agent(collectivite) -> Utilisateur:
    return _personnel("agent", "Alice", AGENTS)


@pytest.fixture
def sans_sante(collectivite) -> Utilisateur:
    """An agent whose group has all the rights of the agents but that of reading the health data."""
    groupe = Group.objects.create(name="Agents sans la santé")
    groupe.permissions.set(
        Permission.objects.filter(group__name=AGENTS).exclude(
            content_type__app_label="familles", codename="voir_sante"
        )
    )
    return _personnel("sans.sante", "Sacha", groupe.name)


@pytest.fixture
def comptable(collectivite) -> Utilisateur:
    return _personnel("comptable", "Claude", COMPTABLES)


@pytest.fixture
def admin(collectivite) -> Utilisateur:
    """An administrator by the group: not a superuser, so that permissions are really asked for."""
    return _personnel("admin", "Andrée", ADMINISTRATEURS)


# --- Browsers and rights -------------------------------------------------------------------------------


def _entrer(personne: Responsable | Utilisateur) -> Client:
    client = Client()
    client.force_login(personne.utilisateur if isinstance(personne, Responsable) else personne)
    return client


@pytest.fixture
def client_jean(jean) -> Client:
    return _entrer(jean)


@pytest.fixture
def client_jeanne(jeanne) -> Client:
    return _entrer(jeanne)


@pytest.fixture
def client_martin(martin) -> Client:
    return _entrer(martin)


@pytest.fixture
def client_marc(marc) -> Client:
    return _entrer(marc)


@pytest.fixture
def client_sans_sante(sans_sante) -> Client:
    return _entrer(sans_sante)


@pytest.fixture
def client_agent(agent) -> Client:
    return _entrer(agent)


@pytest.fixture
def client_comptable(comptable) -> Client:
    return _entrer(comptable)


@pytest.fixture
def client_admin(admin) -> Client:
    return _entrer(admin)


@pytest.fixture
def acces_jean(jean) -> Acces:
    return Acces.pour_utilisateur(jean.utilisateur)


@pytest.fixture
def acces_jeanne(jeanne) -> Acces:
    return Acces.pour_utilisateur(jeanne.utilisateur)


@pytest.fixture
def acces_martin(martin) -> Acces:
    return Acces.pour_utilisateur(martin.utilisateur)
