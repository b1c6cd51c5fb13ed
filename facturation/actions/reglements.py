"""Payments: recorded, taken back by a counter-entry; never edited afterwards."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.urls import reverse

from facturation import ecritures
from facturation.annonces import LECTEURS
from facturation.caisse import MEMOIRE, jour_de_caisse, refus_en_especes
from facturation.enums import CauseContrepassation
from facturation.models import Facture, Imputation, Reglement
from facturation.payeurs import payeurs_retenus
from familles.enums import ModeReglement, VerbeTrace
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.francais import euros, jour_chiffres
from familles.horloge import aujourdhui
from familles.models import Famille, Regie, Responsable, Trace
from familles.transactions import action, sauf_doublon
from messagerie.actions import informer


class FormulaireRepris(Refus):
    """A form that has recorded its payment comes back with another one: nothing was written."""


# budget: a keyword for each thing that a payment says.
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
    payeur: Responsable | None = None,
    factures: list[Facture] | None = None,
    jeton: UUID | None = None,
) -> Reglement:
    """Record a payment; it pays the chosen invoices first, then the oldest; the rest stays as credit.

    `payeur`: who of the family's adults; the couple that lives together, else the first of those liable, by
    default.

    `jeton` names the form that was filled in: sent a second time, it raises DejaTraite, or FormulaireRepris
    when it holds another payment by then.
    """
    _juger(regie, mode, montant, recu_le)
    if any(f.famille_id != famille.pk or f.regie_id != regie.pk for f in factures or ()):
        raise Invalide("Une des factures choisies n’est pas de cette famille ou de cette régie.")
    famille = ecritures.verrouiller_famille(famille)
    dit = {
        "mode": mode,
        "montant": montant,
        "recu_le": recu_le,
        "reference": reference,
        **payeurs_retenus(famille, payeur),
    }
    choisies = [f.pk for f in factures or ()]
    with sauf_doublon(lambda: _deja_encaisse(jeton, famille, regie, factures or [], dit)):
        reglement = ecritures.ecrire_reglement(famille, regie, enregistre_par=par, jeton=jeton, **dit)
    # After the writing: the same form sent twice is said to be so first.
    if refus := refus_en_especes(reglement, d_abord=choisies):
        raise Invalide(refus)
    ecritures.imputer_le_credit(famille, regie, d_abord=choisies)
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.ENCAISSER, objet=reglement, famille=famille)
    return reglement


def _deja_encaisse(
    jeton: UUID | None, famille: Famille, regie: Regie, factures: list[Facture], dit: dict
) -> str | None:
    premier = (
        Reglement.objects.filter(jeton=jeton).select_related("famille", "payeur", "avec").first()
        if jeton
        else None
    )
    if premier is None:
        return None
    if premier.dit_autre_chose(famille, regie, factures, **dit):
        raise FormulaireRepris(
            f"Cette page a déjà servi à enregistrer le règlement {premier} de {euros(premier.montant)} "
            f"({premier.paye_par}). Ce qui est saisi ici est différent et n’est pas encore enregistré : "
            "relisez, puis envoyez de nouveau."
        )
    return f"Ce règlement est déjà enregistré, sous le numéro {premier} : rien ne l’a été une seconde fois."


def _juger(regie: Regie, mode: str, montant: Decimal, recu_le: date) -> None:
    if mode not in regie.modes:
        raise Invalide(
            f"L’acte de la {regie.nom} ne permet pas ce moyen de paiement : {ModeReglement(mode).label}."
        )
    if montant <= 0:
        raise Invalide("Le montant d’un règlement est positif.")
    # Once today is closed, what comes in belongs to tomorrow's till.
    if recu_le > jour_de_caisse(regie):
        raise Invalide("Un règlement ne peut être reçu dans l’avenir.")
    if recu_le < aujourdhui() - MEMOIRE:
        raise Invalide("Un règlement reçu il y a plus de dix ans ne s’enregistre plus : vérifiez l’année.")


@action
def contrepasser(
    *, reglement: Reglement, motif: str, par, cause: str = CauseContrepassation.AUTRE
) -> Reglement:
    """Take a payment back by a counter-entry on the till's day: what it had paid is due again.

    The day of the payment may be closed; today too, the counter-entry is then tomorrow's. A cheque that came
    back is told to the family.
    """
    motif = _motif_dit(cause, motif)
    if cause == CauseContrepassation.IMPAYE and reglement.mode != ModeReglement.CHEQUE:
        raise Invalide("Seul un chèque revient impayé : choisissez un autre motif.")
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
        reference=reglement.reference,
        payeur=reglement.payeur,
        avec=reglement.avec,
        contrepasse=reglement,
        motif=motif,
        enregistre_par=par,
    )
    ecritures.rendre_imputations(Imputation.objects.filter(reglement=reglement))
    ecritures.imputer_le_credit(famille, reglement.regie)
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.CONTREPASSER, objet=ecrit, famille=famille)
    if cause == CauseContrepassation.IMPAYE:
        _annoncer_impaye(ecrit, par)
    return ecrit


def _motif_dit(cause: str, motif: str) -> str:
    """« Chèque impayé : sans provision »; only « Autre motif » must be spelled out."""
    if cause == CauseContrepassation.AUTRE:
        return ecritures.motif_ecrit(motif)
    return " : ".join(filter(None, [CauseContrepassation(cause).label, motif.strip()]))


def _annoncer_impaye(ecrit: Reglement, par) -> None:
    """To who signed it: the account's, unless the other adult paid alone."""
    cheque = ecrit.contrepasse
    au_compte = cheque.avec or cheque.payeur in (None, ecrit.famille.titulaire)
    reference = f" ({cheque.reference})" if cheque.reference else ""
    informer(
        famille=ecrit.famille,
        responsable=None if au_compte else cheque.payeur,
        sujet="Votre chèque est revenu impayé",
        corps=f"Votre chèque{reference} de {euros(cheque.montant)}, reçu le {jour_chiffres(cheque.recu_le)}, "
        "nous est revenu impayé : les factures qu’il payait sont de nouveau à régler. Pour toute difficulté, "
        "répondez à ce message.",
        lien=reverse("facturation:releve"),
        annonce="Une information sur votre compte vous attend sur le portail",
        avis=True,
        droit=LECTEURS,
        par=par,
    )
