"""The Duponts (separated, one child, Repas at school), the Martins (a couple), two agents."""

import io
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from demandes import actions
from demandes.natures import NATURES
from familles import horloge
from familles.acces import Acces
from familles.enums import Rang, Situation
from familles.models import (
    AnneeScolaire,
    Collectivite,
    Enfant,
    Famille,
    Inscription,
    LienParental,
    Prestation,
    Rattachement,
    Regie,
    Responsable,
    Structure,
    Utilisateur,
)
from familles.pieces import examiner
from planning.models import MotifAbsence

# Tuesday: the deadline (Thursday noon for the next week) of 30 November is two days ahead.
MAINTENANT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
JOUR, AUTRE_JOUR, JOUR_PASSE = date(2026, 12, 3), date(2026, 12, 4), date(2026, 11, 23)


@pytest.fixture(autouse=True)
def heure():
    with horloge.figer(MAINTENANT):
        yield


@pytest.fixture
def collectivite(db):
    Collectivite(
        nom="Les P’tiots Lanniaux",
        service="Service enfance",
        telephone="05.61.00.00.00",
        fuseau="Europe/Paris",
    ).save()
    return Collectivite.objects.courante()


def foyer(numero, nom, situation, prenoms):
    famille = Famille.objects.create(numero=numero, situation=situation)
    for rang, prenom in zip((Rang.TITULAIRE, Rang.CONJOINT), prenoms, strict=True):
        compte = Utilisateur.objects.create_user(f"{prenom}.{nom}".lower(), first_name=prenom, last_name=nom)
        Responsable.objects.create(
            famille=famille,
            rang=rang,
            utilisateur=compte,
            nom=nom,
            prenom=prenom,
            adresse="12 rue des Bonbons",
            code_postal="31400",
            ville="Saint-Jean",
            telephone_domicile="01.02.03.04.05",
            email=f"{prenom}.{nom}@exemple.fr".lower(),
            autorisation_courriel=True,
        )
    return famille


@pytest.fixture
def dupont(collectivite):
    return foyer("1001001818331", "Dupont", Situation.SEPARE, ["Jean", "Jeanne"])


@pytest.fixture
def martin(collectivite):
    return foyer("1001001818332", "Martin", Situation.MARIE, ["Paul", "Marie"])


@pytest.fixture
def repas(collectivite):
    structure = Structure.objects.create(nom="Groupe scolaire Térence Ridout")
    regie = Regie.objects.create(nom="Régie garderie ALSH", prefixe="AL", ordre_cheques="P’tiots Lanniaux")
    return Prestation.objects.create(nom="Repas", structure=structure, regie=regie, jours_ouverts="1245")


def enfant_inscrit(famille, prestation, prenom):
    annee, _ = AnneeScolaire.objects.get_or_create(debut=date(2026, 9, 1))
    enfant = Enfant.objects.create(nom=famille.nom, prenom=prenom, date_naissance=date(2019, 3, 1))
    Rattachement.objects.create(enfant=enfant, famille=famille, du=date(2019, 3, 1))
    Inscription.objects.create(
        enfant=enfant, prestation=prestation, annee=annee, famille=famille, du=annee.debut, au=annee.fin
    )
    return enfant


@pytest.fixture
def lea(dupont, repas):
    return enfant_inscrit(dupont, repas, "Léa")


@pytest.fixture
def hugo(martin, repas):
    return enfant_inscrit(martin, repas, "Hugo")


def agent_nomme(identifiant):
    compte = Utilisateur.objects.create_user(identifiant, first_name=identifiant.title(), is_staff=True)
    compte.groups.add(Group.objects.get(name="Agents"))
    return compte


@pytest.fixture
def agent(collectivite):
    return agent_nomme("alice")


@pytest.fixture
def autre_agent(collectivite):
    return agent_nomme("bruno")


@pytest.fixture
def raison(db):
    return MotifAbsence.objects.order_by("ordre").first() or MotifAbsence.objects.create(
        libelle="RAISON MEDICALE", ordre=1
    )


@pytest.fixture
def connecter(client):
    def _connecter(personne):
        client.force_login(getattr(personne, "utilisateur", personne))
        return client

    return _connecter


def lues(capture) -> list[str]:
    """The queries of a page, the savepoints of nested actions left out."""
    return [q["sql"][:110] for q in capture.captured_queries if "SAVEPOINT" not in q["sql"]]


def acces_de(responsable) -> Acces:
    return Acces.pour_utilisateur(responsable.utilisateur)


def saisie(responsable, nature, enfant=None, **changes) -> dict:
    """What the browser posts for a section: today's values of its whole form, some changed."""
    valeurs = NATURES[nature].formulaire(acces_de(responsable), enfant=enfant).initial | changes
    return {nom: "" if valeur is None else valeur for nom, valeur in valeurs.items() if valeur is not False}


def fiche(responsable, **changes) -> dict:
    """The same, for the file of an adult."""
    return saisie(responsable, "responsable" if responsable.rang == Rang.TITULAIRE else "conjoint", **changes)


@pytest.fixture
def deposer():
    """Deposit as a family does: through the form of the nature."""

    def _deposer(responsable, nature, donnees=None, **options):
        acces = acces_de(responsable)
        if nature in SAISIES:
            donnees = saisie(responsable, nature, options.get("enfant"), **donnees)
        form = NATURES[nature].formulaire(acces, donnees, **options)
        assert form.is_valid(), form.errors
        return actions.deposer(nature=nature, acces=acces, formulaire=form, par=responsable.utilisateur)

    return _deposer


@pytest.fixture
def changer_adresse(deposer):
    def _changer(responsable, adresse="3 place du Marché", **autres):
        nature = "responsable" if responsable.rang == Rang.TITULAIRE else "conjoint"
        return deposer(responsable, nature, fiche(responsable, adresse=adresse, **autres))

    return _changer


def personnes(*lignes, connues=0) -> dict:
    """What the browser posts for the persons of a child."""
    donnees = {"p-TOTAL_FORMS": len(lignes), "p-INITIAL_FORMS": connues}
    vide = dict.fromkeys(("nom", "prenom", "lien", "telephone"), "")
    for rang, ligne in enumerate(lignes):
        donnees |= {f"p-{rang}-{nom}": valeur for nom, valeur in (vide | ligne).items()}
    return donnees


@pytest.fixture
def voit_sante(dupont, lea):
    """Both parents of Léa see her health data."""
    for adulte in dupont.responsables.all():
        LienParental.objects.create(responsable=adulte, enfant=lea, qualite="PERE")


@pytest.fixture
def garderie(repas):
    """A service that Léa does not have yet."""
    return Prestation.objects.create(
        nom="Garderie soir", structure=repas.structure, regie=repas.regie, jours_ouverts="1245"
    )


def saisie_inscription(prestation, annee=None, paire="14", impaire="14", **autres) -> dict:
    annee = annee or AnneeScolaire.objects.get(debut=date(2026, 9, 1))
    cle = f"p{prestation.pk}"
    return {
        "annee": annee.pk,
        cle: "on",
        f"{cle}-paire": list(paire),
        f"{cle}-impaire": list(impaire),
        **autres,
    }


MAMIE = {
    "nom": "Durand",
    "prenom": "Odette",
    "lien": "grand-mère",
    "telephone": "06 11 22 33 44",
    "peut_recuperer": "on",
}
IBAN, AUTRE_IBAN = "FR76 3000 6000 0112 3456 7890 189", "FR14 2004 1010 0505 0001 3M02 606"
# One section each: what is posted, whatever today's values are.
SAISIES = {
    "fiscal": {"revenu_fiscal_reference": "32450"},
    "caf": {"regime": "CAF", "numero_allocataire": "7654321"},
    "bancaire": {"titulaire": "Dupont Jean", "iban": IBAN},
    "famille": {"situation": "DIVORCE"},
    "identite": {"prenom": "Léana"},
    "sanitaire": {"allergies": "arachides"},
}


def image(nom="avis.png", format_="PNG", **options):
    sortie = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(sortie, format_, **options)
    return SimpleUploadedFile(nom, sortie.getvalue(), f"image/{format_.lower()}")


def envoyer_photo(responsable, enfant, *fichiers):
    """Deposit a child's photo as a family does: the document is kept first, then sent."""
    acces = acces_de(responsable)
    choisis = [(f.name, examiner(f.read())) for f in fichiers or (image("lea.jpg", "JPEG"),)]
    compte = responsable.utilisateur
    pieces = actions.joindre(acces=acces, nature="photo", fichiers=choisis, par=compte)
    form = NATURES["photo"].formulaire(acces, {"csrfmiddlewaretoken": "x"}, enfant=enfant)
    assert form.is_valid(), form.errors
    return actions.deposer(nature="photo", acces=acces, formulaire=form, pieces=pieces, par=compte)


@pytest.fixture
def reserver(deposer, repas):
    def _reserver(responsable, enfant, *jours):
        cases = [case(repas, jour) for jour in jours or (JOUR,)]
        return deposer(responsable, "reservation", {"cases": cases, "mois": "2026-12"}, enfant=enfant)

    return _reserver


@pytest.fixture
def declarer_absence(deposer, reserver, repas, agent, raison):
    def _declarer(responsable, enfant, *jours):
        jours = jours or (JOUR,)
        actions.accepter(demande=reserver(responsable, enfant, *jours), par=agent)
        donnees = {"cases": [case(repas, jour) for jour in jours], "motif": raison.pk}
        return deposer(responsable, "absence", donnees, enfant=enfant)

    return _declarer


def adresse(nom, *args):
    return reverse(f"demandes:{nom}", args=args)


def texte(reponse) -> str:
    """The words of the page, without its tags, frame apart."""
    page = re.search(r"<main.*</main>", reponse.content.decode(), re.DOTALL).group()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def case(prestation, jour) -> str:
    """A cell as the grid posts it."""
    return f"{prestation.pk}:{jour:%Y-%m-%d}"
