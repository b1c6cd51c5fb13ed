"""From priced days to the lines of an invoice. Pure: the preview and the issue show the same lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from facturation.enums import BLOQUANTES, Cas, NatureAnomalie
from facturation.models import FraisAnnuels
from facturation.tarifs import ZERO, Prix
from familles.enums import NatureFiscale, UniteFacturation
from familles.francais import INSECABLE, jour_court, mois_en_lettres
from familles.models import Enfant, Prestation

SANS_INTERET = "Prix unique."
SUITES = {
    Cas.ABSENCE: " – absence facturée",
    Cas.HORS_CONTRAT: " – sans réservation",
    Cas.NORMAL: "",
    Cas.FRAIS: "",
}
RANG_DES_CAS = {cas: rang for rang, cas in enumerate(Cas)}
JOUR, MAJORATION, REPRISE = range(3)


@dataclass(frozen=True, slots=True)
class Unite:
    """A day (or a flat month) of a child, priced with the facts of that day; or a yearly fee."""

    enfant: Enfant | None
    prestation: Prestation | None
    jour: date
    prix: Prix
    cas: str = Cas.NORMAL
    forfait: Decimal | None = None  # what the whole month costs; the price is then this day's share
    frais: FraisAnnuels | None = None


@dataclass(frozen=True, slots=True)
class Reprise:
    """A unit already billed that is taken back, with what its lines said."""

    unite_id: int
    enfant: Enfant | None
    prestation: Prestation | None
    frais_id: int | None
    jour: date
    cas: str
    montant: Decimal
    majoration: Decimal
    facture_id: int
    numero: str
    ligne_id: int
    libelle: str
    nature_fiscale: str
    ligne_majoration_id: int | None = None
    raison: str = ""
    refacturable: bool = True


@dataclass(frozen=True)
class Ligne:
    """Units of a child and a prestation at the same price, for the same reason; or units taken back."""

    enfant: Enfant | None
    prestation: Prestation | None
    libelle: str
    quantite: int
    prix_unitaire: Decimal
    explication: str
    nature_fiscale: str
    unites: tuple[Unite, ...] = ()
    reprises: tuple[Reprise, ...] = ()
    genre: int = JOUR
    nommer_le_mois: bool = False

    @property
    def majoration(self) -> bool:
        return self.genre == MAJORATION

    @property
    def montant(self) -> Decimal:
        return self.quantite * self.prix_unitaire

    @property
    def jours(self) -> str:
        if self.prestation is None:
            return ""
        jours = [u.jour for u in self.unites or self.reprises]
        if self.prestation.unite == UniteFacturation.FORFAIT:
            return ", ".join(mois_en_lettres(j) for j in jours)
        return jours_en_lettres(jours, nommer=self.nommer_le_mois)


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
        return list(dict.fromkeys(ligne.enfant.prenom for ligne in self.lignes if ligne.enfant))


def composer(
    unites: Iterable[Unite], reprises: Iterable[Reprise] = (), du: date | None = None, au: date | None = None
) -> list[Ligne]:
    """Lines child by child and prestation by prestation; a surcharge has a line of its own.

    The sum of the lines is the sum of the units: nothing is rounded again here. The days out of the period
    (`du`, `au`) say their month.
    """
    groupes: dict[tuple, list[Unite]] = {}
    for unite in unites:
        for cle in _cles(unite):
            groupes.setdefault(cle, []).append(unite)
    lignes = [_ligne(cle, sorted(groupe, key=lambda u: u.jour)) for cle, groupe in groupes.items()]
    lignes += composer_reprises(reprises)
    if du is not None and au is not None:
        lignes = [
            replace(ligne, nommer_le_mois=True) if _dehors(ligne, du, au) else ligne for ligne in lignes
        ]
    return sorted(lignes, key=_rang)


def _cles(unite: Unite) -> Iterable[tuple]:
    objet = (unite.enfant and unite.enfant.pk, unite.prestation and unite.prestation.pk)
    prix = unite.prix
    if unite.frais is not None:
        yield (*objet, unite.frais.pk, unite.jour)
    elif unite.forfait is not None:
        mois = (unite.jour.year, unite.jour.month)
        yield (*objet, JOUR, Cas.NORMAL, unite.forfait, prix.explication, mois)
    else:
        yield (*objet, JOUR, unite.cas, prix.montant, prix.explication)
    if prix.majoration:
        yield (*objet, MAJORATION, unite.cas, prix.majoration, prix.motif_majoration)


def _ligne(cle: tuple, unites: list[Unite]) -> Ligne:
    premiere = unites[0]
    if premiere.frais is not None:
        return Ligne(
            premiere.enfant,
            None,
            premiere.frais.libelle,
            len(unites),
            premiere.prix.montant,
            premiere.prix.explication,
            premiere.frais.nature_fiscale,
            tuple(unites),
        )
    _, _, genre, cas, prix_unitaire, explication, *forfait = cle
    suite = " – réservation tardive" if genre == MAJORATION else SUITES[cas]
    return Ligne(
        enfant=premiere.enfant,
        prestation=premiere.prestation,
        libelle=f"{premiere.prestation.nom}{' – forfait' if forfait else suite}",
        quantite=1 if forfait else len(unites),
        prix_unitaire=prix_unitaire,
        explication="" if explication == SANS_INTERET else explication,
        # A surcharge is not care: the tax certificate leaves it out.
        nature_fiscale=NatureFiscale.PENALITE if genre == MAJORATION else premiere.prestation.nature_fiscale,
        unites=tuple(unites),
        genre=genre,
    )


def _rang(ligne: Ligne) -> tuple:
    enfant, prestation = ligne.enfant, ligne.prestation
    premiere = (ligne.unites or ligne.reprises)[0]
    return (
        enfant is None,
        (enfant and enfant.date_naissance) or date.max,
        (enfant and enfant.pk) or 0,
        prestation is None,
        prestation.ordre if prestation else 0,
        prestation.pk if prestation else 0,
        ligne.genre,
        RANG_DES_CAS[premiere.cas],
        premiere.jour,
        ligne.prix_unitaire,
        ligne.libelle,
        ligne.explication,
    )


def _dehors(ligne: Ligne, du: date, au: date) -> bool:
    # A flat month stands under its first day, which may precede the period.
    return any(not du.replace(day=1) <= u.jour <= au for u in ligne.unites or ligne.reprises)


# --- Taking back ---------------------------------------------------------------------------------------


def composer_reprises(reprises: Iterable[Reprise]) -> list[Ligne]:
    """Negative lines, one per line that is taken back: quantities are negative, prices never."""
    groupes: dict[tuple, list[Reprise]] = {}
    for reprise in sorted(reprises, key=lambda r: (r.jour, r.unite_id)):
        groupes.setdefault((JOUR, reprise.ligne_id, reprise.raison), []).append(reprise)
        if reprise.majoration:
            cle = (MAJORATION, reprise.ligne_majoration_id, reprise.raison)
            groupes.setdefault(cle, []).append(reprise)
    return [ligne for (genre, *_), groupe in groupes.items() for ligne in _lignes_reprises(genre, groupe)]


def _lignes_reprises(genre: int, groupe: list[Reprise]) -> Iterable[Ligne]:
    """One line at the common price; days that shared a flat are given back as one amount."""
    montants = [r.majoration if genre == MAJORATION else r.montant - r.majoration for r in groupe]
    premiere = groupe[0]
    uniforme = len(set(montants)) == 1
    raison = f" : {premiere.raison}" if premiere.raison else ""
    yield Ligne(
        enfant=premiere.enfant,
        prestation=premiere.prestation,
        libelle=f"{premiere.libelle}{' – réservation tardive' if genre == MAJORATION else ''}",
        quantite=-len(groupe) if uniforme else -1,
        prix_unitaire=montants[0] if uniforme else sum(montants, ZERO),
        explication=f"Repris de la facture {premiere.numero}{raison}.",
        nature_fiscale=NatureFiscale.PENALITE if genre == MAJORATION else premiere.nature_fiscale,
        reprises=tuple(groupe),
        genre=REPRISE if genre == JOUR else MAJORATION,
    )


def jours_en_lettres(jours: list[date], nommer: bool = False) -> str:
    """« jeu. 2, ven. 3 » within a month; the month is named when there are several, or on demand."""
    mois: dict[tuple[int, int], list[date]] = {}
    for jour in jours:
        mois.setdefault((jour.year, jour.month), []).append(jour)
    if len(mois) == 1 and not nommer:
        return _courts(jours)
    return " ; ".join(f"{mois_en_lettres(groupe[0])} : {_courts(groupe)}" for groupe in mois.values())


def _courts(jours: list[date]) -> str:
    # A day is never cut from its number at the end of a line.
    return ", ".join(jour_court(jour).replace(" ", INSECABLE) for jour in jours)
