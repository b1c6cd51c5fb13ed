"""The cash book of a régie, day by day: receipts, counter-entries, deposits, what is left in the till.

`tenir` is pure; `journal_de_caisse` reads the rows it needs. Cheques, cash and vouchers lie in the till until
they are deposited; cards, transfers and direct debits never do, nor does a cheque that comes back after it:
these stand in a column of their own, so that before + received − taken back − deposited = what is left.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from facturation.enums import MODES_EN_CAISSE
from facturation.especes import Creance, especes_refusees
from facturation.models import ClotureCaisse, Facture, Imputation, Reglement, Versement
from facturation.repartition import repartir
from familles.enums import ModeReglement
from familles.francais import arrondir, jour_chiffres
from familles.horloge import aujourdhui
from familles.models import Regie

ZERO = Decimal("0.00")
# As long as the vouchers of public money are kept; before, the year was mistyped.
MEMOIRE = timedelta(days=3653)


@dataclass(frozen=True)
class Mouvement:
    """A line of the book. `caisse` is what it adds to the till."""

    date: date
    piece: str
    libelle: str
    mode: str
    montant: Decimal
    caisse: Decimal
    reference: str = ""
    versement: bool = False
    rang: int = 0

    @property
    def recette(self) -> Decimal | None:
        return None if self.versement or self.caisse <= 0 else self.caisse

    @property
    def contre_ecriture(self) -> Decimal | None:
        return None if self.versement or self.caisse >= 0 else -self.caisse

    @property
    def verse(self) -> Decimal | None:
        return -self.caisse if self.versement else None

    @property
    def hors_caisse(self) -> Decimal | None:
        """Received, or taken back, without passing through the till."""
        return None if self.caisse else self.montant

    @property
    def deja_verse(self) -> bool:
        """A counter-entry of what had left the till."""
        return self.hors_caisse is not None and self.mode in MODES_EN_CAISSE

    @property
    def mode_affiche(self) -> str:
        moyen = ModeReglement(self.mode).label
        return f"{moyen}, déjà versé" if self.deja_verse else moyen


@dataclass
class Journee:
    jour: date
    mouvements: list[Mouvement] = field(default_factory=list)
    solde: Decimal = ZERO
    close: bool = False


@dataclass(frozen=True)
class Moyen:
    """A means of payment over the period: `avant` + `recettes` − `contre_ecritures` − `verses` = `solde`."""

    libelle: str
    avant: Decimal
    recettes: Decimal
    contre_ecritures: Decimal
    verses: Decimal

    @property
    def solde(self) -> Decimal:
        return self.avant + self.recettes - self.contre_ecritures - self.verses


@dataclass(frozen=True)
class Journal:
    """The book of a period."""

    du: date
    au: date
    avant: dict[str, Decimal]  # in the till before it, by means of payment
    journees: tuple[Journee, ...]

    @property
    def mouvements(self) -> list[Mouvement]:
        return [m for journee in self.journees for m in journee.mouvements]

    @property
    def solde_avant(self) -> Decimal:
        return sum(self.avant.values(), ZERO)

    @property
    def solde(self) -> Decimal:
        return self.journees[-1].solde if self.journees else self.solde_avant

    @property
    def recettes(self) -> Decimal:
        return _somme(self.mouvements, "recette")

    @property
    def contre_ecritures(self) -> Decimal:
        return _somme(self.mouvements, "contre_ecriture")

    @property
    def verses(self) -> Decimal:
        return _somme(self.mouvements, "verse")

    @property
    def hors_caisse(self) -> Decimal:
        return _somme(self.mouvements, "hors_caisse")

    @property
    def encaisse(self) -> Decimal:
        """All that was received, in the till or not: what a closing keeps."""
        return sum((m.montant for m in self.mouvements if not m.versement and m.montant > 0), ZERO)

    @property
    def repris(self) -> Decimal:
        return sum((-m.montant for m in self.mouvements if not m.versement and m.montant < 0), ZERO)

    @property
    def par_mode(self) -> dict[str, Decimal]:
        """Receipts less counter-entries, by means of payment, in the order of the list."""
        nets = {
            mode: sum((m.montant for m in self.mouvements if m.mode == mode and not m.versement), ZERO)
            for mode in ModeReglement.values
        }
        presents = {m.mode for m in self.mouvements if not m.versement}
        return {mode: net for mode, net in nets.items() if mode in presents}

    @property
    def par_moyen(self) -> list[Moyen]:
        """What sits in the till, means by means."""
        return [
            m
            for m in map(self._moyen, MODES_EN_CAISSE)
            if any((m.avant, m.recettes, m.contre_ecritures, m.verses))
        ]

    def _moyen(self, mode: str) -> Moyen:
        siens = [m for m in self.mouvements if m.mode == mode]
        sommes = (_somme(siens, colonne) for colonne in ("recette", "contre_ecriture", "verse"))
        return Moyen(ModeReglement(mode).label, self.avant.get(mode, ZERO), *sommes)

    @property
    def hors_caisse_par_moyen(self) -> list[tuple[str, Decimal]]:
        """Cards, transfers, direct debits; and what came back after its deposit, under its own name."""
        nets: dict[str, Decimal] = {}
        for m in self.mouvements:
            if m.hors_caisse is not None:
                nets[m.mode_affiche] = nets.get(m.mode_affiche, ZERO) + m.hors_caisse
        return sorted(nets.items())


def _somme(mouvements: Iterable[Mouvement], colonne: str) -> Decimal:
    return sum((getattr(m, colonne) or ZERO for m in mouvements), ZERO)


def tenir(mouvements: Iterable[Mouvement], du: date, au: date, close_jusqu_au: date | None = None) -> Journal:
    """The book of a period from all the movements until its end."""
    tous = sorted((m for m in mouvements if m.date <= au), key=lambda m: (m.date, m.versement, m.rang))
    avant: dict[str, Decimal] = {}
    for mouvement in tous:
        if mouvement.date < du:
            avant[mouvement.mode] = avant.get(mouvement.mode, ZERO) + mouvement.caisse
    solde = sum(avant.values(), ZERO)
    journees: dict[date, Journee] = {}
    for mouvement in tous:
        if mouvement.date < du:
            continue
        solde += mouvement.caisse
        close = close_jusqu_au is not None and mouvement.date <= close_jusqu_au
        journee = journees.setdefault(mouvement.date, Journee(mouvement.date, close=close))
        journee.mouvements.append(mouvement)
        journee.solde = solde
    return Journal(du, au, avant, tuple(journees.values()))


def de_reglement(reglement: Reglement) -> Mouvement:
    """A payment, or the counter-entry that takes it back (out of the till if it was still there)."""
    origine = reglement.contrepasse or reglement
    versement = getattr(origine, "versement", None)
    deposee_avant = versement is not None and versement.versement.date <= reglement.recu_le
    dans_la_caisse = reglement.mode in MODES_EN_CAISSE and not (reglement.montant < 0 and deposee_avant)
    return Mouvement(
        date=reglement.recu_le,
        piece=reglement.numero_imprime,
        libelle=f"{reglement.paye_par} – {reglement.motif}" if reglement.motif else str(reglement.paye_par),
        mode=reglement.mode,
        montant=reglement.montant,
        caisse=reglement.montant if dans_la_caisse else ZERO,
        reference=reglement.reference,
        rang=reglement.numero,
    )


def de_versement(versement: Versement) -> Mouvement:
    return Mouvement(
        date=versement.date,
        piece=versement.numero_imprime,
        libelle=f"Versement de {versement.nombre} règlement{'s' if versement.nombre > 1 else ''}",
        mode=versement.mode,
        montant=-versement.total,
        caisse=-versement.total,
        versement=True,
        rang=versement.numero,
    )


def journal_de_caisse(regie: Regie, du: date, au: date) -> Journal:
    reglements = (
        Reglement.objects.filter(regie=regie, recu_le__lte=au)
        .select_related("famille", "payeur", "versement__versement", "contrepasse__versement__versement")
        .prefetch_related("famille__responsables")
    )
    mouvements = [de_reglement(r) for r in reglements]
    mouvements += [de_versement(v) for v in Versement.objects.filter(regie=regie, date__lte=au)]
    return tenir(mouvements, du, au, ClotureCaisse.objects.derniere_journee(regie))


def jour_de_caisse(regie: Regie) -> date:
    """The day on which the till writes now: today, or tomorrow once today is closed (its day is over)."""
    close = ClotureCaisse.objects.derniere_journee(regie)
    return max(aujourdhui(), close + timedelta(days=1)) if close else aujourdhui()


def avis_de_report(jour: date) -> str:
    """Said on the screens that write, when the till's day is no longer today."""
    if jour == aujourdhui():
        return ""
    return (
        "La journée d’aujourd’hui est arrêtée : ce qui s’écrit maintenant va au prochain jour ouvert, "
        f"le {jour_chiffres(jour)}."
    )


def refus_en_especes(reglement: Reglement, d_abord: Collection[int] = ()) -> str:
    """Why the cash just written, which pays nothing yet, is too much; "" when it is not, or is not cash."""
    if reglement.mode != ModeReglement.ESPECES:
        return ""
    siens = Reglement.objects.contrepassables().filter(
        famille=reglement.famille_id, regie=reglement.regie_id, mode=ModeReglement.ESPECES
    )
    ce_jour = (
        siens.filter(recu_le=reglement.recu_le).exclude(pk=reglement.pk).aggregate(s=Sum("montant"))["s"]
    )
    dues = a_payer([reglement.famille_id], reglement.regie_id, d_abord)
    parts = repartir(reglement.montant, [(facture, facture.reste) for facture in dues])
    deja = recu_en_especes([f.pk for f, _ in parts])
    creances = [Creance(str(f), deja[f.pk], part) for f, part in parts]
    return especes_refusees(reglement.montant, arrondir(ce_jour or ZERO), creances)


def recu_en_especes(factures: Collection[int]) -> defaultdict[int, Decimal]:
    """What cash has paid of each of these invoices, takings back deducted."""
    sommes = (
        Imputation.objects.filter(facture__in=factures, reglement__mode=ModeReglement.ESPECES)
        .order_by()
        .values_list("facture")
        .annotate(s=Sum("montant"))
    )
    return defaultdict(lambda: ZERO, {facture: arrondir(somme) for facture, somme in sommes})


def a_payer(familles: Collection[int], regie: int, d_abord: Collection[int] = ()) -> list[Facture]:
    """What these families owe, as money pays it: chosen invoices first, then the oldest."""
    dues = list(Facture.objects.filter(famille__in=familles, regie=regie).impayees())
    return sorted(dues, key=lambda facture: facture.pk not in d_abord)
