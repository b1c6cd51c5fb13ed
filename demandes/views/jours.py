"""The cells chosen on the grid: a booking, an absence, a cancelling."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from demandes import actions
from demandes.forms import AnnulationForm
from demandes.natures import NATURES
from demandes.views.commun import confirmer, lecture_ou_envoi, lire_pieces
from familles.acces import famille_requise
from familles.erreurs import Refus
from familles.francais import pluriel
from familles.horloge import maintenant
from familles.models import Enfant
from planning.actions import annuler as annuler_les_jours
from planning.cases import LISTE_A_QUITTER

PAGES = {"reservation": "demandes/reserver.html", "absence": "demandes/absence.html"}


@famille_requise
@require_POST
def reserver(request, enfant_id):
    """The cells chosen on the grid; nothing is written while one is refused, or its late price unread."""
    return _deposer_des_jours(request, enfant_id, "reservation", request.POST)


@famille_requise
@lecture_ou_envoi
def absence(request, enfant_id):
    """« Entrer la raison de l’absence »: the cells come from the grid, then the reason with them."""
    donnees = request.POST if request.method == "POST" else request.GET
    return _deposer_des_jours(request, enfant_id, "absence", donnees)


def _deposer_des_jours(request, enfant_id, nature, donnees):
    enfant = get_object_or_404(Enfant.objects.pour(request.acces), pk=enfant_id)

    def examiner():
        form = NATURES[nature].formulaire(
            request.acces, donnees, enfant=enfant, version=request.collectivite.version
        )
        return form, form.is_valid() and not form.refuses

    form, pret = examiner()
    joindre, gardees, pieces_pretes = lire_pieces(request, NATURES[nature])
    premier, statut = form.cleaned_data.get("mois"), _statut(form, request.method, donnees)
    if not pieces_pretes:
        statut = 422
    elif pret and request.method == "POST" and not form.a_confirmer:
        try:
            demande = actions.deposer(
                nature=nature, acces=request.acces, formulaire=form, pieces=gardees, par=request.user
            )
        except Refus as refus:
            # Somebody was faster: the days are judged again, those still possible are kept.
            form, _ = examiner()
            form.add_error(None, refus.message)
            statut = refus.statut
        else:
            confirmer(request, demande)
            return redirect(_retour(enfant, premier, form.acceptes))
    contexte = {
        "onglet": "enfants",
        "enfant": enfant,
        "nature": NATURES[nature],
        "form": form,
        "joindre": joindre,
        "attendus": NATURES[nature].documents_demandes(request.collectivite),
        "gardees": gardees,
        "mois": premier,
        "adresse_planning": enfant.url_planning(premier),
    }
    return render(request, PAGES[nature], contexte, status=statut)


def _retour(enfant, premier, examens) -> str:
    """The planning as it was left: its month, and on a phone the week of the first day that was sent."""
    jour = examens[0].jour
    if premier and (jour.year, jour.month) != (premier.year, premier.month):
        return enfant.url_planning(premier)
    return f"{enfant.url_planning(jour)}&jour={jour.isoformat()}"


def _statut(form, methode: str, donnees) -> int:
    """409: nothing of it is possible; 200: a price is to be read, a reason still to give; else 422."""
    if form.verdicts and not form.acceptes:
        return 409
    if form.a_confirmer and not form.refuses:
        return 200
    sans_raison = form.acceptes and "motif" in form.fields and not (form.reclamee or donnees.get("motif"))
    return 200 if sans_raison or methode == "GET" else 422


@famille_requise
@require_POST
def annuler(request, enfant_id):
    """« Annuler la réservation »: read first what is taken back, for it may be too late to book it again."""
    enfant = get_object_or_404(Enfant.objects.pour(request.acces), pk=enfant_id)

    def examiner() -> AnnulationForm:
        form = AnnulationForm(
            request.POST,
            acces=request.acces,
            enfant=enfant,
            instant=maintenant(),
            version=request.collectivite.version,
        )
        form.is_valid()
        return form

    form = examiner()
    premier = form.cleaned_data.get("mois")
    statut = 200 if form.acceptes else _statut(form, "POST", request.POST)
    if form.is_valid() and form.cleaned_data["confirmer"] and form.acceptes and not form.refuses:
        try:
            annulees = annuler_les_jours(acces=request.acces, examens=form.acceptes, par=request.user)
        except Refus as refus:
            form = examiner()
            form.add_error(None, refus.message)
            statut = refus.statut
        else:
            messages.success(request, _dire_annule(form.acceptes, annulees))
            return redirect(_retour(enfant, premier, form.acceptes))
    contexte = {
        "onglet": "enfants",
        "enfant": enfant,
        "form": form,
        "adresse_planning": enfant.url_planning(premier),
    }
    return render(request, "demandes/annuler.html", contexte, status=statut)


def _dire_annule(examens, annulees) -> str:
    """What was taken back: bookings, or places on a waiting list that nothing would have been billed for."""
    quittees = sum(examen.phrase == LISTE_A_QUITTER for examen in examens)
    phrases = []
    if reservees := len(annulees) - quittees:
        fait = pluriel(reservees, "réservation est annulée", "réservations sont annulées")
        phrases.append(f"{fait} : rien n’en sera facturé.")
    if quittees:
        phrases.append(f"Liste d’attente quittée pour {pluriel(quittees, 'jour', 'jours')}.")
    return " ".join(phrases)
