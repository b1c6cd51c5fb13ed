"""The register: who came, tied to the booking, paid by the family that had the child."""

from datetime import date

import pytest

from familles.enums import ModeGarde
from familles.erreurs import Invalide, Refus
from planning import actions
from planning.enums import EtatPointage, EtatReservation
from planning.models import Pointage
from tests.fabriques.familles import EnfantFactory, FamilleFactory, FoyerFactory, InscriptionFactory
from tests.fabriques.planning import ClotureFactory, ReservationFactory, VacancesFactory

E = EtatReservation
PRESENT, ABSENT = EtatPointage.PRESENT, EtatPointage.ABSENT
AUJOURDHUI, HIER, DEMAIN = date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 26)
PAIRE, IMPAIRE = date(2026, 11, 24), date(2026, 11, 17)  # weeks 48 and 47


@pytest.fixture(autouse=True)
def _soir(figer):
    figer("2026-11-24T18:00")


@pytest.fixture
def noter(repas, agent):
    def pointer(presences, jour=AUJOURDHUI, par=agent):
        return actions.pointer(
            prestation=repas, jour=jour, presences={e.pk: v for e, v in presences.items()}, par=par
        )

    return pointer


def notes() -> dict[int, str]:
    return dict(Pointage.objects.values_list("enfant", "etat"))


def test_noter_lie_la_reservation_et_celui_qui_paie(lea_inscrite, famille_dupont, repas, noter, agent):
    reservation = ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=AUJOURDHUI)
    assert noter({lea_inscrite: PRESENT}) == 1
    pointage = Pointage.objects.get()
    assert (pointage.etat, pointage.reservation, pointage.par) == (PRESENT, reservation, agent)
    assert (pointage.inscription, pointage.famille) == (reservation.inscription, famille_dupont)


def test_noter_deux_fois_la_meme_chose_ne_change_rien(lea_inscrite, noter, comptable):
    noter({lea_inscrite: PRESENT})
    avant = Pointage.objects.values().get()
    assert noter({lea_inscrite: PRESENT}, par=comptable) == 0
    assert Pointage.objects.values().get() == avant


def test_se_corriger_puis_oublier(lea_inscrite, noter, comptable):
    noter({lea_inscrite: PRESENT})
    assert noter({lea_inscrite: ABSENT}, par=comptable) == 1
    assert (Pointage.objects.get().etat, Pointage.objects.get().par) == (ABSENT, comptable)
    assert noter({lea_inscrite: None}) == 1
    assert notes() == {}
    assert noter({lea_inscrite: None}) == 0
    assert noter({}) == 0


def test_les_autres_enfants_ne_bougent_pas(lea_inscrite, repas, noter):
    hugo = InscriptionFactory(prestation=repas).enfant
    noter({lea_inscrite: PRESENT, hugo: ABSENT})
    noter({lea_inscrite: None})
    assert notes() == {hugo.pk: ABSENT}


@pytest.mark.parametrize("etat", ["", "présent", "CONGE", "present"])
def test_un_etat_inconnu_est_refuse_et_rien_n_est_ecrit(lea_inscrite, repas, noter, etat):
    autre = InscriptionFactory(prestation=repas).enfant
    with pytest.raises(Invalide):
        noter({autre: PRESENT, lea_inscrite: etat})
    assert notes() == {}


def test_un_enfant_inconnu_est_refuse_et_rien_n_est_ecrit(lea_inscrite, repas, agent, noter):
    noter({lea_inscrite: ABSENT})
    with pytest.raises(Invalide, match="n’existe pas"):
        actions.pointer(
            prestation=repas, jour=AUJOURDHUI, presences={lea_inscrite.pk: None, 10**9: PRESENT}, par=agent
        )
    assert notes() == {lea_inscrite.pk: ABSENT}


def test_on_ne_pointe_ni_l_avenir_ni_un_jour_clos(lea_inscrite, repas, noter):
    with pytest.raises(Invalide, match="à venir"):
        noter({lea_inscrite: PRESENT}, jour=DEMAIN)
    ClotureFactory(prestation=repas, du=HIER, au=HIER)
    with pytest.raises(Refus, match="close"):
        noter({lea_inscrite: PRESENT}, jour=HIER)
    assert notes() == {}
    assert noter({lea_inscrite: PRESENT}, jour=AUJOURDHUI) == 1


@pytest.mark.parametrize("etat", [E.REFUSEE, E.ANNULEE])
def test_une_demande_sans_suite_ne_lie_pas_le_pointage(lea_inscrite, repas, noter, etat):
    ReservationFactory(enfant=lea_inscrite, prestation=repas, jour=AUJOURDHUI, etat=etat)
    noter({lea_inscrite: PRESENT})
    assert Pointage.objects.get().reservation is None


# --- Who pays what nobody booked ---------------------------------------------------------------------------


@pytest.fixture
def foyers(enfant_alterne):
    """Nour’s homes: (even weeks’, odd weeks’)."""
    return [
        enfant_alterne.rattachements.get(mode_garde=mode).famille
        for mode in (ModeGarde.SEMAINES_PAIRES, ModeGarde.SEMAINES_IMPAIRES)
    ]


@pytest.mark.parametrize(("jour", "rang"), [(PAIRE, 0), (IMPAIRE, 1)])
@pytest.mark.parametrize("inscrits", [(), (0,), (1,), (0, 1), (1, 0)])
def test_hors_contrat_le_foyer_de_la_semaine_paie(
    enfant_alterne, foyers, repas, annee, noter, jour, rang, inscrits
):
    for n in inscrits:
        InscriptionFactory(enfant=enfant_alterne, prestation=repas, annee=annee, famille=foyers[n])
    noter({enfant_alterne: PRESENT}, jour=jour)
    pointage = Pointage.objects.get()
    assert pointage.famille == foyers[rang]
    assert (pointage.inscription is not None) is (rang in inscrits)


def test_la_reservation_dit_qui_paie_avant_la_garde(enfant_alterne, foyers, repas, annee, noter):
    inscription = InscriptionFactory(enfant=enfant_alterne, prestation=repas, annee=annee, famille=foyers[1])
    ReservationFactory(inscription=inscription, enfant=enfant_alterne, prestation=repas, jour=PAIRE)
    noter({enfant_alterne: PRESENT}, jour=PAIRE)
    assert Pointage.objects.get().famille == foyers[1]


def test_un_organisme_qui_paie_seul_paie_aussi_l_imprevu(repas, annee, noter):
    """A foster home has the child, an institution has the inscription."""
    enfant, organisme = EnfantFactory(famille=FoyerFactory()), FamilleFactory(nature="ORGANISME")
    InscriptionFactory(enfant=enfant, prestation=repas, annee=annee, famille=organisme)
    noter({enfant: PRESENT})
    assert Pointage.objects.get().famille == organisme


def test_les_moities_de_vacances_l_emportent_sur_les_semaines(enfant_alterne, foyers, repas, noter):
    for rattachement in enfant_alterne.rattachements.all():
        premiere = rattachement.famille == foyers[0]
        rattachement.moitie_vacances = "PREMIERE_PAIRES" if premiere else "PREMIERE_IMPAIRES"
        rattachement.save()
    VacancesFactory(du=date(2026, 11, 14), au=date(2026, 11, 29))
    noter({enfant_alterne: PRESENT}, jour=IMPAIRE)
    noter({enfant_alterne: PRESENT}, jour=PAIRE)
    assert [p.famille for p in Pointage.objects.order_by("jour")] == foyers


def test_un_enfant_sans_famille_se_complete_d_abord(repas, noter):
    with pytest.raises(Refus, match="dans aucune famille"):
        noter({EnfantFactory(): PRESENT})
    assert notes() == {}


def test_noter_trente_enfants_ne_coute_pas_plus_qu_un(repas, annee, noter, django_assert_num_queries):
    couts = []
    enfants = [InscriptionFactory(prestation=repas, annee=annee).enfant for _ in range(31)]
    for enfant in enfants[:15]:
        ReservationFactory(enfant=enfant, prestation=repas, jour=HIER)
    noter({}, jour=HIER)
    for jour, lot in ((AUJOURDHUI, enfants[:1]), (HIER, enfants)):
        with django_assert_num_queries(20, exact=False) as requetes:
            assert noter(dict.fromkeys(lot, PRESENT), jour=jour) == len(lot)
        couts.append(len(requetes))
    assert couts[1] <= couts[0] + 1
