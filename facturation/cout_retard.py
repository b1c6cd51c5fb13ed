"""What late bookings would cost more, and which the right to error forgives: told before they are asked."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from facturation.faits import Donnees, lire_donnees, lire_tarifs
from facturation.tarifs import Ecart, SansPrix, debut_annee, pardons, prix
from familles.francais import euros
from familles.models import Prestation
from planning.consommation import Consommation, NatureConsommation, ecarts

Jour = tuple[int, int, date]  # (child id, prestation id, day)
SANS_PRIX = "Le prix de ce jour n’est pas encore fixé."
SANS_MAJORATION = "Sans supplément, d’après les tarifs d’aujourd’hui."


@dataclass(frozen=True)
class CoutDuRetard:
    """In two sentences: with the amount, for who sees the account; without, for who sees the child only."""

    phrase: str
    sans_montant: str = ""


def couter_retards(*, famille_id: int, jours: dict[Jour, bool]) -> dict[Jour, CoutDuRetard]:
    """By day asked after its deadline (True: booked occasionally), as the invoice would count it today."""
    prestations = Prestation.objects.select_related("regie").in_bulk({p for _, p, _ in jours})
    par_regie: dict[int, dict[Jour, bool]] = defaultdict(dict)
    for cle, occasionnelle in jours.items():
        par_regie[prestations[cle[1]].regie_id][cle] = occasionnelle
    couts: dict[Jour, CoutDuRetard] = {}
    for siens in par_regie.values():
        couts |= _couter(famille_id, siens, {p: prestations[p] for _, p, _ in siens})
    return couts


def _couter(
    famille_id: int, jours: dict[Jour, bool], prestations: dict[int, Prestation]
) -> dict[Jour, CoutDuRetard]:
    du, au = min(j for *_, j in jours), max(j for *_, j in jours)
    regie = next(iter(prestations.values())).regie
    # The right to error counts what happens in all the services of the régie.
    tarifs = lire_tarifs(regie, {p.pk: p for p in regie.prestations.all()}, au)
    lues = [
        Consommation(famille_id, enfant, p, jour, None, NatureConsommation.NON_POINTE, True, occasionnelle)
        for (enfant, p, jour), occasionnelle in jours.items()
    ]
    donnees = lire_donnees(tarifs, lues, du, au)
    if tarifs.regles.erreurs_pardonnees:
        donnees.pardons = _pardons(donnees, famille_id, jours, au)
    return {(c.enfant_id, c.prestation_id, c.jour): _dire(donnees, c) for c in lues}


def _pardons(donnees: Donnees, famille_id: int, jours: dict[Jour, bool], au: date) -> dict[Jour, str]:
    """What is already counted this year, and these days among it."""
    prestations = list(donnees.tarifs.prestations.values())
    du = debut_annee(min(j for *_, j in jours))
    comptes = [
        Ecart(e.jour, e.enfant_id, e.prestation_id, e.famille_id)
        for e in ecarts(prestations=prestations, du=du, au=au, familles={famille_id})
    ]
    nouveaux = [Ecart(jour, enfant, p, famille_id) for enfant, p, jour in jours]
    return pardons([*comptes, *nouveaux], donnees.tarifs.regles.erreurs_pardonnees)


def _dire(donnees: Donnees, lue: Consommation) -> CoutDuRetard:
    tarif = donnees.tarif(lue.prestation_id, lue.enfant_id, lue.jour)
    if tarif is None:
        return CoutDuRetard(SANS_PRIX)
    faits = donnees.faits(lue, presences=0)
    try:
        calcule = prix(donnees.tarifs.grilles[tarif.pk], faits)
    except SansPrix:
        return CoutDuRetard(SANS_PRIX)
    if faits.pardon:
        dit = f"Sans supplément, au titre du droit à l’erreur : {faits.pardon}."
        return CoutDuRetard(dit, dit)
    if not calcule.majoration:
        return CoutDuRetard(SANS_MAJORATION)
    return CoutDuRetard(f"{calcule.motif_majoration} Prix estimé : {euros(calcule.total)}.")
