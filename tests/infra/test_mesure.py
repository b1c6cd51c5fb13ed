"""The table of `make bench`: what is timed, what is counted, what stops it."""

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse, StreamingHttpResponse

from tests.bench.__main__ import Mesure, imprimer, mesurer, supporter
from tests.bench.charge import Releve


@pytest.mark.parametrize(
    "durees, mediane, p95",
    [([3.0], 3.0, 3.0), ([1.0, 9.0], 5.0, 9.0), ([float(n) for n in range(1, 101)], 50.5, 96.0)],
)
def test_un_resume_donne_la_mediane_et_le_dernier_vingtieme(durees, mediane, p95):
    resume = Mesure("accueil", durees, 7, 1234).resume()
    assert resume == {"mediane_ms": mediane, "p95_ms": p95, "requetes_sql": 7, "octets": 1234}


@pytest.mark.django_db
def test_les_requetes_et_les_octets_sont_ceux_d_une_page():
    def page():
        get_user_model().objects.count()
        get_user_model().objects.exists()
        return HttpResponse(b"x" * 42)

    mesure = mesurer("accueil", [page] * 12)
    assert (mesure.requetes_sql, mesure.octets) == (2, 42)
    assert len(mesure.durees_ms) == 6


@pytest.mark.django_db
def test_un_fichier_servi_par_morceaux_est_compte_en_entier():
    mesure = mesurer("facture_pdf", [lambda: StreamingHttpResponse([b"ab", b"cde"])])
    assert mesure.octets == 5


def test_une_ville_vide_arrete_la_mesure():
    with pytest.raises(SystemExit, match="Rien à mesurer pour facture_pdf"):
        mesurer("facture_pdf", [])


def test_une_page_en_erreur_arrete_la_mesure():
    def page():
        reponse = HttpResponse(status=403)
        reponse.request = {"PATH_INFO": "/releve/"}
        return reponse

    with pytest.raises(SystemExit, match=r"/releve/ répond 403"):
        mesurer("releve", [page])


def test_le_tableau_a_une_ligne_par_page(capsys):
    imprimer({"accueil": Mesure("accueil", [1.0], 2, 3).resume()})
    sortie = capsys.readouterr().out
    assert "médiane" in sortie
    assert [ligne.split()[0] for ligne in sortie.splitlines()[2:]] == ["accueil"]


def releve(memoire=(100.0,) * 60, **champs) -> Releve:
    durees = {"accueil": [float(n) for n in range(1, 101)], "ecrire": [5.0] * 20}
    return Releve(durees_ms=durees, memoire_mo=list(memoire), duree_s=60.0, **champs)


def test_la_charge_donne_une_ligne_par_page_et_le_debit(capsys):
    lignes = supporter(releve())
    assert lignes["charge_accueil"] == {"mediane_ms": 51.0, "p95_ms": 96.0, "pages": 100}
    assert lignes["charge_totale"]["pages_par_s"] == 2.0
    imprimer(lignes)
    assert "2.0 pages/s, 0 erreur" in capsys.readouterr().out


@pytest.mark.parametrize(
    "champs, mot",
    [
        ({"erreurs": ["ecrire /messages/nouveau/ : 500 au lieu de 302"]}, "1 erreurs sous la charge"),
        ({"memoire": [100.0 + n for n in range(60)]}, "la mémoire du serveur croît"),
        ({"ouvriers": {1, 2, 3}}, "un processus du serveur a été remplacé"),
    ],
)
def test_une_charge_mal_tenue_arrete_la_mesure(champs, mot):
    with pytest.raises(SystemExit, match=mot):
        supporter(releve(**champs))
