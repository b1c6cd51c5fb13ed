"""A dated price as the rules read it, from its row or from a form, never above the declared real cost."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError

from facturation.models import Tarif
from facturation.models.tarifs import MONTANTS
from facturation.tarifs import Grille, Tranche, depassement
from familles.francais import euros


def grille_de(tarif: Tarif) -> Grille:
    """From a row read with its brackets."""
    valeurs = {champ: getattr(tarif, champ) for champ in ("mode", "taux", "majoration_en", *MONTANTS)}
    return grille(valeurs, (Tranche(t.jusqu_a, t.prix) for t in tarif.tranches.all()))


def grille(valeurs: Mapping, tranches: Iterable[Tranche] = ()) -> Grille:
    """From what a form holds; what it does not hold has no price of its own."""
    return Grille(
        mode=valeurs["mode"],
        tranches=tuple(tranches),
        taux=valeurs.get("taux"),
        majoration_en=valeurs.get("majoration_en", ""),
        **{champ: valeurs.get(champ) for champ in MONTANTS},
    )


def verifier_cout(prix: Grille) -> None:
    ecart = depassement(prix)
    if ecart:
        raise ValidationError(
            f"Le prix le plus haut dépasse le coût réel déclaré de {euros(ecart)}, majoration comprise."
        )
