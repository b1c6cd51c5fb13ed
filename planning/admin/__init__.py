from planning.admin import appel, calendrier, clotures, fermetures, regles, reservations

__all__ = ["appel", "calendrier", "clotures", "fermetures", "regles", "reservations"]
