from planning.admin import appel, calendrier, clotures, regles, reservations

__all__ = ["appel", "calendrier", "clotures", "regles", "reservations"]
