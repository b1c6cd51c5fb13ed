"""Chance that never changes: one seed, so that the same day gives the same town."""

import random
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from faker import Faker

GRAINE = 31
PARIS = ZoneInfo("Europe/Paris")


class Hasard(random.Random):
    """A seeded generator with French names (`faker`)."""

    def __init__(self, graine: int = GRAINE) -> None:
        super().__init__(graine)
        self.faker = Faker("fr_FR")
        self.faker.seed_instance(graine)

    def chance(self, pour_cent: int) -> bool:
        return self.randrange(100) < pour_cent

    def telephone(self) -> str:
        """Numbers that no operator gives to anyone (ARCEP keeps them for fiction)."""
        return f"05.36.49.{self.randrange(100):02}.{self.randrange(100):02}"

    def mobile(self) -> str:
        return f"06.39.98.{self.randrange(100):02}.{self.randrange(100):02}"

    def entre(self, du: date, au: date) -> date:
        return du + timedelta(days=self.randrange((au - du).days + 1))


def sans_accent(texte: str) -> str:
    """« Élodie Le Goff » → « elodie.le.goff », for logins and addresses."""
    lettres = unicodedata.normalize("NFKD", texte.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", ".", lettres.lower()).strip(".")


def a(jour: date, heures: int, minutes: int = 0) -> datetime:
    """That hour of that day, in the town."""
    return datetime.combine(jour, time(heures, minutes), PARIS)


def jours(du: date, au: date) -> list[date]:
    return [du + timedelta(days=n) for n in range((au - du).days + 1)]
