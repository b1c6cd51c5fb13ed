"""Rows that the actions write, inside their transaction and under their locks; never called from a screen."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from facturation.brouillons import Brouillon
from facturation.copies import emetteur
from facturation.enums import Serie
from facturation.models import (
    ClotureCaisse,
    CompteurNumero,
    Facture,
    Imputation,
    LigneFacture,
    Reglement,
    UniteFacturee,
)
from facturation.releve import solde
from facturation.repartition import repartir
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


def ecrire_facture(famille: Famille, regie: Regie, numero: int, copie: dict, **champs) -> Facture:
    """The frozen row; `copie` is the debtor as printed."""
    return Facture.objects.create(
        famille=famille,
        regie=regie,
        numero=numero,
        numero_imprime=f"{regie.prefixe}-{numero}",
        solde_anterieur=solde(famille, regie),
        **emetteur(Collectivite.objects.courante(), regie),
        **copie,
        **champs,
    )


def ecrire_lignes(facture: Facture, brouillon: Brouillon) -> None:
    """Lines of the draft, and the days they bill (which the database accepts once)."""
    lignes = LigneFacture.objects.bulk_create(
        LigneFacture(
            facture=facture,
            ordre=ordre,
            enfant=ligne.enfant,
            enfant_nom=str(ligne.enfant),
            prestation=ligne.prestation,
            libelle=ligne.libelle,
            quantite=ligne.quantite,
            prix_unitaire=ligne.prix_unitaire,
            montant=ligne.montant,
            jours=ligne.jours,
            explication=ligne.explication,
            nature_fiscale=ligne.nature_fiscale,
        )
        for ordre, ligne in enumerate(brouillon.lignes, start=1)
    )
    UniteFacturee.objects.bulk_create(
        UniteFacturee(
            facture=facture,
            ligne=ecrite,
            enfant=unite.enfant,
            prestation=unite.prestation,
            jour=unite.jour,
            montant=unite.prix.total,
        )
        for ecrite, ligne in zip(lignes, brouillon.lignes, strict=True)
        # A surcharge is a second line on the same days: its amount is in the unit of the first.
        if not ligne.majoration
        for unite in ligne.unites
    )


def renverser_lignes(facture: Facture, avoir: Facture) -> None:
    """The credit note's lines and units, opposite to the invoice's, whose days become free again."""
    renversees: dict[int, LigneFacture] = {}
    for ligne in facture.lignes.order_by("ordre"):
        origine = ligne.pk
        ligne.pk, ligne.facture = None, avoir
        ligne.quantite, ligne.montant = -ligne.quantite, -ligne.montant
        renversees[origine] = ligne
    LigneFacture.objects.bulk_create(renversees.values())
    UniteFacturee.objects.bulk_create(
        UniteFacturee(
            facture=avoir,
            ligne=renversees[unite.ligne_id],
            enfant_id=unite.enfant_id,
            prestation_id=unite.prestation_id,
            jour=unite.jour,
            signe=-1,
            montant=-unite.montant,
            en_vigueur=False,
            annule=unite,
        )
        for unite in facture.unites.en_vigueur()
    )
    facture.unites.en_vigueur().liberer()


def refuser_jour_clos(regie: Regie, jour: date) -> None:
    close = ClotureCaisse.objects.derniere_journee(regie)
    if close and jour <= close:
        raise Refus(
            f"La caisse de la {regie.nom} est arrêtée jusqu’au {jour_chiffres(close)} : rien ne s’y écrit "
            "plus à cette date."
        )


def ecrire_reglement(famille: Famille, regie: Regie, **champs) -> Reglement:
    """The row, under the counter's lock: the closing of a day takes the same, so that none is missed."""
    compteur = CompteurNumero.objects.verrouiller(regie, Serie.REGLEMENT)
    refuser_jour_clos(regie, champs["recu_le"])
    numero = compteur.suivant(aujourdhui())
    return Reglement.objects.create(
        famille=famille, regie=regie, numero=numero, numero_imprime=f"{regie.prefixe}-{numero}", **champs
    )


def imputer_le_credit(famille: Famille, regie: Regie, d_abord: list[int] | tuple[int, ...] = ()) -> None:
    """Spread what payments still hold over what is due: chosen invoices first, then the oldest.

    The family must be locked.
    """
    reglements = (
        Reglement.objects.filter(famille=famille, regie=regie)
        .contrepassables()
        .avec_disponible()
        .filter(disponible__gt=0)
        .order_by("recu_le", "numero")
    )
    credits = [(r, r.disponible) for r in reglements]
    if not credits:
        return
    dues = list(Facture.objects.filter(famille=famille, regie=regie).impayees())
    dues.sort(key=lambda f: f.pk not in d_abord)
    restes = {facture: facture.reste for facture in dues}
    imputations = []
    for reglement, disponible in credits:
        for facture, part in repartir(disponible, list(restes.items())):
            restes[facture] -= part
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
