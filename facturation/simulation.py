"""What would a day cost? The facts of the file, or those typed instead, and the price of the invoice."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from facturation.faits import Donnees, lire_donnees, lire_tarifs
from facturation.models import Tarif
from facturation.tarifs import Faits, Prix, SansPrix, prix
from familles.models import Enfant, Prestation, Rattachement
from familles.models.enfants import en_vigueur
from planning.consommation import Consommation, NatureConsommation


@dataclass(frozen=True)
class Simulation:
    faits: Faits
    tarif: Tarif | None
    prix: Prix | None
    phrase: str


def simuler(
    *, prestation: Prestation, jour: date, enfant: Enfant | None, suppositions: dict[str, Any]
) -> Simulation:
    """Price of that day. `suppositions`: facts typed by hand, None for those of the file.

    The care plan is never read from the file: the accountant supposes it.
    """
    tarifs = lire_tarifs(prestation.regie, {prestation.pk: prestation}, jour)
    donnees, faits, enfant_id = Donnees(tarifs), Faits(), 0
    if enfant is not None:
        lue = Consommation(
            _famille(enfant, jour), enfant.pk, prestation.pk, jour, None, NatureConsommation.PRESENT
        )
        donnees, enfant_id = lire_donnees(tarifs, [lue], jour, jour), enfant.pk
        donnees.paniers = {}
        faits = donnees.faits(lue, presences=0)
    connus = {champ.name for champ in fields(Faits)}
    faits = replace(faits, **{c: v for c, v in suppositions.items() if c in connus and v is not None})
    tarif = donnees.tarif(prestation.pk, enfant_id, jour)
    if tarif is None:
        return Simulation(faits, None, None, "Aucun tarif de cette prestation n’a commencé à cette date.")
    try:
        calcule = prix(tarifs.grilles[tarif.pk], faits)
    except SansPrix as manque:
        return Simulation(faits, tarif, None, str(manque))
    return Simulation(faits, tarif, calcule, f"{calcule.explication} {calcule.motif_majoration}".strip())


def _famille(enfant: Enfant, jour: date) -> int:
    """The family that holds the child that day; the first of them when there are two."""
    rattachement = Rattachement.objects.filter(en_vigueur(jour), enfant=enfant).order_by("du", "pk").first()
    return rattachement.famille_id if rattachement else 0
