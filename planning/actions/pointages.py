"""The register: who really came."""

from datetime import date

from familles.erreurs import Invalide, Refus
from familles.garde import payeur_du_jour
from familles.horloge import aujourdhui, maintenant
from familles.models import Enfant, Inscription, Prestation
from familles.transactions import action
from planning.actions.clotures import personne, refuser_la_cloture
from planning.enums import EtatPointage
from planning.examen import gardes_de
from planning.models import Pointage, Reservation
from planning.reglement_interieur import reglement_interieur


@action
def pointer(*, prestation: Prestation, jour: date, presences: dict[int, str | None], par) -> int:
    """Note who came. `presences`: child id → PRESENT, ABSENT, or None to forget what was noted.

    Saving again the same thing changes nothing; returns how many children were noted or forgotten.
    """
    if jour > aujourdhui():
        raise Invalide("On ne pointe pas un jour à venir.")
    Prestation.objects.select_for_update(no_key=True).get(pk=prestation.pk)
    refuser_la_cloture([prestation.pk], jour, jour)
    connus = {p.enfant_id: p for p in Pointage.objects.filter(prestation=prestation, jour=jour)}
    oublies = [e for e, etat in presences.items() if etat is None and e in connus]
    Pointage.objects.filter(prestation=prestation, jour=jour, enfant__in=oublies).delete()
    instant, qui = maintenant(), personne(par)
    changes, nouveaux = [], []
    for enfant_id, etat in presences.items():
        connu = connus.get(enfant_id)
        if etat is None or (connu is not None and connu.etat == etat):
            continue
        if connu is None:
            nouveaux.append(enfant_id)
        else:
            connu.etat, connu.par, connu.le = EtatPointage(etat), qui, instant
            changes.append(connu)
    Pointage.objects.bulk_update(changes, ["etat", "par", "le"])
    _noter(prestation, jour, {e: presences[e] for e in nouveaux}, qui)
    return len(oublies) + len(changes) + len(nouveaux)


def _noter(prestation: Prestation, jour: date, etats: dict[int, str], par) -> None:
    """New rows: with the booking of that day, else the inscription, else who has the child."""
    if not etats:
        return
    reservations = {
        r.enfant_id: r
        for r in Reservation.objects.actives()
        .filter(prestation=prestation, jour=jour, enfant__in=etats)
        .select_related("inscription")
    }
    inscriptions = {
        i.enfant_id: i
        for i in Inscription.objects.au_jour(jour).filter(prestation=prestation, enfant__in=etats)
    }
    enfants = Enfant.objects.in_bulk(etats)
    lignes = []
    for enfant_id, etat in etats.items():
        if enfant_id not in enfants:
            raise Invalide("Un des enfants pointés n’existe pas.")
        reservation = reservations.get(enfant_id)
        inscription = reservation.inscription if reservation else inscriptions.get(enfant_id)
        lignes.append(
            Pointage(
                enfant_id=enfant_id,
                prestation=prestation,
                jour=jour,
                etat=EtatPointage(etat),
                reservation=reservation,
                inscription=inscription,
                famille_id=inscription.famille_id if inscription else _payeur(enfants[enfant_id], jour),
                par=par,
                le=maintenant(),
            )
        )
    Pointage.objects.bulk_create(lignes)


def _payeur(enfant: Enfant, jour: date) -> int:
    vacances = [(v.du, v.au) for v in reglement_interieur().calendrier.vacances]
    famille_id = payeur_du_jour(gardes_de(enfant), jour, vacances)
    if famille_id is None:
        raise Refus(f"{enfant} n’est rattaché à aucune famille ce jour-là : complétez d’abord sa fiche.")
    return famille_id
