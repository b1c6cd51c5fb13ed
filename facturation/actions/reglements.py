"""Payments: recorded, taken back by a counter-entry; never edited afterwards."""

from datetime import date
from decimal import Decimal

from facturation import ecritures
from facturation.models import Facture, Imputation, Reglement
from familles.enums import ModeReglement, VerbeTrace
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.francais import euros
from familles.horloge import aujourdhui
from familles.models import Famille, Regie, Trace
from familles.transactions import action

# CGI art. 1680 and its decree: no more in cash for one payment.
PLAFOND_ESPECES = Decimal("300.00")


@action
def encaisser(
    *,
    famille: Famille,
    regie: Regie,
    mode: str,
    montant: Decimal,
    recu_le: date,
    par,
    reference: str = "",
    factures: list[Facture] | None = None,
) -> Reglement:
    """Record a payment; it pays the chosen invoices first, then the oldest; the rest stays as credit."""
    if mode not in regie.modes:
        raise Invalide(
            f"L’acte de la {regie.nom} ne permet pas ce moyen de paiement : {ModeReglement(mode).label}."
        )
    if montant <= 0:
        raise Invalide("Le montant d’un règlement est positif.")
    if mode == ModeReglement.ESPECES and montant > PLAFOND_ESPECES:
        raise Invalide(f"Un paiement en espèces ne peut dépasser {euros(PLAFOND_ESPECES)}.")
    if recu_le > aujourdhui():
        raise Invalide("Un règlement ne peut être reçu dans l’avenir.")
    if any(f.famille_id != famille.pk or f.regie_id != regie.pk for f in factures or ()):
        raise Invalide("Une des factures choisies n’est pas de cette famille ou de cette régie.")
    famille = ecritures.verrouiller_famille(famille)
    reglement = ecritures.ecrire_reglement(
        famille, regie, mode=mode, montant=montant, recu_le=recu_le, reference=reference, enregistre_par=par
    )
    ecritures.imputer_le_credit(famille, regie, d_abord=[f.pk for f in factures or ()])
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.ENCAISSER, objet=reglement, famille=famille)
    return reglement


@action
def contrepasser(*, reglement: Reglement, motif: str, par) -> Reglement:
    """Take a payment back by a counter-entry of today: what it had paid is due again."""
    motif = ecritures.motif_ecrit(motif)
    famille = ecritures.verrouiller_famille(reglement.famille)
    if reglement.contrepasse_id:
        raise Refus("Une contre-écriture ne s’annule pas : enregistrez le règlement de nouveau.")
    if Reglement.objects.filter(contrepasse=reglement).exists():
        raise DejaTraite(f"Le règlement {reglement.numero_imprime} a déjà sa contre-écriture.")
    ecrit = ecritures.ecrire_reglement(
        famille,
        reglement.regie,
        mode=reglement.mode,
        montant=-reglement.montant,
        recu_le=aujourdhui(),
        reference=reglement.reference,
        contrepasse=reglement,
        motif=motif,
        enregistre_par=par,
    )
    ecritures.rendre_imputations(Imputation.objects.filter(reglement=reglement))
    ecritures.imputer_le_credit(famille, reglement.regie)
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.CONTREPASSER, objet=ecrit, famille=famille)
    return ecrit
