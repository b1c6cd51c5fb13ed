"""Filling an empty database with the demonstration town: all of it, or nothing."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from facturation.models import Facture
from familles.erreurs import Refus
from familles.francais import ESPACE_FINE, enumerer, jour_en_lettres, pluriel
from familles.horloge import aujourdhui, figer
from familles.models import Enfant, Famille
from planning.models import Reservation
from portail.demonstration import (
    annee,
    archives,
    calendriers,
    courrier,
    distribution,
    foyers,
    guichet,
    histoire,
    masse,
    oubli,
    recettes,
    rythmes,
    ville,
)
from portail.demonstration.hasard import PARIS, Hasard, a

FAMILLES = 60
CONNUES = 4  # Dupont, Martin, Benali, Lacroix
# Past UN_A_UN families, they are added in mass to the usual town.
MINIMUM, UN_A_UN, MAXIMUM = 10, 1000, 100_000
# Léa, born in 2019, is at school; the prices of today began in 2020.
PREMIER_JOUR = date(2022, 7, 1)


class Impossible(Exception):
    """Why the town cannot be made, in a sentence for the person at the keyboard."""


def remplir(*, le: date | None = None, familles: int = FAMILLES, effacer: bool = False) -> str:
    """Make the town of a day (default: today); returns a sentence that describes it.

    The same day gives the same rows. One transaction: killed half-way, the database is as it was.
    """
    with timezone.override(PARIS):
        jour = le or aujourdhui()
        _verifier(jour, familles)
        try:
            imprimes = courrier.imprimer(ville.annee_courante(jour), jour)
        except Refus as refus:
            raise Impossible(refus.message) from None
        with figer(a(jour, 0)), transaction.atomic():
            if effacer:
                oubli.tout_oublier()
            _peupler(jour, familles, imprimes)
            return _decrire(jour)


def _verifier(jour: date, familles: int) -> None:
    if jour < PREMIER_JOUR:
        raise Impossible(
            f"La ville de démonstration vit à partir du {jour_en_lettres(PREMIER_JOUR)} : "
            "choisissez un jour plus récent."
        )
    if not MINIMUM <= familles <= MAXIMUM:
        raise Impossible(f"Demandez entre {MINIMUM} et {_milliers(MAXIMUM)} familles.")
    if familles > UN_A_UN and connection.vendor != "postgresql":
        raise Impossible(
            f"Au-delà de {_milliers(UN_A_UN)} familles, il faut PostgreSQL : donnez l’adresse de la base "
            "par DATABASE_URL."
        )


def _milliers(n: int) -> str:
    return f"{n:,}".replace(",", ESPACE_FINE)


def _peupler(jour: date, familles: int, imprimes: list[courrier.Imprime]) -> None:
    """In the order of time: 2014-2015, then the current year up to that day."""
    hasard = Hasard()
    en_masse = familles - FAMILLES if familles > UN_A_UN else 0
    familles -= en_masse
    rentree = ville.annee_courante(jour)
    lieu = ville.fonder(familles)
    calendriers.ouvrir_les_annees(lieu, rentree)
    calendriers.fixer_les_delais()
    calendriers.annoncer_une_fermeture(lieu, jour)
    d = distribution.inviter(lieu, rentree)
    autres = foyers.peupler(lieu, hasard, familles - CONNUES, rentree)

    passes = [histoire.passe_des_dupont(d), *histoire.anciennes_familles(hasard)]
    archives.inscrire_et_pointer(lieu, passes)
    histoire.facturer(lieu, passes)

    courante = annee.ouvrir(lieu, lieu.annee(rentree), jour)
    inscriptions = rythmes.inscrire(lieu, courante.scolaire, rythmes.rythmes_de(autres, d, hasard))
    reservations = annee.reserver(courante, inscriptions, d, hasard)
    annee.pointer(courante, reservations, inscriptions, d, hasard)
    recettes.facturer_les_mois(courante, d.dupont.famille.pk, hasard)
    courrier.publier_les_documents(lieu, imprimes, jour)
    guichet.demander(courante, d, autres)
    courrier.ouvrir_le_courrier(d, jour)
    courrier.converser(lieu, d, jour)
    courrier.expedier()
    if en_masse:
        masse.ajouter(courante, en_masse)


def _decrire(jour: date) -> str:
    enfants = Enfant.objects.filter(inscriptions__au__gte=jour).distinct().count()
    comptes = [
        pluriel(Famille.objects.actives().count(), "famille", "familles"),
        pluriel(enfants, "enfant inscrit", "enfants inscrits"),
        pluriel(Reservation.objects.count(), "réservation", "réservations"),
        pluriel(Facture.objects.count(), "facture", "factures"),
    ]
    return f"{ville.NOM}, {jour_en_lettres(jour)} : {enumerer(comptes)}."
