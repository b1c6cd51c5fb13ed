"""The till: what is deposited, the days and months that are closed."""

from calendar import monthrange
from datetime import date, timedelta

from facturation.caisse import MEMOIRE, jour_de_caisse, journal_de_caisse
from facturation.enums import MODES_EN_CAISSE, NatureCloture, Serie
from facturation.models import (
    ClotureCaisse,
    CompteurNumero,
    LigneVersement,
    Reglement,
    Versement,
)
from familles.enums import ModeReglement, VerbeTrace
from familles.erreurs import DejaTraite, Invalide
from familles.francais import de_mois, jour_chiffres
from familles.horloge import aujourdhui
from familles.models import Regie, Trace
from familles.transactions import action


@action
def verser(*, regie: Regie, mode: str, reglements: list[int], par) -> Versement:
    """Hand over these payments (keys): a numbered slip that freezes them. Each is deposited once.

    Its date is the till's: tomorrow once today is closed.
    """
    if mode not in MODES_EN_CAISSE:
        raise Invalide(f"Ce moyen de paiement ne se remet pas : {ModeReglement(mode).label}.")
    if not reglements:
        raise Invalide("Choisissez au moins un règlement à verser.")
    # The counter of the payments first: a counter-entry takes it too, so none slips in between.
    CompteurNumero.objects.verrouiller(regie, Serie.REGLEMENT)
    compteur = CompteurNumero.objects.verrouiller(regie, Serie.VERSEMENT)
    jour = jour_de_caisse(regie)
    choisis = list(
        Reglement.objects.filter(pk__in=reglements)
        .a_verser(regie, mode)
        .select_related("famille", "payeur")
        .prefetch_related("famille__responsables")
        .order_by("recu_le", "numero")
    )
    if len(choisis) != len(set(reglements)):
        raise DejaTraite("Un des règlements choisis est déjà versé ou annulé : la liste a changé.")
    versement = _ecrire_bordereau(regie, mode, compteur, jour, choisis, par)
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.ENCAISSER, objet=versement)
    return versement


@action
def arreter_journee(*, regie: Regie, jour: date, par) -> ClotureCaisse:
    """Close the till until the end of that day, from the day after the last closing."""
    if jour > aujourdhui():
        raise Invalide("Une journée à venir ne s’arrête pas.")
    if jour < aujourdhui() - MEMOIRE:
        raise Invalide("Cette date est trop ancienne : la caisse s’arrête dans les dix dernières années.")
    CompteurNumero.objects.verrouiller(regie, Serie.REGLEMENT)
    return _arreter_journee(regie, jour, par)


@action
def arreter_mois(*, regie: Regie, mois: date, par) -> ClotureCaisse:
    """Close a whole month that is over; its days are closed with it."""
    du = mois.replace(day=1)
    au = mois.replace(day=monthrange(mois.year, mois.month)[1])
    if au >= aujourdhui():
        raise Invalide(f"Le mois {de_mois(du)} n’est pas fini.")
    CompteurNumero.objects.verrouiller(regie, Serie.REGLEMENT)
    if ClotureCaisse.objects.filter(regie=regie, nature=NatureCloture.MOIS, au=au).exists():
        raise DejaTraite(f"Le mois {de_mois(du)} est déjà arrêté.")
    derniere = ClotureCaisse.objects.derniere_journee(regie)
    if derniere is None or derniere < au:
        _arreter_journee(regie, au, par)
    return _ecrire(regie, NatureCloture.MOIS, du, au, par)


def _arreter_journee(regie: Regie, jour: date, par) -> ClotureCaisse:
    derniere = ClotureCaisse.objects.derniere_journee(regie)
    if derniere and jour <= derniere:
        raise DejaTraite(f"La caisse est déjà arrêtée jusqu’au {jour_chiffres(derniere)}.")
    premier = Reglement.objects.filter(regie=regie).order_by("recu_le").values_list("recu_le", flat=True)
    du = derniere + timedelta(days=1) if derniere else min(premier.first() or jour, jour)
    return _ecrire(regie, NatureCloture.JOUR, du, jour, par)


def _ecrire(regie: Regie, nature: NatureCloture, du: date, au: date, par) -> ClotureCaisse:
    journal = journal_de_caisse(regie, du, au)
    cloture = ClotureCaisse.objects.create(
        regie=regie,
        nature=nature,
        du=du,
        au=au,
        nombre=len(journal.mouvements),
        entrees=journal.encaisse,
        sorties=journal.repris,
        totaux={mode: str(net) for mode, net in journal.par_mode.items()},
        solde=journal.solde,
        cloturee_par=par,
    )
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.CLOTURER, objet=cloture)
    return cloture


def _ecrire_bordereau(
    regie: Regie, mode: str, compteur: CompteurNumero, jour: date, choisis: list[Reglement], par
) -> Versement:
    numero = compteur.suivant(jour)
    versement = Versement.objects.create(
        regie=regie,
        numero=numero,
        numero_imprime=f"{regie.prefixe}-B{numero}",
        mode=mode,
        date=jour,
        nombre=len(choisis),
        total=sum(r.montant for r in choisis),
        regie_nom=regie.nom,
        regisseur=regie.regisseur,
        ordre_cheques=regie.ordre_cheques,
        fait_par=par,
    )
    LigneVersement.objects.bulk_create(
        LigneVersement(
            versement=versement,
            reglement=reglement,
            ordre=ordre,
            recu_le=reglement.recu_le,
            payeur=str(reglement.paye_par),
            reference=reglement.reference,
            montant=reglement.montant,
        )
        for ordre, reglement in enumerate(choisis, start=1)
    )
    return versement
