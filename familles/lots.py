"""Long lists, a part at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def par_lots(lignes: Sequence[T], taille: int) -> Iterator[Sequence[T]]:
    """Parts of `taille` rows in their order, the last one shorter."""
    for debut in range(0, len(lignes), taille):
        yield lignes[debut : debut + taille]
