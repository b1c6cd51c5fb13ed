"""The letters of first login, as one PDF: identifier, link and code, never a password. Not kept."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from familles.horloge import aujourdhui
from familles.models import Collectivite, Responsable
from familles.papier import composer
from portail.actions import VALIDITE, Invitation


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
