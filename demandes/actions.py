"""What families and staff do with a request. Decision, effect, trace and message stand in one transaction."""

import hashlib
from collections.abc import Collection, Sequence
from functools import partial

from django.db import transaction

from demandes import courrier
from demandes.enums import LIGNES_ACCORDEES, TRANSITIONS, EtatDemande, EtatLigne
from demandes.models import DEJA_EN_ATTENTE, Demande, LigneDemande, PieceJointe, SuiteDuSilence
from demandes.natures import NATURES, Nature
from demandes.natures.base import Depot
from familles import coffre
from familles.enums import VerbeTrace
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.horloge import maintenant
from familles.models import Collectivite, Trace
from familles.pieces import Piece
from familles.transactions import action, sauf_doublon
from messagerie.actions import informer
from messagerie.forms import PIECES_MAXIMUM

EN_COURS_AU_PLUS = 30
SANS_MOTIF = "Donnez le motif du refus : la famille le lira."
SA_FAMILLE = "Vous ne décidez pas pour votre propre famille : laissez cette demande à une ou un collègue."
DOCUMENT_PARTI = "Un de vos documents est déjà parti, ou n’est plus gardé : rien n’a été envoyé."
SANS_DOCUMENT_APRES = "Aucun document ne se joint plus à cette demande : écrivez au service."
FICHE_CHANGEE = (
    "La fiche a changé, ou un document est arrivé, depuis que vous avez ouvert cette page : "
    + "relisez ce qui va changer, puis décidez."
)


@action
def deposer(*, nature: str, acces, formulaire, par, pieces: Sequence[PieceJointe] = ()) -> Demande:
    """Write what a valid form asks, acknowledge it, and accept at once what needs nobody.

    `pieces`: documents kept by `joindre`, which are this request's from now on.

    Raise Refus when the rules forbid it, DejaTraite when the same thing already waits.
    """
    regle = NATURES[nature]
    demande = _inscrire(regle, regle.depot(formulaire), acces, par)
    attachees = (
        PieceJointe.objects.en_cours(acces).filter(pk__in=[p.pk for p in pieces]).update(demande=demande)
    )
    if attachees != len(pieces):
        raise DejaTraite(DOCUMENT_PARTI)
    lignes = regle.au_depot(demande, formulaire, par)
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.DEPOSER, objet=demande, famille=demande.famille)
    automatiques = regle.lignes_automatiques(demande, lignes)
    if automatiques:
        _accorder(regle, demande, automatiques, par=None)
    ville = Collectivite.objects.courante()
    informer(
        famille=demande.famille,
        responsable=demande.deposant,
        sujet=f"Demande n° {demande.pk} : accusé de réception",
        corps=courrier.accuse(demande, lignes, regle, ville, SuiteDuSilence.objects.de(nature)),
        lien=demande.get_absolute_url(),
        annonce=f"Votre demande n° {demande.pk} : accusé de réception",
        avis=True,
        deja_lu=True,
    )
    if automatiques and len(automatiques) == len(lignes):
        _repondre(regle, demande, lignes, par=None, ville=ville)
    return demande


def _inscrire(regle: Nature, depot: Depot, acces, par) -> Demande:
    demande = Demande(
        famille=acces.famille,
        nature=regle.cle,
        cle=regle.cle_de(acces, depot.enfant) if depot.une_a_la_fois else "",
        concerne=depot.concerne,
        enfant=depot.enfant,
        saisie=depot.saisie,
        champs=list(depot.apres),
        deposant=acces.responsable,
        depose_par=par,
        depose_le=depot.instant,
    )
    with sauf_doublon(lambda: DEJA_EN_ATTENTE if depot.une_a_la_fois else None):
        demande.save(force_insert=True)
    return demande


@action
def accepter(
    *, demande: Demande, par, lignes: Collection[int] | None = None, motif: str = "", vu: str | None = None
) -> Demande:
    """Accept a request, or some of its days (`lignes`: their keys; the others are refused with `motif`).

    `vu`: the fingerprint of what the page showed; Refus (409) when the file moved in between.
    """
    demande, regle, lignes_lues = _ouvrir(demande, par)
    attente = [ligne for ligne in lignes_lues if ligne.en_attente]
    if vu is not None and vu != regle.empreinte(demande):
        raise Refus(FICHE_CHANGEE)
    gardees = attente if lignes is None else [ligne for ligne in attente if ligne.pk in lignes]
    ecartees = [ligne for ligne in attente if ligne not in gardees]
    if attente and not gardees:
        raise Invalide("Cochez au moins un jour à accepter, ou refusez la demande avec un motif.")
    if ecartees:
        _refuser_lignes(regle, demande, ecartees, _motif(motif), par)
    _accorder(regle, demande, gardees, par)
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.ACCEPTER, objet=demande, famille=demande.famille)
    return _repondre(regle, demande, lignes_lues, par)


@action
def refuser(*, demande: Demande, motif: str, par) -> Demande:
    """Refuse what waits in a request; the reason is read by the family."""
    demande, regle, lignes = _ouvrir(demande, par)
    motif = _motif(motif)
    _refuser_lignes(regle, demande, [ligne for ligne in lignes if ligne.en_attente], motif, par)
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.REFUSER, objet=demande, famille=demande.famille)
    return _repondre(regle, demande, lignes, par, motif=motif)


@action
def retirer(*, demande: Demande, par) -> Demande:
    """The family takes its request back (who may: `Demande.retrait_permis`); days already granted stay."""
    demande = _verrouiller(demande, par)
    regle = NATURES[demande.nature]
    attente = [ligne for ligne in _lignes(demande) if ligne.en_attente]
    regle.verrouiller(demande)
    regle.au_retrait(demande, attente, par)
    for ligne in attente:
        ligne.etat = EtatLigne.ANNULEE
    LigneDemande.objects.bulk_update(attente, ["etat"])
    demande.clore(EtatDemande.ANNULEE, par=par, le=maintenant(), effacer=regle.sensible)
    if regle.sensible:
        _jeter(demande.pieces.all())
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.RETIRER, objet=demande, famille=demande.famille)
    deposant = demande.deposant
    if deposant and deposant.utilisateur_id != par.pk and not demande.famille.vie_commune:
        informer(
            famille=demande.famille,
            responsable=deposant,
            sujet=f"Demande n° {demande.pk} : retirée",
            corps=f"Votre demande n° {demande.pk} ({regle.en_phrase}) a été retirée par la personne "
            "qu’elle concerne. Rien n’a changé dans sa fiche.",
            lien=demande.get_absolute_url(),
            annonce=f"Votre demande n° {demande.pk} a été retirée",
            avis=True,
            par=par,
        )
    return demande


def _verrouiller(demande: Demande, par) -> Demande:
    """The request under lock, read anew. Raise DejaTraite when it no longer waits."""
    demande = (
        Demande.objects.select_for_update(of=("self",))
        .select_related("famille", "deposant")
        .avec_lien_personnel(par)
        .filter(pk=demande.pk, nature__in=list(NATURES))
        .first()
    )
    if demande is None:
        raise Refus("Cette demande n’existe pas.", statut=404)
    if demande.etat not in TRANSITIONS:
        raise DejaTraite(f"Cette demande a déjà reçu une réponse : « {demande.get_etat_display()} ».")
    return demande


def _lignes(demande: Demande) -> list[LigneDemande]:
    return list(demande.lignes.select_related("enfant", "prestation", "reservation__inscription"))


def _ouvrir(demande: Demande, par) -> tuple[Demande, Nature, list[LigneDemande]]:
    """What a decision begins with: locks, the right to decide, the days."""
    demande = _verrouiller(demande, par)
    if demande.de_sa_famille:
        raise Refus(SA_FAMILLE, statut=403)
    regle = NATURES[demande.nature]
    regle.verrouiller(demande)
    return demande, regle, _lignes(demande)


def _motif(motif: str) -> str:
    motif = motif.strip()
    if not motif:
        raise Invalide(SANS_MOTIF)
    return motif


def _accorder(regle: Nature, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
    regle.a_l_acceptation(demande, lignes, par)
    LigneDemande.objects.bulk_update(lignes, ["etat"])


def _refuser_lignes(regle: Nature, demande: Demande, lignes: Sequence[LigneDemande], motif: str, par) -> None:
    regle.au_refus(demande, lignes, par)
    for ligne in lignes:
        ligne.etat, ligne.motif = EtatLigne.REFUSEE, motif
    LigneDemande.objects.bulk_update(lignes, ["etat", "motif"])


def _repondre(
    regle: Nature, demande: Demande, lignes: Sequence[LigneDemande], par, motif: str = "", ville=None
) -> Demande:
    """Close the request by what its days became, and tell the family."""
    accordees = [ligne for ligne in lignes if ligne.etat in LIGNES_ACCORDEES]
    refusees = [ligne for ligne in lignes if ligne.etat == EtatLigne.REFUSEE]
    if motif and not accordees:
        etat = EtatDemande.REFUSEE
    else:
        sans_place = bool(lignes) and all(ligne.etat == EtatLigne.LISTE_ATTENTE for ligne in lignes)
        entiere = EtatDemande.LISTE_ATTENTE if sans_place else EtatDemande.ACCEPTEE
        etat = EtatDemande.PARTIELLE if refusees else entiere
    motif = motif or (refusees[0].motif if refusees else "")
    demande.clore(etat, par=par, le=maintenant(), motif=motif, effacer=regle.sensible)
    if regle.sensible and not (regle.garde_pieces and etat != EtatDemande.REFUSEE):
        _jeter(demande.pieces.all())
    informer(
        famille=demande.famille,
        responsable=demande.deposant,
        sujet=f"Demande n° {demande.pk} : {courrier.issue(demande, lignes)}",
        corps=courrier.reponse(demande, lignes, regle, ville or Collectivite.objects.courante()),
        lien=demande.get_absolute_url(),
        annonce=f"Votre demande n° {demande.pk} a reçu une réponse",
        avis=True,
        par=par,
    )
    return demande


@action
def joindre(*, acces, nature: str, fichiers: Sequence[tuple[str, Piece]], par) -> list[PieceJointe]:
    """Keep documents for a request that is being written: they survive a form that is refused."""
    if not fichiers:
        return []
    if PieceJointe.objects.en_cours(acces).count() + len(fichiers) > EN_COURS_AU_PLUS:
        raise Invalide("Trop de documents attendent d’être envoyés : réessayez demain.")
    return [
        PieceJointe.objects.create(
            famille=acces.famille,
            champ=nature,
            depose_par=par,
            nom=nom,
            cle=coffre.ranger(piece.contenu),
            type_mime=piece.type_mime,
            taille=piece.taille,
            pages=piece.pages,
            sha256=hashlib.sha256(piece.contenu).hexdigest(),
        )
        for nom, piece in fichiers
    ]


@action
def completer(*, demande: Demande, acces, pieces: Sequence[PieceJointe], par) -> Demande:
    """Documents kept by `joindre`, added to a request that still waits. Raise Refus when it takes none, or no
    more; DejaTraite when it has its answer.
    """
    demande = _verrouiller(demande, par)
    regle = NATURES[demande.nature]
    if not (regle.pieces_apres and demande.est_de(acces)):
        raise Refus(SANS_DOCUMENT_APRES, statut=403)
    if not pieces:
        raise Invalide("Choisissez au moins un document.")
    if demande.pieces.count() + len(pieces) > PIECES_MAXIMUM:
        raise Invalide(f"{PIECES_MAXIMUM} documents au plus par demande, ceux déjà joints compris.")
    attachees = (
        PieceJointe.objects.en_cours(acces).filter(pk__in=[p.pk for p in pieces]).update(demande=demande)
    )
    if attachees != len(pieces):
        raise DejaTraite(DOCUMENT_PARTI)
    regle.verrouiller(demande)
    regle.au_document(demande, par)
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.MODIFIER, objet=demande, famille=demande.famille)
    return demande


@action
def consulter(*, demande: Demande, par) -> None:
    """Somebody read health or money in a request: who and when, never what."""
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.CONSULTER, objet=demande, famille=demande.famille)


@action
def purger_pieces(*, par) -> int:
    """Throw away the documents that were chosen a day ago and never sent."""
    return _jeter(PieceJointe.objects.oubliees().select_for_update())


def _jeter(pieces) -> int:
    """The rows now, the files once nothing can be undone."""
    pieces = list(pieces)
    for piece in pieces:
        transaction.on_commit(partial(coffre.jeter, piece.cle))
    PieceJointe.objects.filter(pk__in=[piece.pk for piece in pieces]).delete()
    return len(pieces)
