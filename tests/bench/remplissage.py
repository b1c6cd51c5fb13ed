"""A large town in a few minutes: rows that the database makes itself, out of one that the models made."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, models

from facturation.tarifs import fin_de_mois
from familles.models import Inscription, Prestation
from planning.enums import EtatPointage, EtatReservation
from planning.models import Cloture, Pointage, Reservation


def servir(prestation: Prestation, jours: Sequence[date], numero: str) -> None:
    """The children of the families from that number on booked these days, and came; the month is closed."""
    inscriptions = Inscription.objects.filter(prestation=prestation, famille__numero__gte=numero)
    premiere, commun = inscriptions.order_by("pk").first(), {"prestation": prestation, "jour": jours[0]}
    reservation = Reservation.objects.create(
        enfant_id=premiere.enfant_id, inscription=premiere, etat=EtatReservation.RESERVEE, **commun
    )
    pointage = Pointage.objects.create(
        enfant_id=premiere.enfant_id,
        reservation=reservation,
        inscription=premiere,
        famille_id=premiere.famille_id,
        etat=EtatPointage.PRESENT,
        **commun,
    )
    autres = (
        "familles_inscription i CROSS JOIN unnest(%s::date[]) AS d(jour) "
        "JOIN familles_famille f ON f.id = i.famille_id "
        "WHERE i.prestation_id = %s AND f.numero >= %s AND (i.id, d.jour) <> (%s, %s)"
    )
    valeurs = [list(jours), prestation.pk, numero, premiere.pk, jours[0]]
    _copier(reservation, {"enfant": "i.enfant_id", "inscription": "i.id", "jour": "d.jour"}, autres, valeurs)
    des_reservations = (
        "planning_reservation r JOIN familles_inscription i ON i.id = r.inscription_id "
        "JOIN familles_famille f ON f.id = i.famille_id "
        "WHERE r.prestation_id = %s AND f.numero >= %s AND r.id <> %s"
    )
    faits = {
        "enfant": "r.enfant_id",
        "inscription": "r.inscription_id",
        "jour": "r.jour",
        "reservation": "r.id",
        "famille": "i.famille_id",
    }
    _copier(pointage, faits, des_reservations, [prestation.pk, numero, reservation.pk])
    Cloture.objects.get_or_create(
        du=jours[0].replace(day=1), au=fin_de_mois(jours[-1]), prestation=prestation
    )


def _copier(modele: models.Model, propres: dict[str, str], source: str, valeurs: list) -> None:
    """As many rows like this one as `source` gives, `propres` apart: field → SQL."""
    champs = [champ for champ in modele._meta.concrete_fields if not champ.primary_key]
    colonnes = ", ".join(connection.ops.quote_name(champ.column) for champ in champs)
    lues = ", ".join(
        propres.get(champ.name) or f"m.{connection.ops.quote_name(champ.column)}" for champ in champs
    )
    table = connection.ops.quote_name(modele._meta.db_table)
    # Of our own models and of the strings of this file, nothing else.
    requete = (
        f"INSERT INTO {table} ({colonnes}) "  # noqa: S608  # nosec B608
        f"SELECT {lues} FROM {table} m CROSS JOIN {source} "
        "AND m.id = %s"
    )
    with connection.cursor() as curseur:
        curseur.execute(requete, [*valeurs, modele.pk])
