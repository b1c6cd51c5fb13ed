"""The worker of the outbox: claims an e-mail, sends it, tries again later when the server fails.

At least once, never twice on purpose: the claim is a conditional update, and the row says that it left.
Every run takes all that is due, so one lost job delays nothing: the next one, or the command, makes up.
"""

from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from familles.erreurs import DejaTraite
from familles.expediteur import courriel as courriel_de
from familles.horloge import maintenant
from familles.models import Collectivite, Responsable, Utilisateur
from familles.transactions import sauf_doublon
from messagerie.desinscription import adresse_de
from messagerie.models import Courriel

# A dead worker leaves its claim behind: after this time another one takes over.
PRISE = timedelta(minutes=10)
ATTENTES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]
LOT = 500


@task()
def relever() -> None:
    """Background job: send all that is due (enqueued in the transaction that wrote an e-mail)."""
    vider_la_boite()


def vider_la_boite() -> dict[str, int]:
    """Take back abandoned claims, then send what is due; returns what happened."""
    collectivite = Collectivite.objects.courante()
    with timezone.override(collectivite.fuseau):
        instant = maintenant()
        bilan = {"repris": reprendre(instant), "envoyes": 0, "echecs": 0}
        for pk in Courriel.objects.a_partir(instant).order_by("pk").values_list("pk", flat=True)[:LOT]:
            courriel = prendre(pk, instant)
            if courriel and diriger(courriel):
                bilan["envoyes" if envoyer(courriel, collectivite) else "echecs"] += 1
    return bilan


def reprendre(instant: datetime) -> int:
    """The reaper: e-mails claimed by a worker that died become due again."""
    return Courriel.objects.filter(envoye_le=None, pris_le__lt=instant - PRISE).update(pris_le=None)


def prendre(pk: int, instant: datetime) -> Courriel | None:
    """Claim one e-mail for this worker; None when another was faster."""
    prise = Courriel.objects.a_partir(instant).filter(pk=pk)
    if not prise.update(pris_le=instant, tentatives=F("tentatives") + 1):
        return None
    return Courriel.objects.get(pk=pk)


def adresses_du_jour(courriel: Courriel) -> list[str]:
    """Where it goes at the moment it leaves: one that waits outlives the day it was written.

    Those for whom it was written, if they still accept e-mails, at the address that their file holds by now.
    """
    lignes: QuerySet
    if compte := courriel.du_personnel:
        lignes = Utilisateur.objects.recapitules().filter(pk=compte)
    else:
        lecteurs = Responsable.objects.filter(pk__in=courriel.lecteurs, autorisation_courriel=True)
        lignes = lecteurs.exclude(email="")
    return sorted({email.lower() for email in lignes.values_list("email", flat=True)})


def diriger(courriel: Courriel) -> bool:
    """Turn a claimed e-mail to today's address of its reader; False when nobody awaits it any more, or when
    the same event already has one there.
    """
    adresses = adresses_du_jour(courriel)
    if not adresses:
        courriel.delete()
        return False
    if courriel.destinataire not in adresses:
        courriel.destinataire = adresses[0]
        try:
            with sauf_doublon(lambda: "déjà prêt à partir"):
                courriel.save(update_fields=["destinataire"])
        except DejaTraite:
            courriel.delete()
            return False
    _partager(courriel, [a for a in adresses if a != courriel.destinataire])
    return True


def _partager(courriel: Courriel, adresses: list[str]) -> None:
    """Two adults read the same mailbox when it was written, and each have their own now."""
    memes = {nom: getattr(courriel, nom) for nom in ("evenement", "sujet", "gabarit", "contexte", "cree_le")}
    if adresses:
        Courriel.objects.bulk_create(
            [Courriel(destinataire=adresse, **memes) for adresse in adresses], ignore_conflicts=True
        )
        relever.enqueue()


def envoyer(courriel: Courriel, collectivite: Collectivite) -> bool:
    """Send a claimed e-mail, outside any transaction, and write down what happened."""
    try:
        composer(courriel, collectivite).send()
    except (SMTPException, OSError) as erreur:
        _remettre(courriel, erreur)
        return False
    Courriel.objects.filter(pk=courriel.pk).update(
        envoye_le=maintenant(), pris_le=None, prochain_essai=None, derniere_erreur=""
    )
    return True


def composer(courriel: Courriel, collectivite: Collectivite) -> EmailMultiAlternatives:
    """Text and HTML from the row's identifiers; no value of a family's file is ever in an e-mail."""
    compte = f"{settings.ADRESSE_PORTAIL}/compte/"
    desinscription = adresse_de(courriel)
    en_tetes = {"List-Unsubscribe": f"<{desinscription}>"}
    if desinscription.startswith("https:"):
        # One click (RFC 8058), which asks for https.
        en_tetes["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    contexte = {
        **courriel.contexte,
        "sujet": courriel.sujet,
        "collectivite": collectivite,
        "adresse": settings.ADRESSE_PORTAIL,
        "adresse_compte": compte,
        "desinscription": desinscription,
    }
    return courriel_de(
        collectivite,
        sujet=courriel.sujet,
        texte=render_to_string(f"{courriel.gabarit}.txt", contexte),
        a=courriel.destinataire,
        page=render_to_string(f"{courriel.gabarit}.html", contexte),
        en_tetes=en_tetes,
    )


def _remettre(courriel: Courriel, erreur: Exception) -> None:
    # The server's own words may repeat the address: the kind of error and its code are enough.
    code = f" {erreur.smtp_code}" if isinstance(erreur, SMTPResponseException) else ""
    rang = courriel.tentatives - 1
    prochain = maintenant() + ATTENTES[rang] if rang < len(ATTENTES) else None
    Courriel.objects.filter(pk=courriel.pk).update(
        pris_le=None, prochain_essai=prochain, derniere_erreur=f"{type(erreur).__name__}{code}"
    )
    if prochain:
        relever.using(run_after=prochain).enqueue()
