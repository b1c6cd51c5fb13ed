"""Closing the days of a prestation before they are billed."""

from datetime import date

from django.db.models import OuterRef, Subquery

from familles.enums import VerbeTrace
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.francais import jour_chiffres, pluriel
from familles.horloge import aujourdhui, maintenant
from familles.models import Prestation, Trace
from familles.transactions import action
from planning.cases import est_une_erreur
from planning.ecritures import personne
from planning.enums import EtatPointage, EtatReservation
from planning.models import Cloture, Pointage, Reservation
from planning.reglement_interieur import offre_de, reglement_interieur

E = EtatReservation


@action
def cloturer(*, prestation: Prestation, du: date, au: date, par) -> Cloture:
    """Close the days of a prestation, the step before billing in arrears.

    Refused while a request, an absence or an error of these days is undecided.
    """
    if du > au:
        raise Invalide("La fin ne peut précéder le début.")
    if au >= aujourdhui():
        raise Invalide("On ne clôture que des journées passées.")
    Prestation.objects.select_for_update(no_key=True).get(pk=prestation.pk)
    if Cloture.objects.filter(prestation=prestation, du__lte=du, au__gte=au).exists():
        raise DejaTraite("Ces journées sont déjà closes.")
    _refuser_les_indecises(prestation, du, au)
    _refuser_les_erreurs(prestation, du, au)
    cloture = Cloture.objects.create(prestation=prestation, du=du, au=au, par=personne(par), le=maintenant())
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.CLOTURER, objet=cloture)
    return cloture


def _refuser_les_indecises(prestation: Prestation, du: date, au: date) -> None:
    indecises = Reservation.objects.filter(prestation=prestation).indecises()
    jours = list(indecises.sur(du, au).order_by("jour").values_list("jour", flat=True))
    if jours:
        combien = pluriel(len(jours), "demande ou absence attend", "demandes ou absences attendent")
        raise Refus(f"{combien} une réponse, à partir du {jour_chiffres(jours[0])}.")


def _refuser_les_erreurs(prestation: Prestation, du: date, au: date) -> None:
    """What the grid shows as « Erreur »: by child and day, whatever booking the register was tied to."""
    calendrier, offre = reglement_interieur().calendrier, offre_de(prestation)
    active = Reservation.objects.actives().filter(
        enfant=OuterRef("enfant"), prestation=prestation, jour=OuterRef("jour")
    )
    presents = (
        Pointage.objects.filter(prestation=prestation, jour__range=(du, au), etat=EtatPointage.PRESENT)
        .annotate(etat_reserve=Subquery(active.values("etat")[:1]))
        .order_by("jour")
        .values_list("jour", "etat_reserve")
    )
    jours = [jour for jour, etat in presents if est_une_erreur(etat, calendrier.ferme(offre, jour))]
    if jours:
        combien = pluriel(len(jours), "enfant est pointé présent", "enfants sont pointés présents")
        raise Refus(
            f"{combien} alors qu’une absence est enregistrée ou que le service est fermé, "
            f"à partir du {jour_chiffres(jours[0])} : corrigez l’appel ou l’absence."
        )
