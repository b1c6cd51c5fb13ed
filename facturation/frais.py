"""Yearly fees, with the first invoice of the school year: read in bulk, decided by the pure rule."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Min

from facturation.brouillons import Unite
from facturation.enums import Cas
from facturation.faits import Donnees
from facturation.models import FraisAnnuels, UniteFacturee
from facturation.tarifs import Prix, ReglesFrais, debut_annee, frais_dus
from familles.horloge import fuseau
from familles.models import Inscription, Regie
from planning.consommation import Consommation


def frais_de_l_annee(
    regie: Regie, lues: Collection[Consommation], donnees: Donnees
) -> dict[int, list[Unite]]:
    """Fees that nothing billed yet, by family: one query when the régie has none."""
    frais = list(FraisAnnuels.objects.filter(regie=regie)) if lues else []
    if not frais:
        return {}
    # By family and school year: the first day that each child used.
    premiers: dict[tuple[int, date], dict[int, date]] = defaultdict(dict)
    for lue in sorted(lues, key=lambda c: c.jour):
        premiers[lue.famille_id, debut_annee(lue.jour)].setdefault(lue.enfant_id, lue.jour)
    factures = _factures(frais, {f for f, _ in premiers})
    inscriptions = _inscriptions(frais, {f for f, _ in premiers})
    unites: dict[int, list[Unite]] = defaultdict(list)
    for (famille_id, annee), jours in premiers.items():
        for un in frais:
            regles = ReglesFrais(un.assiette, un.du, un.au, un.inscrits_apres)
            connues = inscriptions.get((famille_id, annee), {})
            for enfant_id in frais_dus(regles, jours, connues):
                if not _deja_factures(factures[famille_id, un.pk, annee], enfant_id):
                    unites[famille_id].append(_unite(un, donnees, enfant_id, annee))
    return unites


def _unite(frais: FraisAnnuels, donnees: Donnees, enfant_id: int | None, annee: date) -> Unite:
    enfant = donnees.enfants[enfant_id] if enfant_id is not None else None
    prix = Prix(frais.montant, f"Année scolaire {annee.year}-{annee.year + 1}.")
    return Unite(enfant, None, annee, prix, Cas.FRAIS, frais=frais)


def _factures(frais: list[FraisAnnuels], familles: set[int]) -> dict[tuple[int, int, date], set[int | None]]:
    """(Family, fee, year) → the children for whom it is billed; None: for the family."""
    unites = UniteFacturee.objects.en_vigueur().filter(frais__in=frais, famille__in=familles)
    factures = defaultdict(set)
    for famille_id, un, annee, enfant_id in unites.values_list("famille", "frais", "jour", "enfant"):
        factures[famille_id, un, annee].add(enfant_id)
    return factures


def _deja_factures(pour: set[int | None], enfant_id: int | None) -> bool:
    """Whatever the fee was due by then: the family's is every child's, a child's is the family's."""
    return bool(pour) if enfant_id is None else not pour.isdisjoint({None, enfant_id})


def _inscriptions(frais: list[FraisAnnuels], familles: set[int]) -> dict[tuple[int, date], dict[int, date]]:
    """When each child was first registered for a year, out of the history; nothing when no fee asks."""
    if all(un.inscrits_apres is None for un in frais):
        return {}
    premieres = (
        Inscription.history.filter(history_type="+", famille__in=familles)
        .order_by()
        .values_list("famille", "annee__debut", "enfant")
        .annotate(Min("history_date"))
    )
    dates: dict[tuple[int, date], dict[int, date]] = defaultdict(dict)
    for famille_id, annee, enfant_id, instant in premieres:
        dates[famille_id, annee][enfant_id] = instant.astimezone(fuseau()).date()
    return dates
