"""Bank, tax and health data cannot be read in a dump of the database: it is searched, every table of it."""

from pathlib import Path

import pytest
from django.db import connection

from demandes import actions
from familles.models import CoordonneesBancaires
from messagerie.models import Message
from tests.demandes.conftest import AUTRE_IBAN, IBAN, saisie

# Nothing in the fixtures nor in the code resembles them; long enough not to stand in an instant or a digest.
SECRETS = {
    "bancaire": {"titulaire": "Dupont Jean", "iban": IBAN, "bic": "AGRIFRPP"},
    "fiscal": {
        "numero_fiscal": "3141592653589",
        "revenu_fiscal_reference": "98765432",
        "nombre_parts": "4,25",
        "annee_revenus": "2025",
    },
    "caf": {"regime": "CAF", "numero_allocataire": "7654321"},
    "sanitaire": {
        "medecin": "Docteur Knock",
        "telephone_medecin": "05.99.88.77.66",
        "lunettes": "monture rouge",
        "allergies": "noix de cajou",
        "regime": "sans viande",
        "pai": "true",
        "pai_consignes": "stylo auto-injecteur",
        "pai_fin": "2027-07-03",
        "vaccins": "DTP du 3 mars",
    },
}
# The holder's name, the body and the year are plain: they tell nothing that the file does not.
CLAIRS = {"titulaire", "regime:CAF", "annee_revenus", "pai"}
CHERCHES = [
    texte
    for champs in SECRETS.values()
    for nom, texte in champs.items()
    if nom not in CLAIRS and f"{nom}:{texte}" not in CLAIRS
]
AUTRES_FORMES = ["98 765 432", IBAN.replace(" ", ""), AUTRE_IBAN, AUTRE_IBAN.replace(" ", "")]


@pytest.fixture
def deposer_tout(dupont, lea, voit_sante, deposer, agent):
    """Two requests of each sensitive kind: one decided, and one that still waits."""

    def _deposer():
        for nature, champs in SECRETS.items():
            enfant = lea if nature == "sanitaire" else None
            demande = deposer(dupont.titulaire, nature, champs, enfant=enfant)
            actions.accepter(demande=demande, par=agent)
        changee = saisie(dupont.titulaire, "bancaire", titulaire="Dupont Jean", iban=AUTRE_IBAN)
        actions.refuser(
            demande=deposer(dupont.titulaire, "bancaire", changee), motif="RIB illisible", par=agent
        )
        deposer(dupont.titulaire, "bancaire", changee)
        deposer(dupont.titulaire, "fiscal", SECRETS["fiscal"] | {"nombre_parts": "4"})

    return _deposer


def vidage() -> str:
    """Every value of every table, as a dump would write it."""
    lignes = []
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own tables
            lignes += [str(ligne) for ligne in curseur.fetchall()]
    return "\n".join(lignes)


def trouves(texte: str) -> list[str]:
    return [secret for secret in [*CHERCHES, *AUTRES_FORMES] if secret in texte]


def test_un_vidage_de_la_base_ne_dit_rien(deposer_tout):
    deposer_tout()
    texte = vidage()
    assert "RIB illisible" in texte, "le vidage ne lit plus les tables"
    assert CoordonneesBancaires.objects.get().iban == IBAN
    assert Message.objects.count() > 6
    assert trouves(texte) == []


def test_la_recherche_trouverait_un_secret_en_clair(dupont):
    titulaire = dupont.responsables.get(rang=1)
    titulaire.employeur = "noix de cajou"
    titulaire.save()
    assert trouves(vidage()) == ["noix de cajou"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="le fichier de SQLite seulement")
@pytest.mark.django_db(transaction=True)
def test_le_fichier_de_la_base_ne_dit_rien(deposer_tout):
    deposer_tout()
    base = Path(connection.settings_dict["NAME"])
    fichiers = [base, *base.parent.glob(f"{base.name}-*")]
    octets = b"".join(fichier.read_bytes() for fichier in fichiers)
    assert b"RIB illisible" in octets, "le fichier lu n’est pas celui de la base"
    assert [secret for secret in [*CHERCHES, *AUTRES_FORMES] if secret.encode() in octets] == []
