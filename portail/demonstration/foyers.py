"""The families of the town: plausible French names, written in bulk."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from familles.enums import Civilite, Qualite, Rang, RegimeAllocataire, Sexe, Situation
from familles.horloge import maintenant
from familles.models import (
    Enfant,
    Famille,
    FicheSanitaire,
    InformationsCaf,
    LienParental,
    PersonneAutorisee,
    QuotientFamilial,
    Rattachement,
    Residence,
    Responsable,
    Scolarite,
    Utilisateur,
)
from portail.demonstration.hasard import Hasard, sans_accent
from portail.demonstration.ville import COMMUNE, Ville

CLASSES = {3: "PS", 4: "MS", 5: "GS", 6: "CP", 7: "CE1", 8: "CE2", 9: "CM1", 10: "CM2"}
ENSEMBLE = (Situation.MARIE, Situation.PACSE, Situation.UNION_LIBRE)
SEULS = (Situation.CELIBATAIRE, Situation.DIVORCE, Situation.VEUF)
PREMIER_NUMERO = 1001001818400
# Names of the known families: nobody else bears them.
RESERVES = {"DUPONT", "MARTIN", "BENALI", "LACROIX"}
AILLEURS = [("31555", "Toulouse"), ("31282", "Launaguet"), ("31561", "L’Union")]


@dataclass
class Foyer:
    """A family, its adults and its children, before and after they are written."""

    famille: Famille
    adultes: list[Responsable]
    enfants: list[Enfant] = field(default_factory=list)

    @property
    def titulaire(self) -> Responsable:
        return self.adultes[0]


def classe(enfant: Enfant, rentree: int) -> str:
    """Class of a child in the school year that begins that September."""
    return CLASSES.get(rentree - enfant.date_naissance.year, "")


def peupler(ville: Ville, hasard: Hasard, nombre: int, rentree: int) -> list[Foyer]:
    """`nombre` families with their children at school that year."""
    foyers = [_foyer(hasard, rang, rentree) for rang in range(nombre)]
    ecrire(foyers)
    scolariser([e for f in foyers for e in f.enfants], ville, rentree)
    _ecrire_dossiers(foyers, hasard, rentree)
    return foyers


def ecrire(foyers: list[Foyer], liens: bool = True) -> None:
    """Families, adults, children and what ties them."""
    Famille.objects.bulk_create([f.famille for f in foyers])
    comptes = [a.utilisateur for f in foyers for a in f.adultes if a.utilisateur and not a.utilisateur.pk]
    Utilisateur.objects.bulk_create(comptes)
    for foyer in foyers:
        for adulte in foyer.adultes:
            adulte.famille, adulte.utilisateur = foyer.famille, adulte.utilisateur
    Responsable.objects.bulk_create([a for f in foyers for a in f.adultes])
    Enfant.objects.bulk_create([e for f in foyers for e in f.enfants])
    couples = [(f, e) for f in foyers for e in f.enfants]
    Rattachement.objects.bulk_create(
        Rattachement(enfant=e, famille=f.famille, du=e.date_naissance) for f, e in couples
    )
    if liens:
        # Their first version, as the administration would have written it.
        Responsable.history.bulk_history_create([a for f in foyers for a in f.adultes])
        Enfant.history.bulk_history_create([e for f in foyers for e in f.enfants])
        LienParental.objects.bulk_create(
            LienParental(responsable=a, enfant=e, qualite=a.qualite) for f, e in couples for a in f.adultes
        )


def scolariser(enfants: list[Enfant], ville: Ville, rentree: int) -> None:
    """The class of the year; open-ended, so that the school shows whatever the day."""
    Scolarite.objects.bulk_create(
        Scolarite(
            enfant=enfant,
            ecole=ville.ecole,
            classe=classe(enfant, rentree),
            niveau=classe(enfant, rentree),
            # A class of the year before would only lengthen the file: the current one stands since then.
            du=date(rentree - 1, 9, 1),
        )
        for enfant in enfants
    )


def _foyer(hasard: Hasard, rang: int, rentree: int) -> Foyer:
    ensemble = hasard.chance(70)
    famille = Famille(
        numero=str(PREMIER_NUMERO + rang), situation=hasard.choice(ENSEMBLE if ensemble else SEULS)
    )
    nom = _nom(hasard)
    adresse = hasard.faker.street_address()
    mere = hasard.chance(60 if ensemble else 80)
    adultes = [_adulte(hasard, rang, nom, adresse, femme=mere)]
    if ensemble:
        autre_nom = nom if hasard.chance(70) else _nom(hasard)
        adultes.append(_adulte(hasard, rang, autre_nom, adresse, femme=not mere, rang=Rang.CONJOINT))
    enfants = hasard.choices([1, 2, 3], weights=[48, 42, 10])[0]
    return Foyer(famille, adultes, [_enfant(hasard, nom, rentree) for _ in range(enfants)])


def _nom(hasard: Hasard) -> str:
    while (nom := hasard.faker.last_name().upper()) in RESERVES:
        pass
    return nom


def _adulte(
    hasard: Hasard, foyer: int, nom: str, adresse: str, femme: bool, rang=Rang.TITULAIRE
) -> Responsable:
    prenom = hasard.faker.first_name_female() if femme else hasard.faker.first_name_male()
    identifiant = f"{sans_accent(prenom)}.{sans_accent(nom)}.{foyer + 1}"
    # One family in three has already opened its account; nobody knows these passwords.
    utilisateur = None
    if rang == Rang.TITULAIRE and foyer % 3 == 0:
        utilisateur = Utilisateur(
            username=identifiant, first_name=prenom, last_name=nom.title(), date_joined=maintenant()
        )
        utilisateur.set_unusable_password()
    return Responsable(
        rang=rang,
        utilisateur=utilisateur,
        civilite=Civilite.MADAME if femme else Civilite.MONSIEUR,
        nom=nom,
        prenom=prenom,
        qualite=Qualite.MERE if femme else Qualite.PERE,
        adresse=adresse,
        **COMMUNE,
        telephone_domicile=hasard.telephone() if hasard.chance(40) else "",
        mobile=hasard.mobile(),
        email=f"{identifiant}@exemple.fr",
        profession=hasard.faker.job()[:80] if hasard.chance(50) else "",
        autorisation_courriel=hasard.chance(85),
        autorisation_sms=hasard.chance(40),
    )


def _enfant(hasard: Hasard, nom: str, rentree: int) -> Enfant:
    fille = hasard.chance(50)
    annee = rentree - hasard.choice(list(CLASSES))
    return Enfant(
        nom=nom,
        prenom=hasard.faker.first_name_female() if fille else hasard.faker.first_name_male(),
        sexe=Sexe.F if fille else Sexe.M,
        date_naissance=hasard.entre(date(annee, 1, 1), date(annee, 12, 31)),
    )


# --- What sets prices, and what keeps children safe --------------------------------------------------------


def _ecrire_dossiers(foyers: list[Foyer], hasard: Hasard, rentree: int) -> None:
    QuotientFamilial.objects.bulk_create(
        quotient(foyer, Decimal(hasard.randrange(250, 1900)), rentree)
        for foyer in foyers
        if hasard.chance(92)
    )
    Residence.objects.bulk_create(residence(foyer, *_commune(hasard)) for foyer in foyers)
    InformationsCaf.objects.bulk_create(
        InformationsCaf(
            famille=foyer.famille,
            regime=RegimeAllocataire.CAF if hasard.chance(90) else RegimeAllocataire.MSA,
            organisme="CAF de la Haute-Garonne",
            numero_allocataire=f"{hasard.randrange(10**6, 10**7)}",
            allocataire=foyer.titulaire.nom_complet,
        )
        for foyer in foyers
        if hasard.chance(60)
    )
    _ecrire_sante([e for f in foyers for e in f.enfants], hasard)


def _ecrire_sante(enfants: list[Enfant], hasard: Hasard) -> None:
    FicheSanitaire.objects.bulk_create(
        FicheSanitaire(
            enfant=enfant,
            medecin=f"Dr {hasard.faker.last_name()}",
            telephone_medecin=hasard.telephone(),
            regime=hasard.choice(["", "", "sans porc", "sans viande"]),
            autorisation_soins=True,
            autorisation_photo=hasard.chance(70),
        )
        for enfant in enfants
        if hasard.chance(20)
    )
    PersonneAutorisee.objects.bulk_create(
        PersonneAutorisee(
            enfant=enfant,
            nom=hasard.faker.last_name().upper(),
            prenom=hasard.faker.first_name_female(),
            lien=hasard.choice(["grand-mère", "tante", "voisine", "assistante maternelle"]),
            telephone=hasard.mobile(),
            a_prevenir=hasard.chance(50),
        )
        for enfant in enfants
        if hasard.chance(40)
    )


def quotient(foyer: Foyer, valeur: Decimal, rentree: int) -> QuotientFamilial:
    du = date(rentree - 1, 1, 1)
    return QuotientFamilial(
        famille=foyer.famille, valeur=valeur, du=du, recu_le=du.replace(day=20), source="attestation CAF"
    )


def residence(foyer: Foyer, code_insee: str = "31488", commune: str = "Saint-Jean") -> Residence:
    return Residence(
        famille=foyer.famille,
        code_insee=code_insee,
        commune=commune,
        dans_la_commune=code_insee == "31488",
        du=min((e.date_naissance for e in foyer.enfants), default=date(2014, 9, 1)),
    )


def _commune(hasard: Hasard) -> tuple[str, str]:
    return ("31488", "Saint-Jean") if hasard.chance(88) else hasard.choice(AILLEURS)
