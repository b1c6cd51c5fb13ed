"""The link of an e-mail that stops all of them: signed, it names the row of the outbox and no address.

It never expires: an old e-mail must be able to stop those to come.
"""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from messagerie.models import Courriel

SIGNATURE = Signer(salt="messagerie.desinscription")


def adresse_de(courriel: Courriel) -> str:
    jeton = SIGNATURE.sign(str(courriel.pk))
    return settings.ADRESSE_PORTAIL + reverse("messagerie:desinscription", args=[jeton])


def courriel_du(jeton: str) -> Courriel | None:
    """The e-mail that this link came with; None when it is not one of ours."""
    try:
        return Courriel.objects.filter(pk=SIGNATURE.unsign(jeton)).first()
    except BadSignature:
        return None
