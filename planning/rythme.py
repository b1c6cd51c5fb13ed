"""A weekly pattern over a period: the same every week, or one for even and one for odd weeks. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Rythme:
    """ISO weekdays (« 1245 ») of even and of odd weeks."""

    paires: str = ""
    impaires: str = ""

    def prend(self, jour: date) -> bool:
        jours = self.impaires if jour.isocalendar().week % 2 else self.paires
        return str(jour.isoweekday()) in jours

    def jours(self, du: date, au: date) -> Iterator[date]:
        for n in range((au - du).days + 1):
            if self.prend(jour := du + timedelta(days=n)):
                yield jour

    def __bool__(self) -> bool:
        return bool(self.paires or self.impaires)
