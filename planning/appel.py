"""The register of a day at a prestation, as the person who calls the names reads it.

The number of queries does not depend on the number of children.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from familles.horloge import aujourdhui
from familles.models import Enfant, FicheSanitaire, Prestation, Scolarite
from planning.calendrier import HORIZON, HORS_SEMAINE, Calendrier, JourFerme, Offre
from planning.enums import ABSENTS, ATTENDUS, EtatPointage, EtatReservation
from planning.models import Cloture, Journee, Pointage, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur

SANS_CLASSE = "Sans classe connue"
NIVEAUX = ("TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")


def niveaux_et_classes() -> set[str]:
    """What a child may be in, as prices name it: one query."""
    connus = Scolarite.objects.order_by().values_list("niveau", "classe").distinct()
    return {nom.strip().upper() for ligne in connus for nom in ligne} | set(NIVEAUX)


@dataclass(frozen=True, repr=False)
class Sante:
    """What must be known at the table or in the yard. Without `repr`: it never ends in a log."""

    allergies: str
    regime: str
    pai: bool
    consignes: str

    @classmethod
    def de(cls, fiche: FicheSanitaire, jour: date) -> "Sante | None":
        en_cours = bool(fiche.pai) and (fiche.pai_fin is None or fiche.pai_fin >= jour)
        sante = cls(fiche.allergies, fiche.regime, en_cours, fiche.pai_consignes if en_cours else "")
        return sante if sante.allergies or sante.regime or sante.pai else None


@dataclass(frozen=True)
class Ligne:
    """A child on the list. `enfant` carries `ecole_nom` and `classe`; `pointage` is empty when not noted."""

    enfant: Enfant
    reservation: Reservation | None
    pointage: str
    sante: Sante | None = None

    @property
    def pk(self) -> int:
        return self.enfant.pk

    @property
    def etat(self) -> str | None:
        return self.reservation.etat if self.reservation else None

    @property
    def attendu(self) -> bool:
        return self.etat in ATTENDUS

    @property
    def absence_demandee(self) -> bool:
        return self.etat == EtatReservation.ABSENCE_DEMANDEE

    @property
    def annonce_absent(self) -> bool:
        return self.etat in ABSENTS

    @property
    def erreur(self) -> bool:
        return self.annonce_absent and self.pointage == EtatPointage.PRESENT

    @property
    def classe(self) -> str:
        return self.enfant.classe or SANS_CLASSE


@dataclass(frozen=True)
class Groupe:
    titre: str
    lignes: list[Ligne]


@dataclass(frozen=True)
class Appel:
    """The register of a day, its places and its waiting list."""

    prestation: Prestation
    jour: date
    lignes: list[Ligne]
    attente: list[Reservation]
    demandees: list[Reservation]
    capacite_du_jour: int | None
    ferme: JourFerme | None
    close: bool

    @property
    def a_venir(self) -> bool:
        return self.jour > aujourdhui()

    @property
    def passe(self) -> bool:
        return self.jour < aujourdhui()

    @property
    def attendus(self) -> list[Ligne]:
        return [ligne for ligne in self.lignes if ligne.attendu]

    @property
    def absents(self) -> list[Ligne]:
        return [ligne for ligne in self.lignes if ligne.annonce_absent]

    @property
    def hors_contrat(self) -> list[Ligne]:
        """Noted without a booking: « Heure hors contrat »."""
        return [ligne for ligne in self.lignes if not (ligne.attendu or ligne.annonce_absent)]

    @property
    def groupes(self) -> Iterator[Groupe]:
        """The expected ones, class by class."""
        plusieurs = len({ligne.enfant.ecole_nom for ligne in self.attendus}) > 1
        for (ecole, classe), lignes in groupby(self.attendus, key=_classe):
            yield Groupe(f"{classe}, {ecole}" if plusieurs and ecole else classe, list(lignes))

    def nombre(self, etat: str) -> int:
        return sum(ligne.pointage == etat for ligne in self.lignes)

    @property
    def presents(self) -> int:
        return self.nombre(EtatPointage.PRESENT)

    @property
    def notes_absents(self) -> int:
        return self.nombre(EtatPointage.ABSENT)

    @property
    def a_pointer(self) -> int:
        return sum(not ligne.pointage for ligne in self.attendus)

    @property
    def capacite(self) -> int | None:
        return self.prestation.capacite if self.capacite_du_jour is None else self.capacite_du_jour

    @property
    def libres(self) -> int | None:
        return None if self.capacite is None else self.capacite - len(self.attendus)

    @property
    def service_ferme(self) -> bool:
        """A booking made while the service opened on that weekday stays good when it no longer does."""
        return self.ferme is not None and not (self.ferme.cause == HORS_SEMAINE and self.attendus)

    @property
    def avec_sante(self) -> bool:
        return any(ligne.sante for ligne in self.lignes)


def _classe(ligne: Ligne) -> tuple[str, str]:
    return ligne.enfant.ecole_nom or "", ligne.classe


def niveau_de(classe: str) -> int:
    """Rank of a class among those of a school, the youngest first: « CE1-CE2 » comes with CE1."""
    mots = classe.upper().replace("-", " ").split()
    return next((i for i, nom in enumerate(NIVEAUX) if nom in mots), len(NIVEAUX))


def _rang(ligne: Ligne) -> tuple:
    """School by school, the youngest classes first, then by name."""
    ecole, classe = _classe(ligne)
    return ecole, niveau_de(classe), classe, ligne.enfant.nom.upper(), ligne.enfant.prenom


def lire_appel(
    prestation: Prestation, jour: date, *, sante: bool = False, version: str | None = None
) -> Appel:
    """Five queries, one more with `sante` (whoever asks for it leaves a trace)."""
    reservations = list(
        Reservation.objects.actives()
        .du_jour(prestation, jour)
        .select_related("enfant")
        .order_by("rang_attente")
    )
    par_enfant = {r.enfant_id: r for r in reservations}
    pointages = Pointage.objects.du_jour(prestation, jour).etats()
    listes = {e for e, r in par_enfant.items() if r.etat in ATTENDUS | ABSENTS} | set(pointages)
    enfants = list(Enfant.objects.filter(pk__in=listes).avec_ecole(jour))
    fiches = _sante(listes, jour) if sante else {}
    lignes = [Ligne(e, par_enfant.get(e.pk), pointages.get(e.pk, ""), fiches.get(e.pk)) for e in enfants]
    journee = Journee.objects.filter(prestation=prestation, jour=jour).first()
    return Appel(
        prestation=prestation,
        jour=jour,
        lignes=sorted(lignes, key=_rang),
        attente=[r for r in reservations if r.etat == EtatReservation.LISTE_ATTENTE],
        demandees=[r for r in reservations if r.etat == EtatReservation.DEMANDEE],
        capacite_du_jour=journee.capacite if journee else None,
        ferme=reglement_interieur(version).calendrier.ferme(offre_de(prestation), jour),
        close=Cloture.objects.couvrant([prestation], jour, jour).exists(),
    )


def _sante(enfants: Iterable[int], jour: date) -> dict[int, Sante]:
    champs = ("enfant_id", "allergies", "regime", "pai", "pai_consignes", "pai_fin")
    lues = {
        f.enfant_id: Sante.de(f, jour)
        for f in FicheSanitaire.objects.filter(enfant__in=enfants).only(*champs)
    }
    return {enfant: sante for enfant, sante in lues.items() if sante}


def jour_ouvert_voisin(calendrier: Calendrier, offre: Offre, jour: date, pas: int) -> date | None:
    """The next (`pas=1`) or last (`pas=-1`) day on which the prestation opens; None within a year."""
    for n in range(1, HORIZON.days):
        voisin = jour + timedelta(days=n * pas)
        if calendrier.ouvre(offre, voisin):
            return voisin
    return None
