"""What an app above has to say of a prestation whose settings change: it speaks up from its `ready()`."""

from collections.abc import Callable

from familles.models import Prestation

# (as it is stored, as it will be) → a sentence, or "".
Avis = Callable[[Prestation, Prestation], str]
_avis: list[Avis] = []


def donner_son_avis(avis: Avis) -> None:
    if avis not in _avis:
        _avis.append(avis)


def avis_de_changement(voulue: Prestation) -> list[str]:
    stockee = Prestation.objects.filter(pk=voulue.pk).first()
    return [phrase for avis in _avis if stockee and (phrase := avis(stockee, voulue))]
