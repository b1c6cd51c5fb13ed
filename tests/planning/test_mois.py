"""The planning of a month: what a parent reads there, what nobody else does, what it costs."""

import re
from datetime import date, time
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from familles.models import LienParental
from planning.cases import LEGENDE
from planning.enums import EtatPointage, EtatReservation, ModeDelai, Operation, Origine
from planning.models import JourFerie, Pointage, RegleDelai, Reservation, Vacances
from tests.fabriques import familles as f


@pytest.fixture(autouse=True)
def _mardi(figer):
    figer("2026-11-24T10:00")


@pytest.fixture
def jeudi_midi(db):
    for operation in (Operation.RESERVER, Operation.ABSENCE):
        RegleDelai.objects.create(operation=operation, mode=ModeDelai.SEMAINE, heure=time(12))


def lire(client, enfant, mois="2026-12", statut=200) -> str:
    reponse = client.get(reverse("planning:mois", args=[enfant.pk]), {"mois": mois})
    assert reponse.status_code == statut
    return unescape(reponse.content.decode())


def cases(page: str) -> list[str]:
    """The accessible names of the cells of the grid."""
    return re.findall(r'<td [^>]*aria-label="([^"]+)"', page)


def reserver(enfant, prestation, jour, etat=EtatReservation.RESERVEE, **champs):
    inscription = enfant.inscriptions.get(prestation=prestation)
    return Reservation.objects.create(
        enfant=enfant, prestation=prestation, inscription=inscription, jour=jour, etat=etat, **champs
    )


def test_chaque_case_dit_sa_prestation_son_jour_son_etat_et_jusqu_a_quand(
    client_jean, lea_inscrite, repas, jeudi_midi
):
    reserver(lea_inscrite, repas, date(2026, 12, 11))
    reserver(lea_inscrite, repas, date(2026, 12, 14), origine=Origine.REGULIERE)
    reserver(lea_inscrite, repas, date(2026, 12, 15), EtatReservation.DEMANDEE)
    lues = [nom.replace("\u00a0", " ") for nom in cases(lire(client_jean, lea_inscrite))]
    assert len(lues) == 6 * 31
    for attendue in (
        "Repas, jeudi 10 décembre 2026 : libre, réservable jusqu’au jeudi 3 décembre 2026 à 12 h 00",
        "Repas, vendredi 11 décembre 2026 : réservé, une absence se déclare jusqu’au jeudi 3 décembre 2026 "
        "à 12 h 00 ; ensuite elle est facturée, sauf raison excusée",
        "Repas, mardi 15 décembre 2026 : réservation en cours de traitement, une demande est déjà en cours "
        "de traitement pour ce jour",
        "Repas, samedi 12 décembre 2026 : pas de service, ce service n’ouvre pas ce jour de la semaine",
    ):
        assert attendue in lues
    assert any(nom.startswith("Repas, lundi 14 décembre 2026 : régulier, ") for nom in lues)


def test_avril_2015_a_ses_feries_ses_vacances_et_ses_coches(client_jean, alexandre, repas, annee_2014):
    f.InscriptionFactory(enfant=alexandre, prestation=repas, annee=annee_2014)
    JourFerie.objects.create(jour=date(2015, 4, 6), nom="Lundi de Pâques")
    Vacances.objects.create(nom="Vacances de printemps", du=date(2015, 4, 11), au=date(2015, 4, 26))
    reservation = reserver(alexandre, repas, date(2015, 4, 7))
    Pointage.objects.create(
        enfant=alexandre,
        prestation=repas,
        jour=reservation.jour,
        etat=EtatPointage.PRESENT,
        reservation=reservation,
        famille=reservation.inscription.famille,
    )
    page = lire(client_jean, alexandre, "2015-04")
    lues = cases(page)
    assert "Repas, lundi 6 avril 2015 : jour férié, ce jour est passé" in lues
    assert sum(": petites vacances," in nom for nom in lues) == 10
    assert any(nom.startswith("Repas, mardi 7 avril 2015 : réservé, présent, ") for nom in lues)
    for lettre in "FP":
        assert f">{lettre}</td>" in page


def test_la_legende_est_celle_du_manuel(client_jean, lea_inscrite):
    page = lire(client_jean, lea_inscrite)
    legende = page[page.index('class="legende"') :]
    for affichage in LEGENDE.values():
        assert affichage.libelle in legende


def test_sans_script_des_coches_et_deux_boutons_postent_la_meme_chose(client_jean, lea_inscrite, repas):
    page = lire(client_jean, lea_inscrite)
    assert f'value="{repas.pk}:2026-12-10"' in page
    for nom in ("reserver", "absence"):
        assert f'formaction="{reverse(f"demandes:{nom}", args=[lea_inscrite.pk])}"' in page
    saisie = {"mois": "2026-12", "cases": [f"{repas.pk}:2026-12-10"]}
    reponse = client_jean.post(reverse("demandes:reserver", args=[lea_inscrite.pk]), saisie, follow=True)
    assert "réservation en cours de traitement" in unescape(reponse.content.decode())


def test_la_prochaine_echeance_est_annoncee(client_jean, lea_inscrite, jeudi_midi):
    page = lire(client_jean, lea_inscrite).replace("\u00a0", " ")
    assert "Jusqu’au jeudi 26 novembre 2026 à 12 h 00 : réserver pour la semaine du lundi 30 novembre" in page


def test_un_jour_de_l_autre_foyer_se_lit_sans_detail(enfant_alterne, repas, annee, client_martin):
    nous, eux = (r.famille for r in enfant_alterne.rattachements.order_by("pk"))
    inscriptions = [
        f.InscriptionFactory(enfant=enfant_alterne, prestation=repas, annee=annee, famille=famille)
        for famille in (nous, eux)
    ]
    for responsable in nous.responsables.all():
        LienParental.objects.get_or_create(
            responsable=responsable, enfant=enfant_alterne, defaults={"qualite": "MERE"}
        )
    Reservation.objects.create(
        enfant=enfant_alterne,
        prestation=repas,
        inscription=inscriptions[1],
        jour=date(2026, 12, 10),
        etat=EtatReservation.RESERVEE,
    )
    attendu = (
        "Repas, jeudi 10 décembre 2026 : réservé par l’autre foyer, ce jour est réservé par l’autre foyer"
    )
    assert attendu in cases(lire(client_martin, enfant_alterne))


@pytest.mark.parametrize("mois", ["", "zzz", "2026-13", "2026-00", "26-12", "2026-1", "0000-01", "٢٠٢٦-١٢"])
def test_un_mois_qui_n_existe_pas_a_sa_page(client_jean, lea_inscrite, mois):
    assert "introuvable" in lire(client_jean, lea_inscrite, mois, 404).lower()


@pytest.mark.parametrize("mois", ["0001-01", "9999-12", "1999-02", "2028-02"])
def test_un_mois_lointain_s_ouvre_sans_rien_casser(client_jean, lea_inscrite, jeudi_midi, mois):
    assert "Planning de Léa" in lire(client_jean, lea_inscrite, mois)


def test_l_enfant_d_une_autre_famille_n_existe_pas(client_martin, lea_inscrite):
    lire(client_martin, lea_inscrite, statut=404)


def test_la_conjointe_separee_voit_le_planning(client_jeanne, lea_inscrite):
    assert "Repas, jeudi 10 décembre 2026" in lire(client_jeanne, lea_inscrite)


def test_le_mois_coute_douze_requetes_puis_huit_quel_que_soit_le_nombre_de_reservations(
    client_jean, lea_inscrite, prestations, jeudi_midi
):
    def compter() -> int:
        with CaptureQueriesContext(connection) as capture:
            lire(client_jean, lea_inscrite)
        return len(capture)

    cache.clear()
    assert compter() <= 12
    chaud = compter()
    assert chaud <= 8
    for prestation in prestations.values():
        for jour in (1, 3, 4, 7, 8, 10, 11):
            reserver(lea_inscrite, prestation, date(2026, 12, jour))
    assert compter() == chaud
