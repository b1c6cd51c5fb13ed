"""Reminders: one letter per family, régie and level; an invoice is reminded once at each."""

from django.urls import reverse

from facturation.annonces import LECTEURS
from facturation.copies import debiteur_de
from facturation.models import Facture, FactureRelancee, NiveauRelance, Relance
from facturation.relances import a_relancer
from familles.enums import VerbeTrace
from familles.erreurs import Refus
from familles.francais import euros, pluriel
from familles.horloge import aujourdhui
from familles.models import Famille, Regie, Trace
from familles.transactions import action
from messagerie.actions import informer


def relancer(*, regie: Regie, niveau: NiveauRelance, familles: list[int], par) -> list[Relance]:
    """Write to these families (keys), one transaction each; those with nothing left to remind are passed."""
    ecrites = [
        relancer_famille(regie=regie, niveau=niveau, famille=famille, par=par)
        for famille in Famille.objects.filter(pk__in=familles).order_by("pk")
    ]
    return [relance for relance in ecrites if relance]


@action
def relancer_famille(*, regie: Regie, niveau: NiveauRelance, famille: Famille, par) -> Relance | None:
    """The letter of a level about all that the family owes and that this level has not reminded yet."""
    if not niveau.actif:
        raise Refus(f"Le niveau {niveau.niveau} de relance n’est pas utilisé.")
    famille = Famille.objects.select_for_update().get(pk=famille.pk)
    factures = [f for f in a_relancer(regie, niveau, aujourdhui()) if f.famille_id == famille.pk]
    if not factures:
        return None
    adresse = debiteur_de(factures[-1])
    relance = Relance.objects.create(
        regie=regie,
        famille=famille,
        niveau=niveau.niveau,
        date=aujourdhui(),
        total=sum(f.reste for f in factures),
        objet=niveau.objet,
        texte=niveau.texte,
        instructions=factures[-1].instructions,
        destinataire=adresse["destinataire"],
        destinataire_adresse=adresse["destinataire_adresse"],
        destinataire_code_postal=adresse["destinataire_code_postal"],
        destinataire_ville=adresse["destinataire_ville"],
        envoyee_par=par,
    )
    FactureRelancee.objects.bulk_create(
        FactureRelancee(relance=relance, facture=f, niveau=niveau.niveau, reste=f.reste) for f in factures
    )
    Trace.objects.inscrire(par=par, verbe=VerbeTrace.RELANCER, objet=relance, famille=famille)
    _annoncer(relance, factures, par)
    return relance


def _annoncer(relance: Relance, factures: list[Facture], par) -> None:
    nombre = pluriel(len(factures), "facture", "factures")
    informer(
        famille=relance.famille,
        sujet=relance.objet,
        corps=f"{relance.texte}\n\n{nombre}, {euros(relance.total)} à régler. {relance.instructions}".strip(),
        lien=reverse("facturation:relance_pdf", args=[relance.pk]),
        annonce="Une information sur votre compte vous attend sur le portail",
        avis=True,
        droit=LECTEURS,
        par=par,
    )
