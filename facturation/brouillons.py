"""From priced days to the lines of an invoice. Pure: the preview and the issue show the same lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from facturation.enums import BLOQUANTES, Cas, NatureAnomalie
from facturation.tarifs import ZERO, Prix
from familles.enums import NatureFiscale, UniteFacturation
from familles.francais import INSECABLE, jour_court, mois_en_lettres
from familles.models import Enfant, Prestation

SANS_INTERET = "Prix unique."
SUITES = {Cas.ABSENCE: " – absence facturée", Cas.HORS_CONTRAT: " – sans réservation", Cas.NORMAL: ""}


@dataclass(frozen=True)
class Unite:
    """A day (or a flat month) of a child, priced with the facts of that day."""

    enfant: Enfant
    prestation: Prestation
    jour: date
    prix: Prix
    cas: str = Cas.NORMAL

    @property
    def forfait(self) -> bool:
        return self.prestation.unite == UniteFacturation.FORFAIT


@dataclass(frozen=True)
class Ligne:
    """Units of a child and a prestation at the same price, for the same reason."""

    enfant: Enfant
    prestation: Prestation
    libelle: str
    prix_unitaire: Decimal
    explication: str
    nature_fiscale: str
    unites: tuple[Unite, ...]
    majoration: bool = False

    @property
    def quantite(self) -> int:
        return len(self.unites)

    @property
    def montant(self) -> Decimal:
        return self.quantite * self.prix_unitaire

    @property
    def jours(self) -> str:
        if self.unites[0].forfait:
            return ", ".join(mois_en_lettres(u.jour) for u in self.unites)
        return jours_en_lettres([u.jour for u in self.unites])


@dataclass(frozen=True)
class Anomalie:
    """What the accountant should look at before issuing; `montant` is what is at stake."""

    nature: str
    phrase: str
    montant: Decimal = ZERO

    @property
    def bloquante(self) -> bool:
        return self.nature in BLOQUANTES

    @property
    def libelle(self) -> str:
        return NatureAnomalie(self.nature).label


@dataclass
class Brouillon:
    """What an invoice of this family would be."""

    famille_id: int
    lignes: list[Ligne] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((ligne.montant for ligne in self.lignes), ZERO)

    @property
    def bloque(self) -> bool:
        return any(a.bloquante for a in self.anomalies)

    @property
    def enfants(self) -> list[str]:
        return list(dict.fromkeys(ligne.enfant.prenom for ligne in self.lignes))


def composer(unites: Iterable[Unite]) -> list[Ligne]:
    """Lines child by child and prestation by prestation; a surcharge has a line of its own.

    The sum of the lines is the sum of the units: nothing is rounded again here.
    """
    triees = sorted(unites, key=_rang)
    groupes: dict[tuple, list[Unite]] = {}
    for unite in triees:
        prix = unite.prix
        cle = (unite.enfant.pk, unite.prestation.pk, 0, unite.cas, prix.montant, prix.explication)
        groupes.setdefault(cle, []).append(unite)
        if prix.majoration:
            cle = (unite.enfant.pk, unite.prestation.pk, 1, unite.cas, prix.majoration, prix.motif_majoration)
            groupes.setdefault(cle, []).append(unite)
    lignes = [_ligne(cle, tuple(groupe)) for cle, groupe in groupes.items()]
    return sorted(lignes, key=_rang_de_ligne)


def _rang_de_ligne(ligne: Ligne) -> tuple:
    rang = _rang(ligne.unites[0])
    return (*rang[:4], ligne.majoration, *rang[4:], ligne.prix_unitaire, ligne.explication)


def _rang(unite: Unite) -> tuple:
    naissance = unite.enfant.date_naissance or date.max
    return (
        naissance,
        unite.enfant.pk,
        unite.prestation.ordre,
        unite.prestation.pk,
        list(Cas).index(Cas(unite.cas)),
        unite.jour,
        unite.prix.montant,
        unite.prix.explication,
    )


def _ligne(cle: tuple, unites: tuple[Unite, ...]) -> Ligne:
    _, _, est_majoration, cas, prix_unitaire, explication = cle
    premiere = unites[0]
    suite = " – réservation tardive" if est_majoration else SUITES[Cas(cas)]
    return Ligne(
        enfant=premiere.enfant,
        prestation=premiere.prestation,
        libelle=f"{premiere.prestation.nom}{suite}",
        prix_unitaire=prix_unitaire,
        explication="" if explication == SANS_INTERET else explication,
        # A surcharge is not care: the tax certificate leaves it out.
        nature_fiscale=NatureFiscale.PENALITE if est_majoration else premiere.prestation.nature_fiscale,
        unites=unites,
        majoration=bool(est_majoration),
    )


def jours_en_lettres(jours: list[date]) -> str:
    """« jeu. 2, ven. 3 » within a month; the month is named when there are several."""
    mois: dict[tuple[int, int], list[date]] = {}
    for jour in jours:
        mois.setdefault((jour.year, jour.month), []).append(jour)
    if len(mois) == 1:
        return _courts(jours)
    return " ; ".join(f"{mois_en_lettres(groupe[0])} : {_courts(groupe)}" for groupe in mois.values())


def _courts(jours: list[date]) -> str:
    # A day is never cut from its number at the end of a line.
    return ", ".join(jour_court(jour).replace(" ", INSECABLE) for jour in jours)
