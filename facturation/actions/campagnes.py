"""A month's billing by batches, each in a transaction of its own that moves the campaign forward."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from facturation.actions.factures import LOT, Bilan, emettre_lot
from facturation.enums import EtatCampagne
from facturation.models import Campagne
from familles.erreurs import DejaTraite, Indisponible, Refus
from familles.horloge import maintenant
from familles.models import Famille, Regie
from familles.transactions import action, sauf_doublon


@action
def lancer(
    *,
    regie: Regie,
    du: date,
    au: date,
    familles: Collection[int],
    par,
    repere: tuple[int, int] | None = None,
) -> Campagne:
    """Write down what is to be billed, in the order of the preview; nothing is issued yet.

    `repere` (`CampagneQuerySet.repere`) was read before the preview: refused when somebody billed meanwhile.
    """
    # Held by nobody else than who launches: a campaign that began and ended meanwhile is seen.
    Regie.objects.select_for_update(no_key=True).get(pk=regie.pk)
    en_cours = f"Une facturation de la {regie.nom} est déjà en cours : attendez sa fin, ou reprenez-la."
    if Campagne.objects.filter(regie=regie, etat=EtatCampagne.EN_COURS).exists():
        raise DejaTraite(en_cours)
    if repere is not None and repere != Campagne.objects.repere(regie):
        raise DejaTraite(
            f"La {regie.nom} vient d’être facturée par quelqu’un d’autre, depuis votre aperçu : "
            "rien n’a été émis par vous."
        )
    with sauf_doublon(lambda: en_cours):
        return Campagne.objects.create(regie=regie, du=du, au=au, familles=list(familles), lancee_par=par)


@action
def avancer(*, campagne_id: int, par=None) -> Campagne:
    """Bill the next batch. Two at once wait for each other; a finished campaign does not move."""
    campagne = Campagne.objects.select_for_update(of=("self",)).select_related("regie").get(pk=campagne_id)
    if not campagne.en_cours:
        return campagne
    lot = campagne.familles[campagne.rang : campagne.rang + LOT]
    bilan = _facturer(campagne, lot, par or campagne.lancee_par) if lot else Bilan()
    campagne.rang += len(lot)
    campagne.emises += sum(1 for f in bilan.emises if not f.est_avoir)
    campagne.montant += bilan.total
    campagne.echecs = [*campagne.echecs, *([f.pk, phrase] for f, phrase in bilan.echecs)]
    campagne.battement = maintenant()
    if campagne.rang >= campagne.nombre:
        campagne.etat, campagne.terminee_le = EtatCampagne.TERMINEE, maintenant()
    campagne.save()
    return campagne


def _facturer(campagne: Campagne, lot: list[int], par) -> Bilan:
    try:
        # A savepoint: a batch that is refused as a whole is named, and the next one goes on.
        with transaction.atomic():
            return emettre_lot(familles=lot, regie=campagne.regie, du=campagne.du, au=campagne.au, par=par)
    except Indisponible:
        raise
    except Refus as refus:
        familles = Famille.objects.filter(pk__in=lot).prefetch_related("responsables")
        return Bilan(echecs=[(famille, refus.message) for famille in familles])
