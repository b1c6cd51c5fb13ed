"""What the portal itself writes: documents, first logins, closed sessions."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare

from familles import coffre
from familles.enums import VerbeTrace
from familles.erreurs import Invalide
from familles.horloge import instant_reel
from familles.models import Responsable, Trace, Utilisateur
from familles.transactions import action
from portail.authentification import identifiant_libre, rouvrir
from portail.models import Activation, Document, Seance
from portail.models.acces import empreinte, empreinte_du_code

# Without 0/O, 1/I/L: read on paper, typed on a phone.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LONGUEUR_CODE = 12
VALIDITE = timedelta(days=60)


@action
def publier(*, document: Document, contenu: bytes | None, par: Utilisateur) -> Document:
    """Save a document; a new file replaces the former one, which leaves the disk once the change is sure."""
    if contenu is not None:
        if document.fichier_cle:
            transaction.on_commit(partial(coffre.jeter, document.fichier_cle))
        document.fichier_cle = coffre.ranger(contenu)
        document.taille = len(contenu)
    document.save()
    return document


# --- First login ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invitation:
    """What the letter carries; it exists nowhere else once printed."""

    activation: Activation
    lien: str
    code: str  # « ABCD-EFGH-JKMN »


@action
def inviter(*, comptes: list[Utilisateur], par: Utilisateur) -> list[Invitation]:
    """A one-time link and code for each account; the former ones no longer serve."""
    instant = instant_reel()
    Activation.objects.filter(utilisateur__in=comptes, utilisee_le=None).update(expire_le=instant)
    invitations = []
    for compte in comptes:
        # Digits and a to f: no dash that the end of a line would make doubtful on paper.
        lien = secrets.token_hex(16)
        lettres = "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR_CODE))
        activation = Activation(
            utilisateur=compte,
            empreinte_lien=empreinte(lien),
            empreinte_code=empreinte_du_code(lettres),
            creee_le=instant,
            creee_par=par,
            expire_le=instant + VALIDITE,
        )
        code = "-".join(lettres[i : i + 4] for i in range(0, LONGUEUR_CODE, 4))
        invitations.append(Invitation(activation, lien, code))
    Activation.objects.bulk_create(i.activation for i in invitations)
    return invitations


@action
def ouvrir_les_comptes(
    *, responsables: list[Responsable], par: Utilisateur, remplacer: bool = False, perdu: bool = False
) -> list[tuple[Responsable, Invitation]]:
    """A login for each adult who has none, and the letter's secrets for those who never chose a password.

    Those who have a password get one when it is `perdu`: it opens until they choose another. Those whose
    letter still serves, which may be in the post, are left alone, unless one asks to `remplacer` it. Never a
    member of the staff: a letter would give their rights to who prints it.
    """
    verrous = {
        r.pk: r
        for r in Responsable.objects.select_for_update(of=("self",))
        .filter(pk__in=[r.pk for r in responsables])
        .select_related("utilisateur")
    }
    servis = set() if remplacer else Activation.objects.servis()
    a_inviter = []
    for ordre in responsables:
        responsable = verrous[ordre.pk]
        if responsable.utilisateur is None:
            responsable.utilisateur = Utilisateur.objects.create_user(
                identifiant_libre(responsable), first_name=responsable.prenom, last_name=responsable.nom
            )
            responsable.save(update_fields=["utilisateur"])
        compte = responsable.utilisateur
        attendu = (perdu or not compte.has_usable_password()) and not compte.is_staff
        if attendu and compte.is_active and compte.pk not in servis:
            a_inviter.append(responsable)
    invitations = inviter(comptes=[r.utilisateur for r in a_inviter], par=par)
    return list(zip(a_inviter, invitations, strict=True))


@action
def verifier_code(*, identifiant: str, code: str, par=None) -> Activation | None:
    """The activation that this identifier and this code open; a wrong code counts against it."""
    activation = (
        Activation.objects.par_code()
        .filter(utilisateur__username__iexact=identifiant.strip())
        .select_for_update(of=("self",))
        .first()
    )
    attendu = activation.empreinte_code if activation else ""
    juste = constant_time_compare(empreinte_du_code(code), attendu)
    if not juste:
        # Also when there is none: the same work, so that the time of the answer says nothing.
        Activation.objects.filter(pk=activation.pk if activation else 0).update(essais=F("essais") + 1)
    return activation if juste else None


@action
def activer(*, activation: Activation, mot_de_passe: str, par=None) -> Utilisateur:
    """Choose the first password; the link and the code are used up, sessions left open are closed."""
    verrou = Activation.objects.valables().select_for_update(of=("self",)).filter(pk=activation.pk).first()
    if verrou is None:
        raise Invalide("Ce lien ou ce code a déjà servi : demandez-en un autre à la structure.")
    compte = verrou.utilisateur
    compte.set_password(mot_de_passe)
    compte.save(update_fields=["password"])
    rouvrir(compte)
    Activation.objects.filter(pk=verrou.pk).update(utilisee_le=instant_reel())
    Seance.objects.filter(utilisateur_id=compte.pk).delete()
    Trace.objects.inscrire(par=compte, verbe=VerbeTrace.MODIFIER, objet=verrou)
    return compte


# --- Sessions --------------------------------------------------------------------------------------------


@action
def fermer_les_autres(*, garder: str | None, par: Utilisateur) -> int:
    """Close every session of this person but the one that asks."""
    return Seance.objects.filter(utilisateur_id=par.pk).exclude(session_key=garder).delete()[0]


@action
def fermer(*, reference: str, par: Utilisateur) -> bool:
    """Close one's own session so named; False when it is closed already."""
    seance = next((s for s in Seance.objects.ouvertes(par) if s.reference == reference), None)
    if seance is not None:
        seance.delete()
    return seance is not None
