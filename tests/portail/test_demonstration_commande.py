"""`manage.py demo`: what it refuses, what it prints, the days it must survive (small towns are quick)."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from familles.models import Enfant, Famille, Inscription, Responsable, Scolarite, Structure
from planning.enums import EtatPointage, EtatReservation
from planning.models import Mouvement, Pointage, Reservation
from portail.demonstration import remplissage
from portail.demonstration.ville import MOT_DE_PASSE, annee_courante

COMPTES = ["jean.dupont", "jeanne.dupont", "martin", "agent", "comptable", "admin"]


def numeros() -> list[str]:
    return list(Famille.objects.values_list("numero", flat=True))


def test_une_base_habitee_n_est_pas_touchee(famille_martin):
    with pytest.raises(CommandError, match="contient déjà des familles"):
        call_command("demo", verbosity=0)
    call_command("demo", "--si-vide", verbosity=0)
    assert numeros() == [famille_martin.numero]


@pytest.mark.parametrize("arguments", [[], ["--si-vide"], ["--effacer"]])
def test_la_production_la_refuse(famille_martin, settings, arguments):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="mots de passe sont publics"):
        call_command("demo", *arguments, verbosity=0)
    assert numeros() == [famille_martin.numero]


@pytest.mark.parametrize(
    "arguments, phrase",
    [
        (["--le", "demain"], "n’est pas une date"),
        (["--le", "2015-04-08"], "à partir du"),
        (["--familles", "3"], "entre 10 et 100\u202f000 familles"),
        (["--familles", "100001"], "entre 10 et 100\u202f000 familles"),
    ],
)
def test_un_souhait_impossible_est_une_phrase(famille_martin, arguments, phrase):
    with pytest.raises(CommandError, match=phrase):
        call_command("demo", "--effacer", *arguments, verbosity=0)
    assert numeros() == [famille_martin.numero]


def test_une_tres_grande_ville_demande_postgresql(famille_martin, monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    with pytest.raises(CommandError, match="il faut PostgreSQL"):
        call_command("demo", "--effacer", "--familles", "1001", verbosity=0)
    assert numeros() == [famille_martin.numero]


def _index_et_contraintes() -> list[tuple]:
    with connection.cursor() as curseur:
        # PostgreSQL writes the condition of an index otherwise once it has read its own words.
        curseur.execute(
            "SELECT split_part(indexdef, 'WHERE', 1), indexdef LIKE '%WHERE%' FROM pg_indexes "
            "WHERE tablename LIKE 'planning_%' ORDER BY 1"
        )
        index = curseur.fetchall()
        curseur.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2")
        return index + curseur.fetchall()


@pytest.mark.postgresql
def test_une_tres_grande_ville_a_les_memes_regles(db, monkeypatch):
    monkeypatch.setattr(remplissage, "FAMILLES", 10)
    monkeypatch.setattr(remplissage, "UN_A_UN", 10)
    avant = _index_et_contraintes()
    call_command("demo", "--le", "2026-11-24", "--familles", "310", verbosity=0)
    assert _index_et_contraintes() == avant
    connection.check_constraints()
    assert Famille.objects.actives().count() == 310
    for modele in (Famille, Responsable, Enfant, Scolarite, Inscription, Reservation, Mouvement, Pointage):
        for ligne in modele.objects.order_by("-pk")[:20]:
            ligne.full_clean()
    ecoles = Structure.objects.filter(nom__startswith="Groupe scolaire n° ")
    effectifs = [
        Enfant.objects.filter(inscriptions__prestation__structure=e).distinct().count() for e in ecoles
    ]
    assert effectifs == [400, 80]
    appels = Pointage.objects.filter(prestation__structure__in=ecoles)
    assert appels.order_by("-jour").first().jour == date(2026, 11, 23)
    assert appels.filter(etat=EtatPointage.ABSENT).exists()
    # Keys go on after those that were given.
    assert Famille.objects.create(numero="3999999999999").pk > Famille.objects.order_by("-pk")[1].pk


def test_un_echec_laisse_la_base_comme_elle_etait(famille_martin, monkeypatch):
    def tomber(*_):
        raise RuntimeError("panne")

    monkeypatch.setattr(remplissage.archives, "inscrire_et_pointer", tomber)
    with pytest.raises(RuntimeError, match="panne"):
        call_command("demo", "--effacer", "--familles", "10", verbosity=0)
    assert numeros() == [famille_martin.numero]


def test_la_commande_annonce_les_comptes(famille_martin, capsys):
    call_command("demo", "--si-vide")
    annonce = capsys.readouterr().out
    assert MOT_DE_PASSE in annonce
    assert all(identifiant in annonce for identifiant in COMPTES)


# The end of a year (nothing left to ask for), and the summer before one (nothing has happened yet).
@pytest.mark.parametrize("jour", ["2026-07-15", "2027-06-28"])
def test_la_ville_existe_quel_que_soit_le_jour(db, jour):
    call_command("demo", "--familles", "10", "--le", jour, verbosity=0)
    debut = date(annee_courante(date.fromisoformat(jour)), 9, 1)
    assert Reservation.objects.filter(etat=EtatReservation.RESERVEE, jour__gte=debut).count() > 1000
    assert Famille.objects.actives().count() == 10


@pytest.mark.parametrize(
    "jour, rentree",
    [
        ("2026-06-30", 2025),
        ("2026-07-01", 2026),
        ("2026-09-01", 2026),
        ("2027-01-01", 2026),
        ("2028-02-29", 2027),
    ],
)
def test_en_ete_l_annee_est_celle_qui_vient(jour, rentree):
    assert annee_courante(date.fromisoformat(jour)) == rentree
