"""A dated price as the rules read it, from its row or from a form, never above the declared real cost."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError

from facturation.models import Tarif
from facturation.models.tarifs import MONTANTS, SEUILS
from facturation.tarifs import Grille, Remise, Tranche, depassement
from familles.francais import euros


def grille_de(tarif: Tarif) -> Grille:
    """From a row read with its brackets."""
    champs = ("mode", "taux", "majoration_en", *SEUILS, *MONTANTS)
    return grille(
        {champ: getattr(tarif, champ) for champ in champs},
        (Tranche(t.jusqu_a, t.prix) for t in tarif.tranches.all()),
        (Remise(r.rang, r.valeur, r.en) for r in tarif.remises.all()),
    )


def grille(valeurs: Mapping, tranches: Iterable[Tranche] = (), remises: Iterable[Remise] = ()) -> Grille:
    """From what a form holds; what it does not hold has no price of its own."""
    return Grille(
        mode=valeurs["mode"],
        tranches=tuple(tranches),
        remises=tuple(remises),
        taux=valeurs.get("taux"),
        majoration_en=valeurs.get("majoration_en", ""),
        hors_contrat_des=valeurs.get("hors_contrat_des") or 1,
        occasionnel_jusqu_a=valeurs.get("occasionnel_jusqu_a"),
        forfait_au_dela=valeurs.get("forfait_au_dela"),
        **{champ: valeurs.get(champ) for champ in MONTANTS},
    )


def choisir(tarifs: Iterable[Tarif], jour: date, niveaux: Collection[str]) -> Tarif | None:
    """Of prices sorted the latest first: that of the child's level or class, else that of everyone."""
    en_cours = [t for t in tarifs if t.du <= jour]
    propre = next((t for t in en_cours if t.liste_niveaux & frozenset(niveaux)), None)
    return propre or next((t for t in en_cours if not t.niveaux), None)


def verifier_cout(prix: Grille) -> None:
    ecart = depassement(prix)
    if ecart:
        raise ValidationError(
            f"Le prix le plus haut dépasse le coût réel déclaré de {euros(ecart)}, majoration comprise."
        )
