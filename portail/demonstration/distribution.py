"""The known families: the manual's Duponts, the Martins who share nothing with them, a child of two homes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from familles.enums import Civilite, ModeGarde, Qualite, Rang, RegimeAllocataire, Sexe, Situation
from familles.models import (
    CoordonneesBancaires,
    Enfant,
    Famille,
    FicheSanitaire,
    InformationsCaf,
    InformationsFiscales,
    LienParental,
    PersonneAutorisee,
    QuotientFamilial,
    Rattachement,
    Residence,
    Responsable,
    Scolarite,
)
from portail.demonstration import foyers
from portail.demonstration.foyers import Foyer
from portail.demonstration.ville import COMMUNE, Ville, compte

NUMERO_DUPONT = "1001001818331"
RENTREE_2014 = date(2014, 9, 1)
NAISSANCE_LEA = date(2019, 6, 18)


@dataclass
class Distribution:
    dupont: Foyer
    martin: Foyer
    benali: Foyer
    lacroix: Foyer
    nour: Enfant  # odd weeks at the Benalis', even weeks at the Lacroix'

    @property
    def jean(self) -> Responsable:
        return self.dupont.adultes[0]

    @property
    def jeanne(self) -> Responsable:
        return self.dupont.adultes[1]

    @property
    def foyers(self) -> list[Foyer]:
        return [self.dupont, self.martin, self.benali, self.lacroix]

    @property
    def alexandre(self) -> Enfant:
        return self.dupont.enfants[0]

    @property
    def cyril(self) -> Enfant:
        return self.dupont.enfants[1]

    @property
    def lea(self) -> Enfant:
        return self.dupont.enfants[2]


def inviter(ville: Ville, rentree: int) -> Distribution:
    """Write the known families."""
    nour = _enfant("BENALI", "Nour", date(2017, 4, 3), Sexe.F)
    distribution = Distribution(_dupont(), _martin(), _benali(), _lacroix(), nour)
    foyers.ecrire(distribution.foyers)
    _garde_alternee(distribution)
    _dossier_des_dupont(distribution, ville, rentree)
    foyers.scolariser([*distribution.martin.enfants, nour, distribution.lea], ville, rentree)
    QuotientFamilial.objects.bulk_create(
        foyers.quotient(foyer, Decimal(valeur), rentree)
        for foyer, valeur in zip(distribution.foyers, (812, 1240, 655, 930), strict=True)
    )
    Residence.objects.bulk_create(foyers.residence(foyer) for foyer in distribution.foyers)
    return distribution


def _dupont() -> Foyer:
    """Every value is the manual's, or demo.md's for Léa."""
    jean = Responsable(
        rang=Rang.TITULAIRE,
        utilisateur=compte("jean.dupont", "Jean", "Dupont", email="jean.dupont@wanadoo.fr"),
        civilite=Civilite.MONSIEUR,
        nom="DUPONT",
        prenom="Jean",
        qualite=Qualite.PERE,
        adresse="12 rue des Bonbons",
        **COMMUNE,
        telephone_domicile="01.02.03.04.05",
        email="jean.dupont@wanadoo.fr",
        organisme_rattachement="0",
        autorisation_courriel=True,
    )
    jeanne = Responsable(
        rang=Rang.CONJOINT,
        utilisateur=compte("jeanne.dupont", "Jeanne", "Dupont"),
        civilite=Civilite.MADAME,
        nom="DUPONT",
        prenom="Jeanne",
        qualite=Qualite.MERE,
        adresse="Lotissement les bons bonbons",
        **COMMUNE,
        autorisation_courriel=True,
    )
    enfants = [
        _enfant("DUPONT", "Alexandre", date(2010, 12, 2), Sexe.M),
        _enfant("DUPONT", "Cyril", date(2013, 12, 11), Sexe.M),
        _enfant("DUPONT", "Léa", NAISSANCE_LEA, Sexe.F),
    ]
    return Foyer(Famille(numero=NUMERO_DUPONT, situation=Situation.SEPARE), [jean, jeanne], enfants)


def _martin() -> Foyer:
    adultes = [
        _adulte(
            "MARTIN",
            "Claire",
            "4 place du Marché",
            femme=True,
            utilisateur=compte("martin", "Claire", "Martin"),
        ),
        _adulte("MARTIN", "Paul", "4 place du Marché", femme=False, rang=Rang.CONJOINT),
    ]
    enfants = [
        _enfant("MARTIN", "Hugo", date(2018, 3, 9), Sexe.M),
        _enfant("MARTIN", "Rose", date(2020, 10, 21), Sexe.F),
    ]
    return Foyer(Famille(numero="1001001818349", situation=Situation.MARIE), adultes, enfants)


def _benali() -> Foyer:
    famille = Famille(numero="1001001818350", situation=Situation.DIVORCE)
    return Foyer(famille, [_adulte("BENALI", "Karim", "8 chemin du Moulin", femme=False)])


def _lacroix() -> Foyer:
    famille = Famille(numero="1001001818351", situation=Situation.DIVORCE)
    return Foyer(famille, [_adulte("LACROIX", "Sophie", "21 rue des Acacias", femme=True)])


def _adulte(
    nom: str, prenom: str, adresse: str, femme: bool, rang=Rang.TITULAIRE, utilisateur=None
) -> Responsable:
    return Responsable(
        rang=rang,
        utilisateur=utilisateur,
        civilite=Civilite.MADAME if femme else Civilite.MONSIEUR,
        nom=nom,
        prenom=prenom,
        qualite=Qualite.MERE if femme else Qualite.PERE,
        adresse=adresse,
        **COMMUNE,
        mobile=f"06.39.98.{len(nom):02}.{len(prenom):02}",
        email=f"{prenom}.{nom}@exemple.fr".lower(),
        autorisation_courriel=True,
    )


def _enfant(nom: str, prenom: str, naissance: date, sexe: Sexe) -> Enfant:
    return Enfant(nom=nom, prenom=prenom, sexe=sexe, date_naissance=naissance)


def _garde_alternee(d: Distribution) -> None:
    """Nour changes home on Fridays and shares the holidays by halves."""
    d.nour.save()
    gardes = {ModeGarde.SEMAINES_IMPAIRES: d.benali, ModeGarde.SEMAINES_PAIRES: d.lacroix}
    for mode, foyer in gardes.items():
        Rattachement.objects.create(
            enfant=d.nour, famille=foyer.famille, du=d.nour.date_naissance, mode_garde=mode, jour_bascule=5
        )
        LienParental.objects.create(
            responsable=foyer.titulaire, enfant=d.nour, qualite=foyer.titulaire.qualite
        )


def _dossier_des_dupont(d: Distribution, ville: Ville, rentree: int) -> None:
    famille = d.dupont.famille
    Scolarite.objects.bulk_create(
        Scolarite(enfant=enfant, ecole=ville.ecole, du=RENTREE_2014) for enfant in (d.alexandre, d.cyril)
    )
    CoordonneesBancaires.objects.create(
        famille=famille,
        titulaire="DUPONT JEAN",
        iban="FR76 3000 6000 0112 3456 7890 189",
    )
    InformationsCaf.objects.create(
        famille=famille,
        regime=RegimeAllocataire.CAF,
        organisme="CAF de la Haute-Garonne",
        numero_allocataire="3100031",
        allocataire="DUPONT JEAN",
    )
    InformationsFiscales.objects.create(
        famille=famille,
        annee_revenus=rentree - 1,
        revenu_fiscal_reference="24 350",
        nombre_parts="2,5",
    )
    _dossier_de_lea(d.lea)


def _dossier_de_lea(lea: Enfant) -> None:
    FicheSanitaire.objects.create(
        enfant=lea,
        medecin="Dr Anne Lafon",
        telephone_medecin="05.36.49.10.20",
        lunettes="oui, pour lire",
        allergies="arachide, trousse n° 31 au bureau",
        pai=True,
        pai_consignes="En cas de réaction : trousse n° 31, puis le 15.",
        autorisation_soins=True,
    )
    PersonneAutorisee.objects.create(
        enfant=lea,
        nom="DUPONT",
        prenom="Monique",
        lien="grand-mère",
        telephone="06.39.98.31.31",
        a_prevenir=True,
    )
