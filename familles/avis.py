"""What an app above has to say of a prestation or a régie that changes: it speaks up from its `ready()`."""

from collections.abc import Callable

from familles.models import Prestation, Regie

# (as it is stored, as it will be) → a sentence, or "".
Avis = Callable[[Prestation, Prestation], str]
_avis: list[Avis] = []
_retenues: list[Callable[[Regie], str]] = []


def donner_son_avis(avis: Avis) -> None:
    if avis not in _avis:
        _avis.append(avis)


def avis_de_changement(voulue: Prestation) -> list[str]:
    stockee = Prestation.objects.filter(pk=voulue.pk).first()
    return [phrase for avis in _avis if stockee and (phrase := avis(stockee, voulue))]


def retenir_le_prefixe(refus: Callable[[Regie], str]) -> None:
    """`refus(régie)`: why the prefix it has may not change, or ""."""
    if refus not in _retenues:
        _retenues.append(refus)


def refus_de_changer_le_prefixe(regie: Regie) -> str:
    return next(filter(None, (refus(regie) for refus in _retenues)), "")
