"""`manage.py demo`: what it refuses, what it prints, the days it must survive (small towns are quick)."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from familles.models import Famille
from planning.enums import EtatReservation
from planning.models import Reservation
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
        (["--familles", "3"], "entre 10 et 1000 familles"),
        (["--familles", "1001"], "entre 10 et 1000 familles"),
    ],
)
def test_un_souhait_impossible_est_une_phrase(famille_martin, arguments, phrase):
    with pytest.raises(CommandError, match=phrase):
        call_command("demo", "--effacer", *arguments, verbosity=0)
    assert numeros() == [famille_martin.numero]


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
