"""Which invoices a level of reminder concerns, and what has already been sent."""

from datetime import date, timedelta

from django.db.models import F, Max, OuterRef, Subquery

from facturation.models import Facture, FactureRelancee, NiveauRelance
from familles.francais import jour_chiffres
from familles.models import Regie


def relancable_le(echeance: date, delai: int, precedente: date | None, intervalle: int) -> date:
    """First day of a level: more than its delay after the due date.

    The level before leaves the family its own time, though: more than `intervalle` days after that letter.
    """
    le = echeance + timedelta(days=delai + 1)
    return max(le, precedente + timedelta(days=intervalle + 1)) if precedente else le


def a_relancer(regie: Regie, niveau: NiveauRelance, jour: date) -> list[Facture]:
    """Unpaid, never reminded at this level or above, and whose day has come.

    A level follows the one before: the second is for what the first has reminded, when the first is in use.
    """
    return [f for f in _en_attente(regie, niveau) if _le(f, niveau) <= jour]


def _le(facture, niveau: NiveauRelance) -> date:
    return relancable_le(facture.echeance, niveau.delai_jours, facture.relancee_le, niveau.intervalle_jours)


def _en_attente(regie: Regie, niveau: NiveauRelance):
    """With `relancee_le`, the day of their last reminder."""
    factures = (
        _suivies(regie)
        .exclude(echeance=None)
        .exclude(pk__in=FactureRelancee.objects.filter(niveau__gte=niveau.niveau).values("facture"))
    )
    avant = NiveauRelance.objects.filter(actif=True, niveau__lt=niveau.niveau).order_by("-niveau").first()
    if avant is not None:
        deja = FactureRelancee.objects.filter(niveau=avant.niveau).values("facture")
        factures = factures.filter(pk__in=deja)
    return factures.select_related("famille").order_by(F("date").asc(), "numero")


def _suivies(regie: Regie):
    siennes = FactureRelancee.objects.filter(facture=OuterRef("pk")).order_by().values("facture")
    return (
        Facture.objects.filter(regie=regie)
        .impayees()
        .annotate(
            relancee_le=Subquery(siennes.annotate(le=Max("relance__date")).values("le")),
            relancee_au=Subquery(siennes.annotate(au=Max("niveau")).values("au")),
        )
    )


def suivis(regie: Regie, niveau: NiveauRelance) -> dict[int, str]:
    """By family already reminded: at what level and when, and from when this level may follow."""
    phrases: dict[int, str] = {}
    for facture in _suivies(regie).exclude(relancee_le=None).order_by("relancee_le", "relancee_au"):
        le = jour_chiffres(facture.relancee_le)
        phrases[facture.famille_id] = f"Relancée au niveau {facture.relancee_au} le {le}."
    prochaines: dict[int, date] = {}
    for facture in _en_attente(regie, niveau):
        prochain, famille = _le(facture, niveau), facture.famille_id
        prochaines[famille] = min(prochain, prochaines.get(famille, prochain))
    return {famille: phrase + _suite(niveau, prochaines.get(famille)) for famille, phrase in phrases.items()}


def _suite(niveau: NiveauRelance, le: date | None) -> str:
    return f" Niveau {niveau.niveau} possible dès le {jour_chiffres(le)}." if le else ""
