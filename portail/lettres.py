"""The letters of first login, as one PDF: identifier, link and code, never a password. Not kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from familles.entiers import est_cle
from familles.horloge import aujourdhui
from familles.lots import par_lots
from familles.models import Collectivite, Responsable
from familles.papier import composer
from portail.actions import VALIDITE, Invitation

# A PDF of so many pages is still made while one waits.
MAXIMUM = 150


@dataclass(frozen=True)
class Lot:
    """Letters `debut` to `fin`; named by its first and last adults, so that it stays the same when somebody
    of another part chooses a password meanwhile.
    """

    debut: int
    adultes: Sequence[Responsable]

    @property
    def fin(self) -> int:
        return self.debut + len(self.adultes) - 1

    @property
    def cle(self) -> str:
        return f"{self.adultes[0].pk}-{self.adultes[-1].pk}"


def en_lots(adultes: list[Responsable]) -> list[Lot]:
    return [Lot(rang * MAXIMUM + 1, lot) for rang, lot in enumerate(par_lots(adultes, MAXIMUM))]


def du_lot(adultes: list[Responsable], cle: str) -> list[Responsable]:
    """The adults of a part, as it was shown; none when its ends are no longer there."""
    bornes = [int(borne) for borne in cle.split("-") if est_cle(borne)]
    rangs = [rang for rang, adulte in enumerate(adultes) if adulte.pk in bornes]
    entiers = len(bornes) == 2 and len(rangs) == len(set(bornes))
    choisis = adultes[rangs[0] : rangs[-1] + 1] if entiers else []
    return choisis if len(choisis) <= MAXIMUM else []


def imprimer(lettres: list[tuple[Responsable, Invitation]]) -> bytes:
    """A page per adult, at his or her own address."""
    pages = [
        {
            "adresse": {
                "nom": responsable.appel,
                "adresse": responsable.adresse,
                "code_postal": responsable.code_postal,
                "ville": responsable.ville,
            },
            "responsable": responsable,
            "lien": settings.ADRESSE_PORTAIL + reverse("portail:premier_lien", args=[invitation.lien]),
            "code": invitation.code,
        }
        for responsable, invitation in lettres
    ]
    contexte = {
        "collectivite": Collectivite.objects.courante(),
        "titre_document": "Première connexion au portail famille",
        "pages": pages,
        "portail": settings.ADRESSE_PORTAIL,
        "page_du_code": settings.ADRESSE_PORTAIL + reverse("portail:premiere_connexion"),
        "jusqu_au": aujourdhui() + VALIDITE,
    }
    return composer(render_to_string("portail/pdf/lettres.html", contexte), "document")
