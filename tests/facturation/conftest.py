"""A town with two families and what they used: the planning is given day by day, prices are real."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from facturation import actions, apercu, faits
from facturation.models import Facture, Tarif
from familles.acces import Acces
from familles.enums import NatureFiscale
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
from planning.consommation import Consommation, NatureConsommation
from planning.models import Cloture, Pointage, Reservation

NOVEMBRE = (date(2026, 11, 1), date(2026, 11, 30))
INSTANT = datetime(2026, 12, 3, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def horloge(settings):
    """Thursday 3 December 2026, 10:00 in the town."""
    settings.HORLOGE_FIGEE = INSTANT
    with timezone.override("Europe/Paris"):
        yield INSTANT


@pytest.fixture
def collectivite(db) -> Collectivite:
    collectivite = Collectivite(
        nom="Les P’tiots Lanniaux",
        adresse="3 rue de l’École",
        code_postal="31400",
        ville="Saint-Jean",
        siret="73282932000074",
        telephone="05 61 00 00 00",
        email="contact@lanniaux.example",
    )
    collectivite.save()
    return collectivite


@pytest.fixture
def regie(collectivite) -> Regie:
    return Regie.objects.create(
        nom="Régie garderie ALSH",
        prefixe="AL",
        ordre_cheques="P’tiots Lanniaux",
        instructions="Par chèque à l’ordre des P’tiots Lanniaux. Aucun rendu de monnaie.",
        modes=["CHEQUE", "ESPECES"],
        delai_paiement_jours=30,
    )


@pytest.fixture
def structure(db) -> Structure:
    return Structure.objects.create(nom="Groupe scolaire Térence Ridout")


@pytest.fixture
def repas(structure, regie) -> Prestation:
    repas = Prestation.objects.create(
        nom="Repas", structure=structure, regie=regie, ordre=6, nature_fiscale=NatureFiscale.REPAS
    )
    Tarif.objects.create(prestation=repas, du=date(2014, 9, 1), montant=Decimal("3.50"))
    return repas


@pytest.fixture
def garderie(structure, regie) -> Prestation:
    garderie = Prestation.objects.create(
        nom="Garderie Matin 7h30 – 8h30", structure=structure, regie=regie, ordre=2
    )
    Tarif.objects.create(prestation=garderie, du=date(2014, 9, 1), montant=Decimal("1.20"))
    return garderie


def creer_famille(numero: str, situation: str, adultes: list[tuple], enfants: list[tuple]) -> Famille:
    """Adults: (civilité, prénom, nom, adresse, login); children: (prénom, nom, birth)."""
    famille = Famille.objects.create(numero=numero, situation=situation)
    responsables = [
        Responsable.objects.create(
            famille=famille,
            rang=rang,
            civilite=civilite,
            prenom=prenom,
            nom=nom,
            adresse=adresse,
            code_postal="31400",
            ville="Saint-Jean",
            utilisateur=Utilisateur.objects.create_user(identifiant),
        )
        for rang, (civilite, prenom, nom, adresse, identifiant) in enumerate(adultes, start=1)
    ]
    for prenom, nom, naissance in enfants:
        enfant = Enfant.objects.create(prenom=prenom, nom=nom, date_naissance=naissance)
        Rattachement.objects.create(enfant=enfant, famille=famille, du=naissance)
        for responsable in responsables:
            LienParental.objects.create(responsable=responsable, enfant=enfant, qualite="PERE")
    return famille


@pytest.fixture
def dupont(db) -> Famille:
    """Jean and Jeanne live apart."""
    return creer_famille(
        "1001001818331",
        "SEPARE",
        [
            ("M", "Jean", "Dupont", "12 RUE DES BONBONS", "jean.dupont"),
            ("MME", "Jeanne", "Dupont", "Lotissement les bons bonbons", "jeanne.dupont"),
        ],
        [("Alexandre", "Dupont", date(2010, 12, 2)), ("Cyril", "Dupont", date(2013, 12, 11))],
    )


@pytest.fixture
def martin(db) -> Famille:
    """Strangers to the Duponts; a couple."""
    return creer_famille(
        "1001001818349",
        "MARIE",
        [
            ("MME", "Zoé", "Martin", "4 place du Marché", "martin"),
            ("M", "Paul", "Martin", "4 place du Marché", "paul.martin"),
        ],
        [("Rose", "Martin", date(2019, 5, 4))],
    )


def acces_de(famille: Famille, rang: int = 1) -> Acces:
    adulte = famille.responsables.get(rang=rang)
    return Acces(utilisateur=adulte.utilisateur, famille=famille, responsable=adulte, nombre_familles=1)


PORTE = "portail.authentification.IdentifiantOuCourriel"


def entrer(client, identifiant):
    """The test client, logged in as that person."""
    client.force_login(Utilisateur.objects.get(username=identifiant), backend=PORTE)
    return client


def enfants_de(famille: Famille) -> list[Enfant]:
    return list(Enfant.objects.de_la_famille(famille).order_by("date_naissance"))


@pytest.fixture
def comptable(db) -> Utilisateur:
    compte = Utilisateur.objects.create_user("comptable", first_name="Claude", is_staff=True)
    groupe, _ = Group.objects.get_or_create(name="Comptables")
    groupe.permissions.add(*Permission.objects.filter(content_type__app_label="facturation"))
    groupe.permissions.add(*Permission.objects.filter(codename__in=["add_cloture", "view_famille"]))
    compte.groups.add(groupe)
    return compte


@pytest.fixture
def annee_2014(db) -> AnneeScolaire:
    return AnneeScolaire.objects.create(debut=date(2014, 9, 1))


@pytest.fixture
def annee_2026(db) -> AnneeScolaire:
    return AnneeScolaire.objects.create(debut=date(2026, 9, 1))


@dataclass
class Journal:
    """What the children used; stands for planning.consommation."""

    lignes: list[Consommation] = field(default_factory=list)

    def noter(self, famille, enfant, prestation, *jours, nature=NatureConsommation.PRESENT, tardive=False):
        self.lignes += [
            Consommation(
                famille_id=famille.pk,
                enfant_id=enfant.pk,
                prestation_id=prestation.pk,
                jour=date(2026, 11, jour) if isinstance(jour, int) else jour,
                inscription_id=None,
                nature=nature,
                tardive=tardive,
                occasionnelle=False,
            )
            for jour in jours
        ]

    def lire(self, *, prestations, du, au, familles=None, excusees=False) -> list[Consommation]:
        cles = {p.pk for p in prestations}
        return [
            c
            for c in self.lignes
            if c.prestation_id in cles
            and du <= c.jour <= au
            and (familles is None or c.famille_id in familles)
            and (excusees or c.nature != NatureConsommation.ABSENT_EXCUSE)
        ]

    def ecarts(self, **filtre) -> list[Consommation]:
        natures = {NatureConsommation.HORS_CONTRAT, NatureConsommation.ABSENT_NON_SIGNALE}
        return [c for c in self.lire(**filtre) if c.tardive or c.nature in natures]


@pytest.fixture
def journal(monkeypatch) -> Journal:
    journal = Journal()
    monkeypatch.setattr(apercu, "consommations", journal.lire)
    monkeypatch.setattr(faits, "ecarts", journal.ecarts)
    return journal


@pytest.fixture
def clore():
    """`clore(repas, garderie)`: their days of November 2026 are closed."""

    def fermer(*prestations, du=NOVEMBRE[0], au=NOVEMBRE[1]):
        for prestation in prestations:
            Cloture.objects.create(prestation=prestation, du=du, au=au)

    return fermer


@pytest.fixture
def novembre(journal, dupont, martin, repas, garderie, clore) -> Journal:
    """Dupont: 4 meals of Alexandre and 2 mornings of Cyril (16,40); Martin: 3 meals (10,50). All closed."""
    alexandre, cyril = enfants_de(dupont)
    journal.noter(dupont, alexandre, repas, 2, 3, 5, 6)
    journal.noter(dupont, cyril, garderie, 2, 3)
    journal.noter(martin, enfants_de(martin)[0], repas, 2, 3, 5)
    clore(repas, garderie)
    return journal


@pytest.fixture
def emettre(novembre, regie, comptable):
    def executer(famille, **options) -> Facture | None:
        return actions.emettre(
            famille=famille, regie=regie, du=NOVEMBRE[0], au=NOVEMBRE[1], par=comptable, **options
        )

    return executer


@pytest.fixture
def rose(martin):
    return enfants_de(martin)[0]


@pytest.fixture
def mois_facture(martin, rose, repas, regie, comptable, clore) -> Facture:
    """Rose ate on the 2nd, 3rd and 5th, as booked, and the month is closed and billed: 10,50."""
    annee = AnneeScolaire.objects.create(debut=date(2026, 9, 1))
    inscription = Inscription.objects.create(
        enfant=rose, prestation=repas, annee=annee, famille=martin, du=annee.debut, au=annee.fin
    )
    commun = {"enfant": rose, "prestation": repas, "inscription": inscription}
    for jour in (2, 3, 5):
        reservation = Reservation.objects.create(jour=date(2026, 11, jour), etat="RESERVEE", **commun)
        Pointage.objects.create(
            jour=reservation.jour, etat="PRESENT", reservation=reservation, famille=martin, **commun
        )
    clore(repas)
    return actions.emettre(famille=martin, regie=regie, du=NOVEMBRE[0], au=NOVEMBRE[1], par=comptable)


@pytest.fixture
def dix_familles(novembre, repas) -> list[int]:
    """The Duponts, the Martins, and eight more families that ate three times."""
    for rang in range(8):
        famille = creer_famille(
            f"20010018183{rang:02}",
            "CELIBATAIRE",
            [("MME", f"Mère{rang}", f"Nom{rang}", "1 rue", f"mere{rang}")],
            [(f"Enfant{rang}", f"Nom{rang}", date(2018, 1, 1))],
        )
        novembre.noter(famille, enfants_de(famille)[0], repas, 2, 3, 5)
    return list(Famille.objects.order_by("pk").values_list("pk", flat=True))
