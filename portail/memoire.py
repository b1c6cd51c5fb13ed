"""The garbage collector of the processes that serve: their work makes many objects that live a moment."""

import gc


def accorder() -> None:
    """Leave alone what was loaded once, and pass seldom: it spares a tenth or more of a PDF's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
