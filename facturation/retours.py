"""What an invoice still holds and a credit note would give back: days, surcharges, lines taken over."""

from collections.abc import Iterable

from facturation.apercu import reprise_de
from facturation.brouillons import Ligne, Unite, composer
from facturation.models import Facture, LigneFacture, UniteFacturee
from facturation.tarifs import Prix
from familles.enums import NatureFiscale
from familles.erreurs import Refus
from familles.francais import jour_chiffres

CLE = ("enfant", "prestation", "jour")


def a_rendre(facture: Facture) -> list[Ligne]:
    """What a credit note of the whole invoice would say now; nothing when it was given back already."""
    reprises = [reprise_de(u, "") for u in unites_de(facture).dues()]
    return composer(_retablies(facture), reprises, facture.du, facture.au) + _sans_unite(facture)


def unites_de(facture: Facture):
    unites = UniteFacturee.objects.filter(facture=facture)
    return unites.select_related("enfant", "prestation", "frais", "facture", "ligne").order_by("jour", "pk")


def _retablies(facture: Facture) -> list[Unite]:
    """Days that this invoice had taken back are due again, as they were.

    Not when another invoice bills one anew since: cancelling them in their order keeps every amount true.
    """
    rendues = set(UniteFacturee.objects.filter(facture__avoir_de=facture, signe=1).values_list(*CLE))
    reprises = [
        u
        for u in unites_de(facture).filter(signe=-1)
        if u.prestation_id and (u.enfant_id, u.prestation_id, u.jour) not in rendues
    ]
    _refuser_ce_qui_est_refacture(facture, reprises)
    return [
        Unite(
            u.enfant,
            u.prestation,
            u.jour,
            Prix(u.majoration - u.montant, "Rétabli : sa reprise est annulée.", -u.majoration, "Rétabli."),
            u.cas,
        )
        for u in reprises
    ]


def _refuser_ce_qui_est_refacture(facture: Facture, reprises: Iterable[UniteFacturee]) -> None:
    cles = {(u.enfant_id, u.prestation_id, u.jour) for u in reprises}
    ailleurs = UniteFacturee.objects.en_vigueur().filter(enfant__in={enfant for enfant, _, _ in cles})
    for unite in ailleurs.exclude(facture=facture).select_related("facture").order_by("jour"):
        if (unite.enfant_id, unite.prestation_id, unite.jour) in cles:
            raise Refus(
                f"La facture {facture.numero_imprime} avait repris le {jour_chiffres(unite.jour)}, que la "
                f"facture {unite.facture.numero_imprime} facture de nouveau : annulez d’abord celle-ci."
            )


def _sans_unite(facture: Facture) -> list[Ligne]:
    """Lines that bill no day (taken over from another program, perhaps without its lines), unless a credit
    note gave them back.
    """
    lignes = LigneFacture.objects.filter(unites=None, unites_majorees=None)
    if lignes.filter(facture__avoir_de=facture).exists():
        return []
    siennes = lignes.filter(facture=facture).select_related("enfant", "prestation").order_by("ordre")
    if facture.total and not facture.lignes.exists():
        nature = NatureFiscale.AUTRE
        return [Ligne(None, None, f"Facture {facture.numero_imprime}", -1, facture.total, "", nature)]
    return [
        Ligne(
            li.enfant,
            li.prestation,
            li.libelle,
            -li.quantite,
            li.prix_unitaire,
            li.explication,
            li.nature_fiscale,
        )
        for li in siennes
    ]
