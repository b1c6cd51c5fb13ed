"""What waits for the staff: the cards of the admin's first page, each only for those who may act on it.

A few queries per card, whatever the number of families.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.http import urlencode

from demandes.models import Demande
from demandes.natures import NATURES, decidees_par
from facturation.models import Facture
from familles.enums import TermeFacturation
from familles.francais import mois_en_lettres
from familles.horloge import aujourdhui
from familles.models import Collectivite, FicheSanitaire, Prestation
from messagerie.models import Conversation, Courriel
from planning import anomalies
from planning.anomalies import Anomalie, Nature
from planning.enums import ATTENDUS
from planning.models import Cloture, Reservation
from planning.reglement_interieur import reglement_interieur

MOIS_REGARDES = 3
APPEL = "admin:planning_pointage_appel"
ANOMALIES = "admin:planning_pointage_anomalies"


@dataclass(frozen=True)
class Attente:
    """A card: how many, of what, and where to deal with them."""

    libelle: str
    nombre: int
    adresse: str
    urgent: bool = False


class Lecture:
    """What several cards read, read once."""

    def __init__(self, compte, ville: Collectivite | None = None):
        self.compte, self.ville = compte, ville or Collectivite.objects.courante()

    @cached_property
    def prestations(self) -> dict[int, Prestation]:
        return {p.pk: p for p in Prestation.objects.order_by("regie", "ordre", "pk")}

    @cached_property
    def regard(self) -> anomalies.Regard:
        calendrier = reglement_interieur(self.ville.version).calendrier
        return anomalies.Regard(self.prestations, calendrier, aujourdhui())


def ce_qui_attend(utilisateur, ville: Collectivite | None = None) -> list[Attente]:
    """In the order of a day's work. `ville`: where the caller holds it, with the version of its settings."""
    lecture = Lecture(utilisateur, ville)
    return [
        carte for permissions, lire in CARTES if utilisateur.has_perms(permissions) for carte in lire(lecture)
    ]


def _adresse(nom: str, **parametres) -> str:
    return reverse(nom) + (f"?{urlencode(parametres)}" if parametres else "")


# --- Requests and messages -----------------------------------------------------------------------------


def _demandes(lecture: Lecture) -> list[Attente]:
    """Those that this account decides: the urgent ones first, then all of them by nature."""
    siennes = decidees_par(lecture.compte)
    if not siennes:
        return []
    liste = "admin:demandes_demande_changelist"
    pressees = Q(pk__in=Demande.objects.urgentes(aujourdhui()).values("pk"))
    comptes, urgentes = {}, 0
    for nature, nombre, presse in (
        Demande.objects.en_attente()
        .filter(nature__in=siennes)
        .order_by()
        .values_list("nature")
        .annotate(n=Count("pk"), presse=Count("pk", filter=pressees))
    ):
        comptes[nature] = nombre
        urgentes += presse
    cartes = [
        Attente(f"Demandes : {nature.libelle}", comptes[cle], _adresse(liste, nature=cle))
        for cle, nature in NATURES.items()
        if cle in comptes
    ]
    if not cartes:
        return [Attente("Demandes à décider", 0, _adresse(liste))]
    libelle = "Demandes pour aujourd’hui ou demain, sans réponse"
    urgence = Attente(libelle, urgentes, _adresse(liste, urgence="oui"), urgent=True)
    return [urgence, *cartes] if urgentes else cartes


def _pai(lecture: Lecture) -> list[Attente]:
    adresse = _adresse("admin:familles_fichesanitaire_pai")
    nombre = len(FicheSanitaire.objects.pai_a_renouveler(aujourdhui()))
    return [Attente("PAI à renouveler dans les trente jours", nombre, adresse)]


def _messages(lecture: Lecture) -> list[Attente]:
    adresse = _adresse("admin:messagerie_conversation_changelist", reponse="attendue")
    return [Attente("Messages à traiter", Conversation.objects.a_traiter().count(), adresse)]


def _courriels(lecture: Lecture) -> list[Attente]:
    """Given up after the last try: the family was not told by e-mail."""
    adresse = _adresse("admin:messagerie_courriel_changelist", envoye_le__isempty=1)
    nombre = Courriel.objects.abandonnes().count()
    return [Attente("Courriels qui n’ont pas pu partir", nombre, adresse, urgent=True)]


def _pages_legales(lecture: Lecture) -> list[Attente]:
    """What the law asks on the legal pages, and the town has not written yet."""
    manquantes = sum(not getattr(lecture.ville, champ) for champ in Collectivite.MENTIONS)
    adresse = _adresse("admin:familles_collectivite_changelist")
    return [Attente("Pages légales : mentions à compléter", manquantes, adresse)]


# --- Days ----------------------------------------------------------------------------------------------


def _cartes(trouvees: list[Anomalie], *natures: Nature) -> list[Attente]:
    """A card for each of these natures, which opens their list."""
    nombres = Counter(anomalie.nature for anomalie in trouvees)
    return [
        Attente(
            nature.libelle,
            nombres[nature],
            _adresse(ANOMALIES, nature=nature.cle),
            urgent=nature.urgente and nature in nombres,
        )
        for nature in natures
    ]


def _appels(lecture: Lecture) -> list[Attente]:
    """Children expected today and not noted yet; days of the past two weeks where one was forgotten."""
    a_faire = anomalies.appels_a_faire(lecture.regard)
    jour = lecture.regard.jour
    du_jour = sum(appel.nombre for appel in a_faire if appel.jour == jour)
    passes = [appel for appel in a_faire if appel.jour < jour]
    return [
        Attente("Appel du jour : enfants à pointer", du_jour, _adresse(APPEL)),
        *_cartes(passes, anomalies.OUBLI),
    ]


def _presences(lecture: Lecture) -> list[Attente]:
    return _cartes(anomalies.presences(lecture.regard), anomalies.ERREUR, anomalies.SANS_RESERVATION)


def _places(lecture: Lecture) -> list[Attente]:
    """Places to give; days booked without a right any more, when there are."""
    perdues = anomalies.sans_inscription(lecture.regard)
    return [
        *_cartes(anomalies.places_libres(lecture.regard), anomalies.PLACE),
        *(_cartes(perdues, anomalies.SANS_DROIT) if perdues else []),
    ]


# --- Money ---------------------------------------------------------------------------------------------


def _impayees(lecture: Lecture) -> list[Attente]:
    liste = "admin:facturation_facture_changelist"
    comptes = Facture.objects.impayees().aggregate(
        toutes=Count("pk"), retard=Count("pk", filter=Q(echeance__lt=aujourdhui()))
    )
    return [
        Attente("Factures impayées", comptes["toutes"], _adresse(liste, paiement="impayees")),
        Attente("Factures en retard", comptes["retard"], _adresse(liste, paiement="retard"), urgent=True),
    ]


def _mois_passes() -> list[tuple[date, date]]:
    """First and last day of the last whole months, the oldest first."""
    mois, fin = [], aujourdhui().replace(day=1) - timedelta(days=1)
    for _ in range(MOIS_REGARDES):
        mois.insert(0, (fin.replace(day=1), fin))
        fin = fin.replace(day=1) - timedelta(days=1)
    return mois


def _facturation(lecture: Lecture) -> list[Attente]:
    """Past months used at prestations billed in arrears: days to close, then invoices to issue."""
    mois = _mois_passes()
    prestations = [p for p in lecture.prestations.values() if p.terme == TermeFacturation.ECHU]
    # An index lookup per prestation and month, however many bookings there are.
    servies = Prestation.objects.filter(pk__in=[p.pk for p in prestations]).values_list(
        "pk", *(Exists(_servie(du, au)) for du, au in mois)
    )
    utiles_par_mois = {pk: fait for pk, *fait in servies}
    du, au = mois[0][0], mois[-1][1]
    clotures = list(Cloture.objects.couvrant(prestations, du, au).values_list("prestation", "du", "au"))
    emises = Facture.objects.factures().filter(du__lte=au, au__gte=du)
    factures = set(emises.order_by().values_list("regie", "du", "au").distinct())
    cartes = []
    for n, (du, au) in enumerate(mois):
        utiles = [p for p in prestations if utiles_par_mois[p.pk][n]]
        ouvertes = [p for p in utiles if not _close(p.pk, clotures, du, au)]
        facturees = {regie for regie, debut, fin in factures if debut <= au and fin >= du}
        regies = {p.regie_id for p in utiles} - {p.regie_id for p in ouvertes} - facturees
        if ouvertes:
            cartes.append(_mois("Services à clôturer", len(ouvertes), ouvertes[0].regie_id, du))
        if regies:
            cartes.append(_mois("Régies à facturer", len(regies), min(regies), du))
    return cartes or [Attente("Mois à clôturer ou à facturer", 0, _adresse("admin:facturation_facture_add"))]


def _servie(du: date, au: date):
    return Reservation.objects.filter(prestation=OuterRef("pk"), etat__in=ATTENDUS).sur(du, au)


def _mois(quoi: str, nombre: int, regie: int, du: date) -> Attente:
    adresse = _adresse("admin:facturation_facture_add", regie=regie, mois=f"{du:%Y-%m}")
    return Attente(f"{quoi}, {mois_en_lettres(du)}", nombre, adresse)


def _close(prestation: int, clotures: list[tuple], du: date, au: date) -> bool:
    """Whether the closings of a prestation leave no day of the period open."""
    for pk, debut, fin in sorted(clotures):
        if pk == prestation and debut <= du <= fin:
            du = fin + timedelta(days=1)
    return du > au


CARTES: list[tuple[tuple[str, ...], Callable]] = [
    ((), _demandes),  # each nature says who decides it
    (("planning.add_pointage", "planning.change_pointage"), _appels),
    (("planning.add_pointage", "planning.change_pointage"), _presences),
    (("planning.add_journee", "planning.change_journee"), _places),
    (("messagerie.change_conversation",), _messages),
    (("familles.view_fichesanitaire", "familles.voir_sante"), _pai),
    (("facturation.add_reglement",), _impayees),
    (("facturation.add_facture", "planning.add_cloture"), _facturation),
    (("messagerie.view_courriel",), _courriels),
    (("familles.change_collectivite",), _pages_legales),
]
