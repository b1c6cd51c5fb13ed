"""Work done by the background worker, so that a page never waits for the mail server."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import task

from familles.expediteur import courriel
from familles.models import Collectivite, Responsable, Utilisateur

# Nobody fills another's mailbox by asking again and again.
ENTRE_DEUX_LIENS = 5 * 60


def adresse_de(compte: Utilisateur) -> str:
    """The account's own address, else that of the family file it opens."""
    connues = Responsable.objects.filter(utilisateur=compte).exclude(email="").values_list("email", flat=True)
    return compte.email or next(iter(connues), "")


@task()
def envoyer_liens_mot_de_passe(comptes: list[int]) -> None:
    """The forgotten password of the accounts that an entry named, maybe none.

    The page writes one job whatever it found: its time tells nobody whether an account exists.
    """
    for compte in comptes:
        envoyer_lien_mot_de_passe.enqueue(compte)


@task()
def envoyer_lien_mot_de_passe(utilisateur_id: int) -> None:
    """Write to the person who forgot. The link is made here: a job that waits keeps no secret."""
    compte = Utilisateur.objects.get(pk=utilisateur_id)
    adresse = adresse_de(compte)
    if not adresse or not cache.add(f"lien-mot-de-passe:{compte.pk}", True, ENTRE_DEUX_LIENS):
        return
    jeton = default_token_generator.make_token(compte)
    cle = urlsafe_base64_encode(force_bytes(compte.pk))
    lien = settings.ADRESSE_PORTAIL + reverse("portail:mot_de_passe_nouveau", args=[cle, jeton])
    _ecrire(compte, adresse, "portail/courriels/mot_de_passe_oublie", "votre mot de passe", lien=lien)


@task()
def annoncer_le_mot_de_passe(utilisateur_id: int) -> None:
    """A password has just been chosen: its owner alone can tell that somebody else did."""
    compte = Utilisateur.objects.get(pk=utilisateur_id)
    if adresse := adresse_de(compte):
        _ecrire(compte, adresse, "portail/courriels/mot_de_passe_change", "votre mot de passe a changé")


def _ecrire(compte: Utilisateur, adresse: str, gabarit: str, objet: str, **plus) -> None:
    """What concerns the access itself leaves at once, whatever e-mails the person accepts."""
    collectivite = Collectivite.objects.courante()
    contexte = {
        "compte": compte,
        "collectivite": collectivite,
        "adresse": settings.ADRESSE_PORTAIL,
        "sujet": f"{collectivite.nom} : {objet}",
        **plus,
    }
    courriel(
        collectivite,
        sujet=contexte["sujet"],
        texte=render_to_string(f"{gabarit}.txt", contexte),
        a=adresse,
        page=render_to_string(f"{gabarit}.html", contexte),
    ).send()
