"""What makes the same tests cost less, on both databases; nothing here changes what they see."""

import functools
import gc

from simple_history.manager import HistoryManager


def laisser_le_decor_en_paix() -> None:
    """Applications, libraries and tests stay until the end: the collector need not walk them each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def garder_les_gestionnaires_d_historique() -> None:
    """simple_history writes a class anew each time that a row reads its history, so at each save."""
    ecrire = functools.cache(HistoryManager.from_queryset.__func__)
    HistoryManager.from_queryset = classmethod(lambda cls, queryset: ecrire(cls, queryset))
