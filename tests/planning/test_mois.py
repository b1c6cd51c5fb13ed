"""The planning of a month: what a parent reads there, what nobody else does, what it costs."""

# budget: one file over 300 lines, one page and all that is read there.

import gzip
import re
from datetime import UTC, date, datetime, time
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from familles.gardes import gardes_de
from familles.models import LienParental
from planning.enums import Consequence, EtatPointage, EtatReservation, ModeDelai, Operation, Origine
from planning.legende import LEGENDE
from planning.models import JourFerie, MotifAbsence, Pointage, RegleDelai, Reservation, Vacances
from tests.fabriques import familles as f
from tests.fabriques.planning import CreneauFactory


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
    """The accessible names of the cells of the grid, each made of three texts of the page."""
    textes = dict(re.findall(r'<th id="(j\d+)" [^>]*aria-label="([^"]+)"', page))
    textes |= re.findall(r'<i id="(l\d+)">([^<]+)<', page)
    textes |= re.findall(r'<i id="(s\d+)" [^>]*>([^<]+)<', page)
    noms = re.findall(r'<td [^>]*?(?:><input [^>]*)?aria-labelledby="([^"]+)"', page)
    return [" ".join(textes[cle] for cle in nom.split()) for nom in noms]


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


def test_le_nom_d_une_case_ne_dit_pas_deux_fois_la_meme_chose(client_jean, lea_inscrite):
    JourFerie.objects.create(jour=date(2026, 12, 25), nom="Noël")
    assert "Repas, vendredi 25 décembre 2026 : jour férié (Noël) : pas de service" in cases(
        lire(client_jean, lea_inscrite)
    )


def test_les_titres_s_elident(client_jean, alexandre):
    for page in (reverse("portail:accueil"), reverse("familles:enfants")):
        lu = unescape(client_jean.get(page).content.decode())
        assert 'Planning<span class="visually-hidden"> d’Alexandre' in lu


def test_la_legende_est_celle_du_manuel(client_jean, lea_inscrite):
    page = lire(client_jean, lea_inscrite)
    legende = page[page.index('class="legende"') :]
    for affichage in LEGENDE.values():
        assert affichage.libelle in legende


def test_sans_script_des_coches_et_deux_boutons_postent_la_meme_chose(client_jean, lea_inscrite, repas):
    page = lire(client_jean, lea_inscrite)
    assert f"value={repas.pk}:2026-12-10 " in page
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


@pytest.mark.parametrize(
    "mois",
    [
        "",
        "zzz",
        "2026-13",
        "2026-00",
        "26-12",
        "2026-1",
        "0000-01",
        "0001-01",
        "1999-12",
        "2100-01",
        "9999-12",
        "٢٠٢٦-١٢",
    ],
)
def test_un_mois_qui_n_existe_pas_a_sa_page(client_jean, lea_inscrite, mois):
    assert "introuvable" in lire(client_jean, lea_inscrite, mois, 404).lower()


@pytest.mark.parametrize("mois", ["2000-01", "2000-02", "2028-02", "2099-12"])
def test_un_mois_lointain_s_ouvre_sans_rien_casser(client_jean, lea_inscrite, jeudi_midi, mois):
    assert "Planning de Léa" in lire(client_jean, lea_inscrite, mois)


def test_l_enfant_d_une_autre_famille_n_existe_pas(client_martin, lea_inscrite):
    lire(client_martin, lea_inscrite, statut=404)


def test_la_conjointe_separee_voit_le_planning(client_jeanne, lea_inscrite):
    noms = cases(lire(client_jeanne, lea_inscrite))
    assert any(nom.startswith("Repas, jeudi 10 décembre 2026") for nom in noms)


@pytest.mark.parametrize("garde", ["ensemble", "alternee"])
def test_le_mois_coute_douze_requetes_puis_huit_quel_que_soit_le_nombre_de_reservations(
    request, garde, prestations, annee, jeudi_midi
):
    if garde == "ensemble":
        client, enfant = map(request.getfixturevalue, ("client_jean", "lea_inscrite"))
    else:
        client, enfant = map(request.getfixturevalue, ("client_martin", "enfant_alterne"))
        nous = request.getfixturevalue("famille_martin")
        for prestation in prestations.values():
            f.InscriptionFactory(enfant=enfant, prestation=prestation, annee=annee, famille=nous)
        for rattachement in enfant.rattachements.all():
            rattachement.exceptions.create(du=date(2026, 12, 21), au=date(2026, 12, 24))

    def compter() -> int:
        with CaptureQueriesContext(connection) as capture:
            lire(client, enfant)
        return len(capture)

    cache.clear()
    assert compter() <= 12
    chaud = compter()
    assert chaud <= 8
    for prestation in prestations.values():
        for jour in (1, 3, 4, 7, 8, 10, 11):
            reserver(enfant, prestation, date(2026, 12, jour))
    assert compter() == chaud


def test_le_calendrier_de_garde_se_lit_avec_ses_exceptions_en_une_requete(
    enfant_alterne, famille_martin, django_assert_num_queries
):
    pauses = ((date(2026, 12, 21), date(2026, 12, 24)), (date(2027, 2, 1), date(2027, 2, 1)))
    for rattachement in enfant_alterne.rattachements.all():
        for du, au in pauses:
            rattachement.exceptions.create(du=du, au=au)
    with django_assert_num_queries(1):
        gardes = gardes_de(enfant_alterne)
    assert [garde.exceptions for garde in gardes] == [pauses, pauses]
    assert {(garde.famille_id, garde.mode, garde.jour_bascule) for garde in gardes} == set(
        enfant_alterne.rattachements.values_list("famille", "mode_garde", "jour_bascule")
    )


def test_le_conjoint_lit_le_nom_du_payeur_et_la_residence_sans_requete_de_plus(
    client_jeanne, lea_inscrite, figer
):
    """At the same cost as the titulaire, in a town whose windows open to residents first."""
    figer("2026-11-24T10:00")
    CreneauFactory(ouverture_residents=datetime(2026, 6, 1, tzinfo=UTC))
    lire(client_jeanne, lea_inscrite)
    with CaptureQueriesContext(connection) as capture:
        page = lire(client_jeanne, lea_inscrite)
    assert len(capture) <= 8
    assert "responsable : DUPONT JEAN" in page


# --- Getting about -------------------------------------------------------------------------------------


def liens(page: str) -> dict[str, str]:
    """The neighbouring months: `rel` → month."""
    return dict(re.findall(r'rel="(prev|next)" href="\?mois=([\d-]+)"', page))


@pytest.mark.parametrize(
    ("mois", "attendus"),
    [
        ("2026-12", {"prev": "2026-11", "next": "2027-01"}),
        ("2026-09", {"prev": "2015-08", "next": "2026-10"}),  # eleven years in which she knew nothing
        ("2027-08", {"prev": "2027-07"}),
        ("2014-09", {"next": "2014-10"}),
        ("2000-01", {"next": "2014-09"}),
        ("2099-12", {"prev": "2027-08"}),
    ],
)
def test_les_mois_voisins_sont_ceux_que_l_enfant_connait(
    client_jean, lea_inscrite, repas, annee_2014, mois, attendus
):
    f.InscriptionFactory(enfant=lea_inscrite, prestation=repas, annee=annee_2014)
    page = lire(client_jean, lea_inscrite, mois)
    assert liens(page) == attendus
    proposes = re.findall(r'<option value="([\d-]+)"', page)
    assert len(proposes) == 24 + (mois in ("2000-01", "2099-12"))
    assert f'<option value="{mois}" selected>' in page


def test_on_passe_d_un_enfant_a_l_autre_en_gardant_le_mois(client_jean, lea_inscrite, cyril, alexandre, hugo):
    page = lire(client_jean, lea_inscrite)
    freres = re.search(r'aria-label="Planning des enfants".*?</nav>', page, re.DOTALL).group()
    assert re.findall(r">(\w+)</a>", freres) == ["Alexandre", "Cyril", "Léa"]
    assert f'"{reverse("planning:mois", args=[cyril.pk])}?mois=2026-12"' in freres
    assert 'aria-current="page">Léa' in freres


def test_un_enfant_inscrit_a_rien_lit_quoi_faire(client_jean, cyril):
    page = lire(client_jean, cyril)
    assert "Aucun service n’est ouvert" in page
    assert reverse("messagerie:nouveau") in page


# --- What may be asked ---------------------------------------------------------------------------------


def coches(page: str) -> list[tuple[str, str]]:
    """(cell, what may be asked there) of each tick, grid and weeks together."""
    peut = dict(re.findall(r'<i id="(s\d+)" data-peut="(\w*)"', page))
    trouvees = re.findall(r'name=cases value=(\S+) aria-labelledby="\w+ \w+ (\w+)"', page)
    return [(case, peut[sorte]) for case, sorte in trouvees]


def test_seules_les_cases_ou_l_on_peut_agir_ont_une_coche_dans_la_grille_et_dans_les_semaines(
    client_jean, lea_inscrite, repas, jeudi_midi
):
    reserver(lea_inscrite, repas, date(2026, 12, 11))
    reserver(lea_inscrite, repas, date(2026, 12, 15), EtatReservation.DEMANDEE)
    trouvees = coches(lire(client_jean, lea_inscrite))
    assert trouvees.count((f"{repas.pk}:2026-12-10", "r")) == 2
    assert trouvees.count((f"{repas.pk}:2026-12-11", "a")) == 2
    assert not [case for case, _ in trouvees if case in (f"{repas.pk}:2026-12-15", f"{repas.pk}:2026-12-12")]


def test_un_mois_passe_se_lit_sans_rien_proposer(client_jean, lea_inscrite, jeudi_midi):
    page = lire(client_jean, lea_inscrite, "2026-10")
    assert "plus rien ne peut y être demandé" in page
    assert not coches(page)


def test_les_semaines_nomment_ensemble_les_services_qu_une_meme_phrase_ferme(
    client_jean, lea_inscrite, jeudi_midi
):
    page = lire(client_jean, lea_inscrite, "2026-11").replace("\u00a0", " ")
    semaines = page[page.index("data-semaines") :]
    assert "Du mardi 24 au dimanche 29 novembre" in semaines
    assert "<summary>Lundi 30 novembre</summary>" in semaines
    mardi = semaines[semaines.index("Mardi 24 novembre (aujourd’hui)") :]
    mardi = mardi[: mardi.index("</section>")]
    assert mardi.count("Le délai pour réserver est passé depuis le jeudi 19 novembre 2026 à 12 h 00") == 1
    assert "Garderie Soir 17h45 – 18h45 et Repas" in mardi


def test_au_telephone_les_jours_passes_du_mois_en_cours_se_replient_ensemble(
    client_jean, lea_inscrite, repas, jeudi_midi
):
    """Today comes in the first screen; a month looked back on keeps its weeks."""
    page = lire(client_jean, lea_inscrite, "2026-11")
    semaines = page[page.index("data-semaines") :]
    resumes = re.findall(r'class="semaine"( open)?>\s*<summary>(.*?)</summary>', semaines)
    assert [(bool(ouverte), re.sub("<.*?>", "", titre)) for ouverte, titre in resumes] == [
        (False, "Du dimanche 1er au lundi 23 novembre jours passés"),
        (True, "Du mardi 24 au dimanche 29 novembre cette semaine"),
        (True, "Lundi 30 novembre"),
    ]
    for jour in range(1, 31):
        assert semaines.count(f" {jour}{'er' if jour == 1 else ''} novembre") >= 1
    assert "jours passés" not in lire(client_jean, lea_inscrite, "2026-10")


def test_un_jour_passe_qu_un_justificatif_peut_excuser_ne_se_replie_pas(client_jean, lea_inscrite, repas):
    MotifAbsence.objects.create(
        libelle="MALADIE", consequence=Consequence.JUSTIFICATIF, justificatif_heures=48
    )
    reserver(lea_inscrite, repas, date(2026, 11, 23))
    page = lire(client_jean, lea_inscrite, "2026-11")
    assert "Du dimanche 1er au dimanche 22 novembre" in page
    assert "Du lundi 23 au dimanche 29 novembre" in page


def test_la_page_reste_legere_un_mois_plein(client_jean, lea_inscrite, prestations, jeudi_midi):
    for prestation in prestations.values():
        for jour in range(1, 32):
            if str(date(2026, 12, jour).isoweekday()) in prestation.jours_ouverts:
                reserver(lea_inscrite, prestation, date(2026, 12, jour), origine=Origine.REGULIERE)
    page = lire(client_jean, lea_inscrite)
    assert len(coches(page)) > 2 * 100
    assert len(page.encode()) < 60_000
    assert len(gzip.compress(page.encode())) < 15_000
