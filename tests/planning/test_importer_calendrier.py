"""The official calendar seeds rows; what the town did to them stays."""

import re
from datetime import date
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from holidays.countries import France

from familles.erreurs import Invalide
from familles.models import Collectivite
from planning import calendrier_officiel as officiel
from planning.actions import importer_calendrier
from planning.enums import NatureVacances, SourceCalendrier
from planning.models import JourFerie, Vacances
from planning.reglement_interieur import reglement_interieur
from tests.fabriques.planning import FermetureFactory, JourFerieFactory, VacancesFactory

PERIODE = {"du": date(2026, 9, 1), "au": date(2028, 8, 31)}


def lignes() -> list[tuple]:
    return [
        *JourFerie.objects.order_by("jour").values_list("pk", "jour", "nom", "source"),
        *Vacances.objects.order_by("du").values_list("pk", "nom", "nature", "du", "au", "source"),
    ]


def periodes(zone: str, du: date, au: date) -> dict[str, tuple[date, date]]:
    return {v.nom: (v.du, v.au) for v in officiel.vacances(du, au, zone)}


# --- What the official calendar says -----------------------------------------------------------------------


def test_l_annee_du_manuel_en_zone_a(collectivite):
    """Easter Monday F, spring holidays P from 11 to 26 April 2015, last day included."""
    importer_calendrier(du=date(2014, 9, 1), au=date(2015, 8, 31), zone="A")
    calendrier = reglement_interieur().calendrier
    assert calendrier.feries[date(2015, 4, 6)] == "Lundi de Pâques"
    printemps = Vacances.objects.get(du=date(2015, 4, 11))
    assert (printemps.nom, printemps.nature, printemps.au) == (
        "Vacances de printemps",
        NatureVacances.PETITES,
        date(2015, 4, 26),
    )
    assert calendrier.vacances_du(date(2015, 4, 10)) is None
    assert calendrier.vacances_du(date(2015, 4, 27)) is None
    ete = Vacances.objects.get(nature=NatureVacances.GRANDES)
    assert (ete.nom, ete.du, ete.au) == ("Vacances d’été", date(2015, 7, 4), date(2015, 8, 31))
    assert Vacances.objects.count() == 5
    assert not Vacances.objects.exclude(source=SourceCalendrier.OFFICIELLE).exists()


@pytest.mark.parametrize(
    ("zone", "nom", "du", "au"),
    [
        ("C", "Vacances de la Toussaint", date(2026, 10, 17), date(2026, 11, 1)),
        ("C", "Vacances de Noël", date(2026, 12, 19), date(2027, 1, 3)),
        ("C", "Vacances d’hiver", date(2027, 2, 6), date(2027, 2, 21)),
        ("A", "Vacances d’hiver", date(2027, 2, 13), date(2027, 2, 28)),
        ("B", "Vacances d’hiver", date(2027, 2, 20), date(2027, 3, 7)),
        ("C", "Vacances de printemps", date(2027, 4, 3), date(2027, 4, 18)),
        ("C", "Pont de l’Ascension", date(2027, 5, 6), date(2027, 5, 9)),
    ],
)
def test_les_vacances_de_chaque_zone(zone, nom, du, au):
    assert periodes(zone, date(2026, 9, 1), date(2027, 6, 30))[nom] == (du, au)


def test_des_vacances_a_cheval_sur_deux_annees_restent_entieres():
    assert periodes("C", date(2027, 1, 2), date(2027, 1, 2)) == {
        "Vacances de Noël": (date(2026, 12, 19), date(2027, 1, 3))
    }


@pytest.mark.parametrize("zone", "ABC")
def test_les_periodes_ne_se_chevauchent_pas(zone):
    suite = officiel.vacances(date(2014, 9, 1), date(2035, 8, 31), zone)
    assert len(suite) > 100
    assert [(a, b) for a, b in pairwise(suite) if a.au >= b.du] == []


def test_ce_qu_aucun_arrete_ne_fixe_est_provisoire(collectivite):
    bilan = importer_calendrier(du=date(2027, 9, 1), au=date(2029, 8, 31), zone="C")
    provisoires = Vacances.objects.filter(source=SourceCalendrier.EXTRAPOLEE).order_by("du")
    # The summer of 2028 begins by the arrêté and ends with a return that none has fixed yet.
    assert [v.nom for v in provisoires][:2] == ["Vacances d’été", "Vacances de la Toussaint"]
    assert provisoires.count() == bilan.provisoires == 7
    assert Vacances.objects.get(du=date(2028, 5, 25)).source == SourceCalendrier.OFFICIELLE


def test_le_dernier_arrete_connu_est_celui_de_la_bibliotheque():
    """A newer library that knows one more year fails here: then move ARRETES_JUSQU_AU."""
    annees = re.findall(r"Arrêté du [^(]*\([\d -]*(?:to )?\d{4}-(\d{4})\)", France.__doc__)
    assert max(annees) == str(officiel.ARRETES_JUSQU_AU.year)


@pytest.mark.parametrize(
    ("insee", "jour", "nom"),
    [
        ("67482", date(2027, 3, 26), "Vendredi saint"),
        ("57463", date(2026, 12, 26), "Saint-Étienne"),
        ("97411", date(2026, 12, 20), "Abolition de l’esclavage"),
        ("97209", date(2027, 5, 22), "Abolition de l’esclavage"),
        ("97701", date(2026, 10, 9), "Abolition de l’esclavage"),
        ("98818", date(2027, 9, 24), "Fête de la Citoyenneté"),
    ],
)
def test_les_feries_locaux_suivent_la_commune(collectivite, insee, jour, nom):
    collectivite.code_insee = insee
    collectivite.save()
    importer_calendrier(**PERIODE)
    assert JourFerie.objects.get(jour=jour).nom == nom


@pytest.mark.parametrize("insee", ["31488", "", "2A004", "75056"])
def test_ailleurs_les_feries_sont_les_onze_de_tous(collectivite, insee):
    assert officiel.territoire_de(insee) == ""
    assert len(officiel.feries(date(2027, 1, 1), date(2027, 12, 31))) == 11


def test_outre_mer_les_vacances_restent_a_saisir(collectivite):
    collectivite.code_insee = "97411"
    collectivite.save()
    bilan = importer_calendrier(**PERIODE)
    assert bilan.inconnues == ("2026-2027", "2027-2028")
    assert not Vacances.objects.exists()


def test_deux_fetes_le_meme_jour_font_une_ligne():
    assert officiel.feries(date(2008, 5, 1), date(2008, 5, 1)) == {
        date(2008, 5, 1): "Ascension et Fête du Travail"
    }


# --- What an import does to the rows -----------------------------------------------------------------------


def test_la_zone_est_celle_de_la_ville(collectivite):
    importer_calendrier(**PERIODE)
    assert collectivite.zone == "C"
    assert Vacances.objects.get(nom="Vacances d’hiver", du__year=2027).du == date(2027, 2, 6)


def test_importer_deux_fois_ne_change_rien(collectivite):
    premier = importer_calendrier(**PERIODE)
    avant = lignes()
    second = importer_calendrier(**PERIODE)
    assert lignes() == avant
    assert (premier.feries, premier.vacances, premier.conservees) == (22, 12, 0)
    assert (second.feries, second.vacances, second.conservees) == (0, 0, 34)
    assert importer_calendrier(**PERIODE, remplacer=True).conservees == 34
    assert lignes() == avant


def test_une_ligne_corrigee_reste(collectivite):
    importer_calendrier(**PERIODE)
    toussaint = Vacances.objects.get(du=date(2026, 10, 17))
    toussaint.du = date(2026, 10, 16)
    toussaint.save()
    noel = JourFerie.objects.get(jour=date(2026, 12, 25))
    noel.nom = "Noël, et le lendemain"
    noel.save()
    avant = lignes()
    importer_calendrier(**PERIODE)
    assert lignes() == avant


def test_remplacer_reecrit_les_lignes_importees_et_garde_celles_de_la_ville(collectivite, admin):
    VacancesFactory(nom="Noël de la ville", du=date(2026, 12, 18))
    importer_calendrier(**PERIODE)
    Vacances.objects.filter(du=date(2026, 10, 17)).get().delete()
    VacancesFactory(
        nom="Toussaint", du=date(2026, 10, 20), au=date(2026, 11, 1), source=SourceCalendrier.EXTRAPOLEE
    )
    JourFerieFactory(jour=date(2027, 5, 8), source=SourceCalendrier.OFFICIELLE)
    ferie = JourFerie.objects.get(jour=date(2027, 5, 8))
    ferie.nom = "8 mai"
    ferie.save()
    bilan = importer_calendrier(**PERIODE, remplacer=True, par=admin)
    assert (bilan.feries, bilan.vacances) == (1, 1)
    assert JourFerie.objects.get(jour=date(2027, 5, 8)).nom == "Fête de la Victoire"
    automne = Vacances.objects.filter(du__range=(date(2026, 10, 1), date(2026, 11, 30)))
    assert [(v.du, v.source) for v in automne] == [(date(2026, 10, 17), SourceCalendrier.OFFICIELLE)]
    assert [v.nom for v in Vacances.objects.filter(du__year=2026, du__month=12)] == ["Noël de la ville"]
    assert automne.get().history.get().history_user == admin


def test_l_import_perime_les_reglages_et_laisse_une_histoire(collectivite):
    assert not reglement_interieur().calendrier.feries
    importer_calendrier(**PERIODE)
    assert date(2026, 12, 25) in reglement_interieur().calendrier.feries
    assert JourFerie.history.count() == JourFerie.objects.count() == 22


def test_sans_rien_a_ajouter_les_reglages_restent_en_memoire(collectivite):
    importer_calendrier(**PERIODE)
    version = Collectivite.objects.version()
    importer_calendrier(**PERIODE)
    assert Collectivite.objects.version() == version


@pytest.mark.parametrize(
    "demande",
    [
        {"du": date(2027, 9, 1), "au": date(2026, 8, 31)},
        {"du": date(1999, 1, 1), "au": date(2027, 1, 1)},
        {"du": date(2026, 1, 1), "au": date(9999, 12, 31)},
        {**PERIODE, "zone": "D"},
        {**PERIODE, "territoire": "33"},
    ],
)
def test_une_demande_insensee_est_refusee_sans_rien_ecrire(collectivite, demande):
    with pytest.raises(Invalide):
        importer_calendrier(**demande)
    assert lignes() == []


def test_avant_que_la_ville_soit_reglee(db):
    assert importer_calendrier(**PERIODE).feries == 22


# --- The command -------------------------------------------------------------------------------------------


def test_la_commande_comprend_les_annees_scolaires(collectivite, capsys):
    call_command("importer_calendrier", "--zone", "C", "--du", "2026", "--au", "2028")
    assert (JourFerie.objects.count(), Vacances.objects.count()) == (22, 12)
    sortie = capsys.readouterr().out
    assert "22\xa0jours fériés et 12\xa0périodes" in sortie
    # The summer of 2028: nobody has said yet when it ends.
    assert "à vérifier : 1\xa0période." in sortie


def test_la_commande_sans_rien_dire_prend_l_annee_en_cours_et_la_suivante(collectivite, figer, settings):
    figer("2027-03-01T10:00")
    call_command("importer_calendrier", verbosity=0)
    assert Vacances.objects.order_by("du").first().du == date(2026, 10, 17)
    assert Vacances.objects.order_by("du").last().du == date(2028, 7, 5)


def test_la_commande_dit_ce_qui_manque(collectivite, capsys):
    call_command("importer_calendrier", "--du", "2015-09-01", "--au", "2017-08-31")
    assert "à saisir soi-même : 2015-2016, 2016-2017." in capsys.readouterr().out


@pytest.mark.parametrize(
    "options", [["--du", "hier"], ["--du", "2026", "--au", "2026"], ["--du", "2026-13-01"]]
)
def test_la_commande_refuse_avec_une_phrase(collectivite, options):
    with pytest.raises(CommandError):
        call_command("importer_calendrier", *options)
    assert lignes() == []


def test_une_fermeture_de_la_ville_n_est_pas_touchee(collectivite):
    fermeture = FermetureFactory()
    importer_calendrier(**PERIODE, remplacer=True)
    fermeture.refresh_from_db()
    assert fermeture.motif == "Pont"
