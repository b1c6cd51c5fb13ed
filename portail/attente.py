"""What waits for the staff: the cards of the admin's first page, each only for those who may act on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from demandes.models import Demande
from demandes.natures import NATURES
from facturation.models import Facture
from familles.enums import TermeFacturation
from familles.francais import mois_en_lettres
from familles.horloge import aujourdhui
from familles.models import Prestation
from messagerie.models import Conversation, Courriel
from planning.enums import ATTENDUS, EtatReservation
from planning.models import Cloture, Journee, Pointage, Reservation

JOURS_D_APPEL = 14


@dataclass(frozen=True)
class Attente:
    """A card: how many, of what, and where to deal with them."""

    libelle: str
    nombre: int
    adresse: str
    urgent: bool = False


def ce_qui_attend(utilisateur) -> list[Attente]:
    """The cards of this person, in the order of a day's work; a bounded number of queries."""
    lectures = (
        ("demandes.change_demande", _demandes),
        ("messagerie.change_conversation", _messages),
        ("planning.add_pointage", _appels),
        ("planning.change_journee", _liste_d_attente),
        ("planning.add_cloture", _a_facturer),
        ("facturation.view_facture", _impayees),
        ("messagerie.view_courriel", _courriels),
    )
    jour = aujourdhui()
    return [
        carte for permission, lire in lectures if utilisateur.has_perm(permission) for carte in lire(jour)
    ]


def _adresse(nom: str, parametres: str = "") -> str:
    return reverse(f"admin:{nom}") + parametres


def _demandes(jour: date) -> Iterator[Attente]:
    """By nature, those for today or tomorrow apart: two queries."""
    liste = "demandes_demande_changelist"
    urgentes = Demande.objects.urgentes(jour).count()
    if urgentes:
        libelle = "Demandes pour aujourd’hui ou demain"
        yield Attente(libelle, urgentes, _adresse(liste, "?urgence=oui"), urgent=True)
    par_nature = dict(
        Demande.objects.en_attente().order_by().values_list("nature").annotate(nombre=Count("pk"))
    )
    if not par_nature:
        yield Attente("Demandes des familles", 0, _adresse(liste))
    for cle, nature in NATURES.items():
        if par_nature.get(cle):
            yield Attente(nature.libelle, par_nature[cle], _adresse(liste, f"?nature={cle}"))


def _messages(jour: date) -> Iterator[Attente]:
    nombre = Conversation.objects.echanges().a_traiter().count()
    adresse = _adresse("messagerie_conversation_changelist", "?reponse=attendue")
    yield Attente("Messages à traiter", nombre, adresse)


def _appels(jour: date) -> Iterator[Attente]:
    """Children expected today and not noted yet, then the registers forgotten: two queries."""
    notes = Pointage.objects.filter(
        enfant=OuterRef("enfant"), prestation=OuterRef("prestation"), jour=OuterRef("jour")
    )
    attendus = Reservation.objects.filter(~Exists(notes), etat__in=ATTENDUS)
    appel = _adresse("planning_pointage_appel")
    yield Attente("Appel du jour : enfants à pointer", attendus.filter(jour=jour).count(), appel)
    oublies = attendus.filter(jour__range=(jour - timedelta(days=JOURS_D_APPEL), jour - timedelta(days=1)))
    couples = list(oublies.order_by("jour", "prestation").values_list("prestation", "jour").distinct())
    if couples:
        prestation, quand = couples[0]
        suite = f"?prestation={prestation}&jour={quand:%Y-%m-%d}"
        yield Attente("Appels incomplets des deux dernières semaines", len(couples), appel + suite)


def _liste_d_attente(jour: date) -> Iterator[Attente]:
    """Days on which someone waits though a place is free: four queries."""
    attente = Reservation.objects.filter(etat=EtatReservation.LISTE_ATTENTE, jour__gte=jour)
    couples = list(attente.order_by("jour").values_list("prestation", "jour").distinct())
    if not couples:
        return
    capacites = dict(Prestation.objects.values_list("pk", "capacite"))
    propres = {
        (p, j): c
        for p, j, c in Journee.objects.filter(
            jour__in={j for _, j in couples}, capacite__isnull=False
        ).values_list("prestation", "jour", "capacite")
    }
    prises = Reservation.objects.prises(couples)
    libres = [c for c in couples if (k := propres.get(c, capacites[c[0]])) is None or prises[c] < k]
    if libres:
        prestation, quand = libres[0]
        suite = f"?prestation={prestation}&jour={quand:%Y-%m-%d}"
        libelle = "Journées où une place est libre et attendue"
        yield Attente(libelle, len(libres), _adresse("planning_pointage_appel", suite), urgent=True)


def _a_facturer(jour: date) -> Iterator[Attente]:
    """Services billed in arrears whose last month is not closed: one query."""
    fin = jour.replace(day=1) - timedelta(days=1)
    debut = fin.replace(day=1)
    closes = Cloture.objects.filter(prestation=OuterRef("pk"), du__lte=debut, au__gte=fin)
    servies = Reservation.objects.filter(prestation=OuterRef("pk"), jour__range=(debut, fin))
    nombre = Prestation.objects.filter(~Exists(closes), Exists(servies), terme=TermeFacturation.ECHU).count()
    adresse = _adresse("facturation_facture_add")
    yield Attente(f"Prestations à clôturer, {mois_en_lettres(debut)}", nombre, adresse)


def _impayees(jour: date) -> Iterator[Attente]:
    nombre = Facture.objects.impayees().filter(echeance__lt=jour).count()
    yield Attente(
        "Factures échues impayées", nombre, _adresse("facturation_facture_changelist", "?paiement=retard")
    )


def _courriels(jour: date) -> Iterator[Attente]:
    nombre = Courriel.objects.abandonnes().count()
    if nombre:
        yield Attente(
            "Courriels qui ne partent pas", nombre, _adresse("messagerie_courriel_changelist"), urgent=True
        )
