"""The billed days that a dated price gives: while one is in force, that price is part of what was invoiced.
So are the fees of a year.

Its amounts stay as they are, or the explanation would no longer be true and a correction would bill something
else. Another price takes over from a later day, or once the days are given back by credit notes.
"""

from collections import defaultdict
from datetime import date

from django.db.models import Max, Min

from facturation.enums import EtatCampagne
from facturation.faits import Donnees, Tarifs
from facturation.models import Campagne, CompteurNumero, ReglesFacturation, Tarif, UniteFacturee
from familles.francais import enumerer, jour_chiffres
from familles.models import Prestation, Regie, Scolarite


def refus_de_changer(cle: int) -> str:
    """Why this price, as it is stored, may neither change nor go; "" when it may."""
    tarif = Tarif.objects.select_related("prestation__regie").get(pk=cle)
    jours = jours_factures(tarif)
    if jours is None:
        return _en_facturation(tarif.prestation.regie)
    return (
        f"Des journées sont facturées à ce prix, {_du_au(*jours)} : il ne se modifie ni ne se supprime. "
        "Pour un autre prix, changez « à partir du » pour un jour qui n’est pas facturé, puis « Enregistrer "
        "en tant que nouveau »."
    )


# What still changes of fees that are billed: their name on the next invoices, and when they end.
LIBRES_DES_FRAIS = frozenset({"libelle", "au"})


def refus_de_changer_les_frais(cle: int) -> str:
    """Why these fees, as they are stored, may neither change nor go; "" when they may."""
    unites = UniteFacturee.objects.en_vigueur().filter(frais=cle)
    bornes = unites.aggregate(premiere=Min("jour"), derniere=Max("jour"))
    if bornes["premiere"] is None:
        return _en_facturation(Regie.objects.get(frais=cle))
    annees = " à ".join(dict.fromkeys(f"{jour.year}-{jour.year + 1}" for jour in bornes.values()))
    suivante = bornes["derniere"].replace(year=bornes["derniere"].year + 1)
    return (
        f"Ces frais sont facturés (année {annees}) : ils ne se suppriment pas, et seuls leur libellé et leur "
        "fin se modifient. Pour un autre montant ou d’autres règles, donnez-leur une fin et ajoutez-en "
        f"d’autres à partir du {jour_chiffres(suivante)}."
    )


def refus_de_prendre(voulu: Tarif) -> str:
    """Why this price may not begin that day: it would slip under days that were billed at another."""
    jours = jours_factures(voulu)
    if jours is None:
        return _en_facturation(voulu.prestation.regie)
    return (
        f"Des journées déjà facturées à un autre prix prendraient celui-ci, {_du_au(*jours)} : faites-le "
        f"commencer après le {jour_chiffres(jours[1])}."
    )


def avis_sur_la_prestation(stockee: Prestation, voulue: Prestation) -> str:
    """What becomes of its billed days when another way of billing begins: a town may change its own."""
    champs = ("nature_fiscale", "terme", "unite")
    changes = [champ for champ in champs if getattr(stockee, champ) != getattr(voulue, champ)]
    unites = UniteFacturee.objects.en_vigueur().filter(prestation=stockee.pk).order_by()
    bornes = unites.aggregate(premier=Min("jour"), dernier=Max("jour")) if changes else {}
    if not bornes.get("premier"):
        return ""
    noms = enumerer([f"« {Prestation._meta.get_field(champ).verbose_name} »" for champ in changes])
    phrase = (
        f"Des journées de « {voulue} » sont déjà facturées, {_du_au(bornes['premier'], bornes['dernier'])} : "
        f"leurs factures gardent ce qu’elles disent, {noms} ne vaut que pour les suivantes."
    )
    if set(changes) & {"terme", "unite"}:
        phrase += " Relisez l’aperçu de la prochaine facturation : aucune période ne doit y manquer."
    return phrase


def refus_de_changer_le_prefixe(regie: Regie) -> str:
    """Its numbers are printed: another régie that took the prefix would number twice."""
    if not CompteurNumero.objects.filter(regie=regie.pk, dernier__gt=0).exists():
        return ""
    return f"Des factures ou des règlements portent déjà ce préfixe ({regie.prefixe}) : il ne change plus."


def _en_facturation(regie: Regie) -> str:
    """While its invoices are being issued, their prices are those of the preview that was confirmed."""
    if not Campagne.objects.filter(regie=regie, etat=EtatCampagne.EN_COURS).exists():
        return ""
    return f"La {regie.nom} est en cours de facturation : changez ses prix une fois qu’elle est terminée."


def _du_au(premier: date, dernier: date) -> str:
    if premier == dernier:
        return f"le {jour_chiffres(premier)}"
    return f"du {jour_chiffres(premier)} au {jour_chiffres(dernier)}"


def jours_factures(tarif: Tarif) -> tuple[date, date] | None:
    """First and last day in force that takes this price, saved or not."""
    autres = list(Tarif.objects.filter(prestation=tarif.prestation_id).exclude(pk=tarif.pk))
    unites = UniteFacturee.objects.en_vigueur().filter(prestation=tarif.prestation_id, jour__gte=tarif.du)
    if not tarif.niveaux and not any(autre.niveaux for autre in autres):
        suivants = [autre.du for autre in autres if autre.du > tarif.du]
        siennes = unites.filter(jour__lt=min(suivants)) if suivants else unites
        bornes = siennes.aggregate(premier=Min("jour"), dernier=Max("jour"))
        return (bornes["premier"], bornes["dernier"]) if bornes["premier"] else None
    return _selon_le_niveau(tarif, autres, unites)


def _selon_le_niveau(tarif: Tarif, autres: list[Tarif], unites) -> tuple[date, date] | None:
    """As an invoice chooses: the price of the child's level or class that day, else that of everyone."""
    lues = list(unites.order_by().values_list("enfant", "jour").distinct())
    scolarites: dict[int, list[Scolarite]] = defaultdict(list)
    for scolarite in Scolarite.objects.filter(enfant__in={e for e, _ in lues}).order_by("-du"):
        scolarites[scolarite.enfant_id].append(scolarite)
    dates = sorted([tarif, *autres], key=lambda t: t.du, reverse=True)
    tarifs = Tarifs({}, {tarif.prestation_id: dates}, {}, ReglesFacturation())
    donnees = Donnees(tarifs, scolarites=scolarites)
    jours = [jour for enfant, jour in lues if donnees.tarif(tarif.prestation_id, enfant, jour) is tarif]
    return (min(jours), max(jours)) if jours else None
