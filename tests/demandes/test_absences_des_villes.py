"""What an absence costs in the towns of the house rules: reason and rule written in the admin."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from demandes import actions
from demandes.natures import NATURES
from familles import horloge
from familles.models import Collectivite, Utilisateur
from planning.models import MotifAbsence, RegleDelai
from tests.demandes.conftest import JOUR, acces_de, case
from tests.fabriques.planning import VacancesFactory

PARIS, REUNION, CAYENNE = "Europe/Paris", "Indian/Reunion", "America/Cayenne"
SANS = {}
# Told before nine the same day; the day before at eleven, of the days that the service opens.
NEUF_HEURES = {"operation": "ABSENCE", "mode": "JOURS", "nombre": "0", "heure": "9:00"}
VEILLE_OUVERTE = {**NEUF_HEURES, "nombre": "1", "comptage": "OUVERTURE", "heure": "11:00"}
VEILLE_MIDI = {**NEUF_HEURES, "operation": "ANNULER", "nombre": "1", "heure": "12:00"}

# Town, consequence (and hours of the document), rule, zone, instant in the town, with a document → excused?
# None: the absence can no longer be told.
CAS = [
    ("R2", "SELON_DELAI", 48, VEILLE_MIDI, PARIS, "2026-12-02 12:00:00", False, True),
    ("R2", "SELON_DELAI", 48, VEILLE_MIDI, PARIS, "2026-12-02 12:00:01", False, False),
    ("R4, injustifiée", "FACTUREE", 48, SANS, PARIS, "2026-11-24 10:00:00", True, False),
    ("R6, malade", "EXCUSEE", 48, SANS, PARIS, "2026-12-03 08:00:00", False, True),
    ("R6, sortie scolaire", "EXCUSEE", 48, VEILLE_MIDI, PARIS, "2026-12-03 08:00:00", False, True),
    ("R7, malade", "JUSTIFICATIF", 48, SANS, PARIS, "2026-12-04 23:59:59", True, True),
    ("R7, malade", "JUSTIFICATIF", 48, SANS, PARIS, "2026-12-03 08:00:00", False, False),
    ("R7, malade", "JUSTIFICATIF", 48, SANS, PARIS, "2026-12-05 00:00:00", True, None),
    ("R12", "SELON_DELAI", 48, VEILLE_OUVERTE, PARIS, "2026-12-01 11:00:00", False, True),
    ("R12", "SELON_DELAI", 48, VEILLE_OUVERTE, PARIS, "2026-12-01 11:00:01", False, False),
    ("R14, absent de l’école", "EXCUSEE", 48, SANS, PARIS, "2026-12-03 12:00:00", False, True),
    ("R14, autre", "FACTUREE", 48, VEILLE_MIDI, PARIS, "2026-11-24 10:00:00", False, False),
    ("R26, sans prévenir", "SELON_DELAI", 48, NEUF_HEURES, PARIS, "2026-12-04 00:00:00", False, None),
    ("R28", "SELON_DELAI", 48, NEUF_HEURES, PARIS, "2026-12-03 09:00:00", False, True),
    ("R28", "SELON_DELAI", 48, NEUF_HEURES, PARIS, "2026-12-03 09:00:01", False, False),
    ("R28 à La Réunion", "SELON_DELAI", 48, NEUF_HEURES, REUNION, "2026-12-03 09:00:00", False, True),
    ("R28 à La Réunion", "SELON_DELAI", 48, NEUF_HEURES, REUNION, "2026-12-03 09:00:01", False, False),
    ("R28 à Cayenne", "SELON_DELAI", 48, NEUF_HEURES, CAYENNE, "2026-12-03 09:00:01", False, False),
    ("R42, certificat", "JUSTIFICATIF", 168, SANS, PARIS, "2026-12-09 23:59:59", True, True),
    ("R42, certificat", "JUSTIFICATIF", 168, SANS, PARIS, "2026-12-10 00:00:00", True, None),
]


@pytest.fixture
def admin(collectivite) -> Client:
    client = Client()
    client.force_login(
        Utilisateur.objects.create_superuser("administratrice"),
        backend="portail.authentification.IdentifiantOuCourriel",
    )
    return client


@pytest.fixture
def ecrire(admin):
    """The reason and the rule, each through its form of the admin."""

    def _ecrire(consequence: str, heures: int, regle: dict) -> MotifAbsence:
        raison = {"libelle": "ESSAI", "consequence": consequence, "justificatif_heures": heures}
        reponse = admin.post("/admin/planning/motifabsence/add/", raison | {"ordre": 1, "actif": "on"})
        assert reponse.status_code == 302, reponse.content.decode()
        if regle:
            commun = {"jour_limite": "4", "comptage": "CALENDAIRES", "quantieme": "20", "retard": "REFUSE"}
            dates = {"dates-TOTAL_FORMS": "0", "dates-INITIAL_FORMS": "0"}
            reponse = admin.post("/admin/planning/regledelai/add/", commun | dates | regle)
            assert reponse.status_code == 302, reponse.content.decode()
            assert RegleDelai.objects.count() == 1
        return MotifAbsence.objects.get(libelle="ESSAI")

    return _ecrire


@pytest.mark.parametrize(
    ("ville", "consequence", "heures", "regle", "zone", "instant", "joint", "excusee"), CAS
)
def test_une_absence_coute_ce_que_dit_le_reglement(
    dupont,
    lea,
    repas,
    reserver,
    agent,
    ecrire,
    ville,
    consequence,
    heures,
    regle,
    zone,
    instant,
    joint,
    excusee,
):
    # Thursday: the canteen does not open the day before.
    VacancesFactory()
    actions.accepter(demande=reserver(dupont.titulaire, lea, JOUR), par=agent)
    motif = ecrire(consequence, heures, regle)
    Collectivite.objects.update(fuseau=zone)
    moment = datetime.fromisoformat(instant).replace(tzinfo=ZoneInfo(zone))
    with timezone.override(ZoneInfo(zone)), horloge.figer(moment):
        donnees = {"cases": [case(repas, JOUR)], "motif": motif.pk}
        form = NATURES["absence"].formulaire(acces_de(dupont.titulaire), donnees, enfant=lea)
        form.is_valid()
        if excusee is None:
            assert not form.acceptes or form.errors
        else:
            assert form.is_valid(), form.errors
            assert form.excusee(form.acceptes[0], motif, justifiee=joint) is excusee
