"""Domain refusals: a French sentence for the person who acts, and the HTTP status that goes with it."""


class Refus(Exception):
    """An intention that the rules refuse; `message` is shown as it is."""

    statut = 409

    def __init__(self, message: str, statut: int | None = None):
        super().__init__(message)
        self.message = message
        if statut is not None:
            self.statut = statut


class HorsDelai(Refus):
    """The deadline has passed."""


class DejaTraite(Refus):
    """Somebody else (or a double click) did it first."""


class Invalide(Refus):
    """The input does not hold."""

    statut = 422


class AConfirmer(Refus):
    """Unlikely, not forbidden: the same intention, told again with its confirmation, is done."""

    statut = 422


class Indisponible(Refus):
    """The database could not serve now; nothing was written, trying again is safe."""

    statut = 503

    def __init__(
        self, message: str = "Le service est momentanément occupé : rien n’a été enregistré, réessayez."
    ):
        super().__init__(message)
