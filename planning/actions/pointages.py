"""The register: who really came."""

from datetime import date

from familles.erreurs import Invalide, Refus
from familles.garde import Garde, payeur_du_jour
from familles.gardes import gardes_des
from familles.horloge import aujourdhui, maintenant
from familles.models import Enfant, Inscription, Prestation
from familles.transactions import action
from planning.ecritures import personne, refuser_la_cloture
from planning.enums import EtatPointage
from planning.models import Pointage, Reservation
from planning.reglement_interieur import reglement_interieur


@action
def pointer(*, prestation: Prestation, jour: date, presences: dict[int, str | None], par) -> int:
    """Note who came. `presences`: child id → PRESENT, ABSENT, or None to forget what was noted.

    Saving again the same thing changes nothing; returns how many children were noted or forgotten.
    """
    if jour > aujourdhui():
        raise Invalide("On ne pointe pas un jour à venir.")
    if not set(presences.values()) <= {None, *EtatPointage.values}:
        raise Invalide("Un enfant est présent, ou absent : rien n’a été enregistré.")
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
    """New rows: with the booking of that day, else with who has the child."""
    if not etats:
        return
    reservations = {
        r.enfant_id: r
        for r in Reservation.objects.actives()
        .filter(prestation=prestation, jour=jour, enfant__in=etats)
        .select_related("inscription")
    }
    enfants = Enfant.objects.in_bulk(etats)
    if len(enfants) != len(etats):
        raise Invalide("Un des enfants pointés n’existe pas.")
    payeurs = _payeurs(prestation, jour, [e for pk, e in enfants.items() if pk not in reservations])
    lignes = []
    for enfant_id, etat in etats.items():
        reservation = reservations.get(enfant_id)
        if reservation:
            inscription, famille_id = reservation.inscription, reservation.inscription.famille_id
        else:
            inscription, famille_id = payeurs[enfant_id]
        lignes.append(
            Pointage(
                enfant_id=enfant_id,
                prestation=prestation,
                jour=jour,
                etat=EtatPointage(etat),
                reservation=reservation,
                inscription=inscription,
                famille_id=famille_id,
                par=par,
                le=maintenant(),
            )
        )
    Pointage.objects.bulk_create(lignes)


def _payeurs(
    prestation: Prestation, jour: date, enfants: list[Enfant]
) -> dict[int, tuple[Inscription | None, int]]:
    """Who pays a presence that nobody booked, by child: four queries, whatever their number."""
    if not enfants:
        return {}
    vacances = [(v.du, v.au) for v in reglement_interieur().calendrier.vacances]
    gardes = gardes_des(e.pk for e in enfants)
    inscriptions: dict[int, list[Inscription]] = {}
    for i in (
        Inscription.objects.au_jour(jour).filter(prestation=prestation, enfant__in=enfants).order_by("pk")
    ):
        inscriptions.setdefault(i.enfant_id, []).append(i)
    return {
        e.pk: _payeur(e, jour, gardes.get(e.pk, []), inscriptions.get(e.pk, []), vacances) for e in enfants
    }


def _payeur(
    enfant: Enfant, jour: date, gardes: list[Garde], inscriptions: list[Inscription], vacances
) -> tuple[Inscription | None, int]:
    """The family that had the child that day; one that only pays (a foster institution) when it is alone."""
    foyer = payeur_du_jour(gardes, jour, vacances)
    du_foyer = next((i for i in inscriptions if i.famille_id == foyer), None)
    if du_foyer is not None:
        return du_foyer, du_foyer.famille_id
    partage = len({g.famille_id for g in gardes if g.couvre(jour)}) > 1
    if inscriptions and not (foyer and partage):
        return inscriptions[0], inscriptions[0].famille_id
    if foyer is None:
        raise Refus(
            f"D’après sa fiche, {enfant} n’est ce jour-là dans aucune famille : complétez-la d’abord."
        )
    return None, foyer
