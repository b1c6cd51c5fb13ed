"""The login's e-mail follows that of the file: it opens the door, and gets the lost password."""

from django.template.loader import render_to_string
from django_tasks import task

from familles.expediteur import courriel
from familles.models import Collectivite, Responsable, Utilisateur

SUJET = "L’adresse de votre accès au portail famille a changé"


def suivre(responsable: Responsable, ancienne: str) -> bool:
    """Inside the transaction that changed `responsable.email`; whether anything changed for the login.

    The login keeps an address of its own in two cases: a member of the staff writes under that of the
    work, and a person who holds several files under that of another one.
    """
    nouvelle = responsable.email
    if responsable.utilisateur_id is None or nouvelle.casefold() == ancienne.casefold():
        return False
    compte = Utilisateur.objects.select_for_update().get(pk=responsable.utilisateur_id)
    if compte.email and (compte.email.casefold() == ancienne.casefold() or not _a_part(compte, responsable)):
        compte.email = nouvelle
        compte.save(update_fields=["email"])
    if ancienne:
        # The job carries a key: the address is read in the history of the file.
        avant = responsable.history.filter(email=ancienne).values_list("pk", flat=True).first()
        if avant is not None:
            prevenir_l_ancienne.enqueue(avant)
    return True


def _a_part(compte: Utilisateur, responsable: Responsable) -> bool:
    autres = Responsable.objects.filter(utilisateur=compte).exclude(pk=responsable.pk)
    return compte.is_staff or autres.filter(email__iexact=compte.email).exists()


@task()
def prevenir_l_ancienne(version: int) -> None:
    """Tell the former address, whatever it accepts: who reads it may be the only one to see a theft."""
    avant = Responsable.history.filter(pk=version).first()
    if avant is None:
        return
    ville = Collectivite.objects.courante()
    courriel(
        ville,
        sujet=f"{ville.nom} : {SUJET[0].lower()}{SUJET[1:]}",
        texte=render_to_string("familles/courriels/adresse_changee.txt", {"collectivite": ville}),
        a=avant.email,
    ).send()
