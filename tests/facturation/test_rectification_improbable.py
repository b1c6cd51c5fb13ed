"""A correction that a slip of the keyboard would make: a day without service, a child who is not enrolled."""

from datetime import date

import pytest

from facturation import actions
from facturation.models import Facture
from familles.erreurs import AConfirmer, Refus
from familles.models import Inscription
from planning.enums import Correction
from planning.models import Fermeture, JourFerie, Pointage, Rectification, Reservation
from tests.facturation.conftest import entrer
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
RECTIFIER = "/admin/facturation/facture/rectifier/"
NON_INSCRIT = "L’enfant n’est pas inscrit à ce service à cette date."


@pytest.fixture
def rectifier(rose, repas, comptable):
    def executer(jour: int, vers=Correction.PRESENT, **options):
        commun = {"enfant": rose, "prestation": repas, "motif": "Oubliée", "par": comptable, "vers": vers}
        return actions.rectifier(jour=date(2026, 11, jour), **(commun | options))

    return executer


@pytest.fixture
def calendrier(db):
    JourFerie.objects.create(jour=date(2026, 11, 12), nom="Fête locale")
    Fermeture.objects.create(motif="Grève", du=date(2026, 11, 13), au=date(2026, 11, 13))


@pytest.mark.parametrize(
    "jour, phrase",
    [
        (7, "Ce service n’ouvre pas ce jour de la semaine."),
        (4, "Ce service n’ouvre pas ce jour de la semaine."),
        (12, "Jour férié (Fête locale) : pas de service."),
        (13, "Fermeture (Grève) : pas de service."),
    ],
)
@pytest.mark.parametrize("quand_meme", [False, True])
def test_un_jour_sans_service_ne_se_facture_pas(
    mois_facture, calendrier, rectifier, jour, phrase, quand_meme
):
    """The planning shows such a presence as « Erreur », and would not let the month be closed with it."""
    with pytest.raises(Refus) as refus:
        rectifier(jour, quand_meme=quand_meme)
    assert refus.value.message == f"{phrase} Vérifiez la date, ou rouvrez d’abord ce jour-là au calendrier."
    assert Facture.objects.count() == 1
    assert not Pointage.objects.filter(jour=date(2026, 11, jour)).exists()
    assert not Rectification.objects.exists()


def test_ce_qui_fut_reserve_avant_un_changement_de_semaine_se_rectifie(mois_facture, rectifier, repas):
    repas.jours_ouverts = "45"
    repas.save()
    assert rectifier(3, Correction.ABSENT_FACTURE).ecrites == []


@pytest.mark.parametrize("vers", [Correction.RIEN, Correction.ABSENT_EXCUSE])
def test_une_erreur_un_jour_ferme_se_corrige(mois_facture, rectifier, vers):
    Fermeture.objects.create(motif="Grève", du=date(2026, 11, 3), au=date(2026, 11, 3))
    assert [f.est_avoir for f in rectifier(3, vers).ecrites] == [True]


def test_une_absence_ne_se_facture_pas_un_jour_ferme(mois_facture, rectifier):
    Fermeture.objects.create(motif="Grève", du=date(2026, 11, 3), au=date(2026, 11, 3))
    with pytest.raises(Refus, match="Grève"):
        rectifier(3, Correction.ABSENT_NON_SIGNALE)
    assert Reservation.objects.get(jour=date(2026, 11, 3)).etat == "RESERVEE"


def test_un_enfant_qui_n_est_pas_inscrit_demande_une_confirmation_qui_se_garde(mois_facture, rectifier):
    Inscription.objects.update(au=date(2026, 11, 5))
    with pytest.raises(AConfirmer, match="n’est pas inscrit"):
        rectifier(6)
    assert Facture.objects.count() == 1
    assert len(rectifier(6, quand_meme=True).complements) == 1
    assert Rectification.objects.get().malgre == NON_INSCRIT


def test_confirmer_sans_raison_ne_laisse_rien_dire(mois_facture, rectifier):
    rectifier(6, quand_meme=True)
    assert Rectification.objects.get().malgre == ""


def test_la_page_demande_de_confirmer_et_garde_ce_qui_est_saisi(client, mois_facture, rose, repas, comptable):
    bureau = entrer(client, "comptable")
    Inscription.objects.update(au=date(2026, 11, 5))
    saisie = {"enfant": rose.pk, "prestation": repas.pk, "jour": "06/11/2026", "vers": "PRESENT"}
    assert 'type="checkbox"' not in bureau.get(RECTIFIER).content.decode().split("submit-row")[0]
    reponse = bureau.post(RECTIFIER, {**saisie, "motif": "Oubliée"})
    assert reponse.status_code == 422
    assert f"{NON_INSCRIT} Cochez « Facturer quand même »" in texte(reponse)
    assert '<input type="checkbox" name="quand_meme"' in reponse.content.decode()
    assert 'value="Oubliée"' in reponse.content.decode()
    confirmee = bureau.post(RECTIFIER, {**saisie, "motif": "Oubliée", "quand_meme": "on"}, follow=True)
    assert "La journée est rectifiée : facture AL-2" in texte(confirmee)
    assert f"Facturée quand même : {NON_INSCRIT}" in texte(bureau.get(RECTIFIER))
