"""Rows that the actions write, inside their transaction and under their locks; never called from a screen."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum

from facturation.brouillons import JOUR, REPRISE, Brouillon, Ligne, Reprise, Unite
from facturation.caisse import a_payer, jour_de_caisse, recu_en_especes
from facturation.copies import emetteur, mentions
from facturation.enums import Serie
from facturation.especes import payable_en_especes
from facturation.models import (
    ClotureCaisse,
    CompteurNumero,
    Facture,
    Imputation,
    LigneFacture,
    Reglement,
    UniteFacturee,
)
from facturation.models.rangees import ecrire_rangees
from facturation.releve import solde
from facturation.repartition import repartir
from familles.enums import ModeReglement
from familles.erreurs import Invalide, Refus
from familles.francais import jour_chiffres
from familles.horloge import aujourdhui
from familles.models import Collectivite, Famille, Regie


def verrouiller_famille(famille: Famille) -> Famille:
    return Famille.objects.select_for_update().get(pk=famille.pk)


def motif_ecrit(motif: str) -> str:
    motif = motif.strip()
    if not motif:
        raise Invalide("Indiquez le motif : il sera imprimé et conservé.")
    return motif


def date_d_ecriture(jour: date | None) -> date:
    if jour is not None and jour > aujourdhui():
        raise Invalide("Une facture ne se date pas dans l’avenir.")
    return jour or aujourdhui()


def echeance_de(regie: Regie, jour: date) -> date:
    return jour + timedelta(days=regie.delai_paiement_jours)


def ecrire_facture(famille: Famille, regie: Regie, numero: int, copie: dict, **champs) -> Facture:
    """The frozen row; `copie` is the debtor as printed."""
    commun = emetteur(Collectivite.objects.courante(), regie)
    return Facture.objects.create(
        famille=famille,
        regie=regie,
        numero=numero,
        numero_imprime=f"{regie.prefixe}-{numero}",
        solde_anterieur=solde(famille, regie),
        mentions=mentions(commun, avoir=False),
        **commun,
        **copie,
        **champs,
    )


def ecrire_lignes(facture: Facture, brouillon: Brouillon) -> None:
    ecrire_en_nombre([(facture, brouillon.lignes)])


def ecrire_en_nombre(couples: list[tuple[Facture, list[Ligne]]]) -> None:
    """Lines of invoices already written, and the units they bill (once: the database sees to it)."""
    ecrites = LigneFacture.objects.bulk_create(
        [
            _ligne(facture, ordre, ligne)
            for facture, lignes in couples
            for ordre, ligne in enumerate(lignes, start=1)
        ]
    )
    paires = list(zip(ecrites, (ligne for _, lignes in couples for ligne in lignes), strict=True))
    # A surcharge is a second line on the same days: its amount is in the unit of the first.
    majorations = {
        (ecrite.facture_id, unite.enfant.pk, unite.prestation.pk, unite.jour): ecrite.pk
        for ecrite, ligne in paires
        if ligne.majoration
        for unite in ligne.unites
    }
    rendues = {r.unite_id: ecrite.pk for ecrite, ligne in paires if ligne.majoration for r in ligne.reprises}
    reprises = [(e, r) for e, ligne in paires if ligne.genre == REPRISE for r in ligne.reprises]
    # A day taken back without being free again (a gift) stays in force: nobody will bill it.
    liberees = [r.unite_id for _, r in reprises if r.refacturable]
    if liberees:
        UniteFacturee.objects.filter(pk__in=liberees).liberer()
    familles = {facture.pk: facture.famille_id for facture, _ in couples}
    unites = [
        _unite(ecrite, unite, familles[ecrite.facture_id], majorations)
        for ecrite, ligne in paires
        if ligne.genre == JOUR
        for unite in ligne.unites
    ]
    ecrire_rangees(
        UniteFacturee,
        unites
        + [
            _contraire(ecrite, reprise, familles[ecrite.facture_id], rendues.get(reprise.unite_id))
            for ecrite, reprise in reprises
        ],
    )


def _ligne(facture: Facture, ordre: int, ligne: Ligne) -> LigneFacture:
    return LigneFacture(
        facture=facture,
        ordre=ordre,
        enfant=ligne.enfant,
        enfant_nom=str(ligne.enfant) if ligne.enfant else "",
        prestation=ligne.prestation,
        libelle=ligne.libelle,
        quantite=ligne.quantite,
        prix_unitaire=ligne.prix_unitaire,
        montant=ligne.montant,
        jours=ligne.jours,
        explication=ligne.explication,
        nature_fiscale=ligne.nature_fiscale,
    )


class RangeeUnite(NamedTuple):
    """A row of `UniteFacturee`."""

    facture_id: int
    ligne_id: int
    ligne_majoration_id: int | None
    famille_id: int
    enfant_id: int | None
    prestation_id: int | None
    frais_id: int | None
    jour: date
    cas: str
    montant: Decimal
    majoration: Decimal
    signe: int = 1
    en_vigueur: bool = True
    annule_id: int | None = None


def _unite(ecrite: LigneFacture, unite: Unite, famille_id: int, majorations: dict) -> RangeeUnite:
    majoree = None
    if unite.prix.majoration:
        majoree = majorations[ecrite.facture_id, unite.enfant.pk, unite.prestation.pk, unite.jour]
    return RangeeUnite(
        facture_id=ecrite.facture_id,
        ligne_id=ecrite.pk,
        ligne_majoration_id=majoree,
        famille_id=famille_id,
        enfant_id=ecrite.enfant_id,
        prestation_id=ecrite.prestation_id,
        frais_id=unite.frais.pk if unite.frais else None,
        jour=unite.jour,
        cas=unite.cas,
        montant=unite.prix.total,
        majoration=unite.prix.majoration,
    )


def _contraire(
    ecrite: LigneFacture, reprise: Reprise, famille_id: int, majoration: int | None
) -> RangeeUnite:
    return RangeeUnite(
        facture_id=ecrite.facture_id,
        ligne_id=ecrite.pk,
        ligne_majoration_id=majoration,
        famille_id=famille_id,
        enfant_id=ecrite.enfant_id,
        prestation_id=ecrite.prestation_id,
        frais_id=reprise.frais_id,
        jour=reprise.jour,
        cas=reprise.cas,
        signe=-1,
        montant=-reprise.montant,
        majoration=-reprise.majoration,
        en_vigueur=False,
        annule_id=reprise.unite_id,
    )


def _refuser_jour_clos(regie: Regie, jour: date) -> None:
    close = ClotureCaisse.objects.derniere_journee(regie)
    if close and jour <= close:
        raise Refus(
            f"La caisse de la {regie.nom} est arrêtée jusqu’au {jour_chiffres(close)} : rien ne s’y écrit "
            f"plus à cette date. Datez cette écriture du {jour_chiffres(jour_de_caisse(regie))}."
        )


def ecrire_reglement(famille: Famille, regie: Regie, recu_le: date | None = None, **champs) -> Reglement:
    """The row, under the counter's lock: the closing of a day takes the same, so that none is missed.

    Without a date, that of the till.
    """
    compteur = CompteurNumero.objects.verrouiller(regie, Serie.REGLEMENT)
    recu_le = recu_le or jour_de_caisse(regie)
    _refuser_jour_clos(regie, recu_le)
    numero = compteur.suivant(aujourdhui())
    return Reglement.objects.create(
        famille=famille,
        regie=regie,
        numero=numero,
        numero_imprime=f"{regie.prefixe}-{numero}",
        recu_le=recu_le,
        **champs,
    )


def imputer_le_credit(famille: Famille, regie: Regie, d_abord: Collection[int] = ()) -> None:
    imputer_les_credits([famille.pk], regie, d_abord)


def imputer_les_credits(familles: Collection[int], regie: Regie, d_abord: Collection[int] = ()) -> None:
    """Spread what payments still hold over what is due: chosen invoices first, then the oldest.

    Cash pays of an invoice what the law lets it, whenever it came in. The families must be locked. Four
    queries at most, for one or for all.
    """
    reglements = (
        Reglement.objects.filter(famille__in=familles, regie=regie)
        .contrepassables()
        .avec_disponible()
        .filter(disponible__gt=0)
        .order_by("recu_le", "numero")
    )
    credits: dict[int, list[tuple[Reglement, Decimal]]] = defaultdict(list)
    for reglement in reglements:
        credits[reglement.famille_id].append((reglement, reglement.disponible))
    if not credits:
        return
    dues = a_payer(list(credits), regie.pk, d_abord)
    comptants = {r.pk for siens in credits.values() for r, _ in siens if r.mode == ModeReglement.ESPECES}
    deja = recu_en_especes([facture.pk for facture in dues] if comptants else ())
    imputations = []
    for famille_id, siens in credits.items():
        restes = {facture: facture.reste for facture in dues if facture.famille_id == famille_id}
        for reglement, disponible in siens:
            comptant = reglement.pk in comptants
            payables = [
                (facture, payable_en_especes(reste, deja[facture.pk]) if comptant else reste)
                for facture, reste in restes.items()
            ]
            for facture, part in repartir(disponible, payables):
                restes[facture] -= part
                if comptant:
                    deja[facture.pk] += part
                imputations.append(Imputation(reglement=reglement, facture=facture, montant=part))
    Imputation.objects.bulk_create(imputations)


def rendre_imputations(imputations) -> Decimal:
    """Take these imputations back by opposite ones; returns what was given back."""
    nettes = imputations.order_by().values("reglement", "facture").annotate(net=Sum("montant"))
    contraires = [
        Imputation(reglement_id=n["reglement"], facture_id=n["facture"], montant=-n["net"])
        for n in nettes
        if n["net"]
    ]
    Imputation.objects.bulk_create(contraires)
    return -sum((i.montant for i in contraires), Decimal("0.00"))
