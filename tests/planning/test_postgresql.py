"""What PostgreSQL itself holds: the constraint, the indexes, the rows that a lock takes."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from planning.enums import EtatReservation
from planning.models import Journee, Reservation
from tests.fabriques.planning import ReservationFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

E = EtatReservation
JEUDI, VENDREDI = date(2026, 12, 3), date(2026, 12, 4)


def test_la_contrainte_ne_laisse_qu_une_reservation_active(lea_inscrite, repas):
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'planning_reservation' ORDER BY indexname"
        )
        index = [definition for (definition,) in curseur.fetchall()]
    (active,) = [d for d in index if "reservation_active_unique" in d]
    assert "UNIQUE" in active
    assert "(enfant_id, prestation_id, jour)" in active
    for etat in E:
        assert (f"'{etat}'" in active) is (etat not in (E.REFUSEE, E.ANNULEE))
    colonnes = {d[d.rindex("USING btree ") + 12 :] for d in index if "UNIQUE" not in d}
    assert colonnes == {"(prestation_id, jour, etat)", "(inscription_id, jour)", "(enfant_id, jour)"}


def test_verrouiller_une_journee_ne_verrouille_pas_sa_prestation(repas):
    """Ordered by the column: by the prestation’s name, its row would be locked through the join."""
    with CaptureQueriesContext(connection) as requetes, transaction.atomic():
        Journee.objects.verrouiller([(repas.pk, JEUDI), (repas.pk, VENDREDI)])
    (verrou,) = [q["sql"] for q in requetes if "FOR NO KEY UPDATE" in q["sql"]]
    assert "JOIN" not in verrou


def test_une_reservation_se_lit_par_son_index(lea_inscrite, repas):
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=JEUDI)
    lectures = {
        "jour d’un enfant": Reservation.objects.filter(enfant=lea_inscrite, jour=JEUDI),
        "jour d’un service": Reservation.objects.filter(prestation=repas, jour=JEUDI, etat=E.RESERVEE),
        "jours d’une inscription": Reservation.objects.filter(inscription__in=[1], jour=JEUDI),
    }
    with connection.cursor() as curseur:
        curseur.execute("SET enable_seqscan = off")
    plans = {nom: lignes.order_by().explain() for nom, lignes in lectures.items()}
    assert {nom for nom, plan in plans.items() if "Index" not in plan} == set()
