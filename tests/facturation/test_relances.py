"""Unpaid invoices by age, and the three levels of reminders."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facturation import actions
from facturation.anciennete import INTITULES, classer, impayes, tranche
from facturation.models import Facture, FactureRelancee, NiveauRelance, Relance
from facturation.relances import a_relancer, relancable_le
from familles.erreurs import Refus
from familles.models import Famille
from messagerie.models import Courriel, Message
from tests.facturation.conftest import entrer
from tests.facturation.test_modeles import creer_facture
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
AUJOURDHUI = date(2026, 12, 3)


def due(famille, regie, numero, jours, total="10.00") -> Facture:
    """An invoice due for so many days."""
    echeance = AUJOURDHUI - timedelta(days=jours)
    return creer_facture(
        famille, regie, numero=numero, total=D(total), date=echeance - timedelta(days=30), echeance=echeance
    )


@pytest.mark.parametrize(
    "jours, rang", [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (400, 4)]
)
def test_ce_qui_n_est_pas_echu_a_sa_colonne_et_le_retard_les_siennes(jours, rang):
    assert tranche(jours) == rang


def test_les_impayes_se_lisent_par_anciennete_avec_leurs_totaux(dupont, martin, regie):
    due(dupont, regie, 1, 5)
    due(dupont, regie, 2, 100, "40.00")
    due(martin, regie, 3, 45, "20.00")
    due(martin, regie, 4, -20, "7.00")  # not yet due
    balance = impayes(regie, AUJOURDHUI)
    assert [(d.famille, d.total) for d in balance.debiteurs] == [(dupont, D(50)), (martin, D(27))]
    assert balance.montants == [D(7), D(10), D(20), D(0), D(40)]
    assert INTITULES[0] == "Non échues"
    assert balance.echu == D(70)
    assert (balance.total, balance.nombre) == (D(77), 4)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(-30, 400), st.decimals(0, 900, places=2))))
def test_la_somme_des_tranches_est_ce_qui_est_du(lignes):
    factures = []
    for famille, jours, reste in lignes:
        facture = Facture(famille=Famille(pk=famille), echeance=AUJOURDHUI - timedelta(days=jours))
        facture.reste = reste
        factures.append(facture)
    balance = classer(factures, AUJOURDHUI)
    assert balance.total == sum((reste for *_, reste in lignes), D(0))
    assert balance.total == sum((d.total for d in balance.debiteurs), D(0))


# --- Reminders -----------------------------------------------------------------------------------------


@pytest.fixture
def niveaux(db) -> list[NiveauRelance]:
    return list(NiveauRelance.objects.all())


@pytest.fixture
def relancer(regie, comptable, niveaux):
    def executer(niveau, *familles) -> list[Relance]:
        return actions.relancer(
            regie=regie, niveau=niveaux[niveau - 1], familles=[f.pk for f in familles], par=comptable
        )

    return executer


def test_les_trois_niveaux_sont_poses_a_l_installation(niveaux):
    assert [(n.niveau, n.delai_jours, n.intervalle_jours) for n in niveaux] == [
        (1, 15, 15),
        (2, 30, 15),
        (3, 60, 15),
    ]


def test_une_lettre_par_famille_reunit_ses_factures_en_retard(dupont, martin, regie, relancer):
    premiere, deuxieme = due(dupont, regie, 1, 20), due(dupont, regie, 2, 16, "5.50")
    due(dupont, regie, 3, 15)  # exactly the delay: not yet
    due(martin, regie, 4, 50)
    (lettre,) = relancer(1, dupont)
    assert (lettre.famille, lettre.niveau, lettre.total) == (dupont, 1, D("15.50"))
    assert [(li.facture, li.reste) for li in lettre.lignes.all()] == [(premiere, D(10)), (deuxieme, D("5.5"))]
    assert lettre.destinataire == "M. Jean DUPONT"


def test_une_facture_n_est_relancee_qu_une_fois_par_niveau(dupont, regie, relancer, figer):
    due(dupont, regie, 1, 70)
    assert len(relancer(1, dupont)) == 1
    assert relancer(1, dupont) == []
    figer("2027-01-03T10:00")
    assert len(relancer(2, dupont)) == 1
    figer("2027-03-05T10:00")
    assert len(relancer(3, dupont)) == 1
    assert relancer(2, dupont) == relancer(3, dupont) == []
    assert FactureRelancee.objects.count() == 3


@pytest.mark.parametrize(
    "echeance, delai, precedente, intervalle, attendu",
    [
        (date(2026, 9, 1), 15, None, 15, date(2026, 9, 17)),
        # The level before left in time: the delay is that of the due date alone.
        (date(2026, 9, 1), 30, date(2026, 9, 10), 15, date(2026, 10, 2)),
        (date(2026, 9, 1), 30, date(2026, 9, 16), 15, date(2026, 10, 2)),
        # It left late: what its letter gives the family comes first.
        (date(2026, 9, 1), 30, date(2026, 9, 17), 15, date(2026, 10, 3)),
        (date(2026, 9, 1), 30, date(2026, 12, 3), 15, date(2026, 12, 19)),
        (date(2026, 9, 1), 60, date(2026, 12, 3), 8, date(2026, 12, 12)),
        (date(2026, 9, 1), 0, date(2026, 12, 3), 0, date(2026, 12, 4)),  # never twice the same day
        (date(2026, 12, 31), 30, date(2026, 12, 3), 15, date(2027, 1, 31)),
    ],
)
def test_le_delai_court_de_l_echeance_sauf_si_la_relance_precedente_est_recente(
    echeance, delai, precedente, intervalle, attendu
):
    assert relancable_le(echeance, delai, precedente, intervalle) == attendu


def test_deux_niveaux_ne_partent_pas_le_meme_jour(dupont, regie, relancer, figer):
    due(dupont, regie, 1, 70)
    relancer(1, dupont)
    assert relancer(2, dupont) == []
    figer("2026-12-18T10:00")  # the fifteenth day
    assert relancer(2, dupont) == []
    figer("2026-12-19T10:00")
    assert len(relancer(2, dupont)) == 1
    assert relancer(3, dupont) == []


def test_une_facture_plus_recente_ne_presse_pas_celle_qui_vient_d_etre_relancee(
    dupont, regie, relancer, figer
):
    due(dupont, regie, 1, 70)
    relancer(1, dupont)
    autre = due(dupont, regie, 2, 16)
    (lettre,) = relancer(1, dupont)
    assert [li.facture for li in lettre.lignes.all()] == [autre]


def test_l_ecran_dit_la_derniere_relance_et_le_jour_de_la_suivante(client, dupont, regie, relancer, niveaux):
    due(dupont, regie, 1, 70)
    relancer(1, dupont)
    bureau = entrer(client, "comptable")
    choix = {"regie": regie.pk, "niveau": niveaux[1].pk}
    page = bureau.get("/admin/facturation/relance/add/", choix)
    assert "Relancée au niveau 1 le 03/12/2026. Niveau 2 possible dès le 19/12/2026." in texte(page)
    assert 'name="familles"' not in page.content.decode()
    forge = bureau.post("/admin/facturation/relance/add/", {**choix, "familles": dupont.pk}, follow=True)
    assert "le délai depuis leur relance précédente court encore" in texte(forge)
    assert Relance.objects.count() == 1


def test_un_niveau_suit_le_precedent_qui_est_utilise(dupont, regie, relancer, niveaux):
    facture = due(dupont, regie, 1, 70)
    assert not a_relancer(regie, niveaux[1], AUJOURDHUI)
    niveaux[0].actif = False
    niveaux[0].save()
    assert list(a_relancer(regie, niveaux[1], AUJOURDHUI)) == [facture]
    with pytest.raises(Refus, match="pas utilisé"):
        relancer(1, dupont)


def test_ce_qui_est_paye_ne_se_relance_plus(dupont, regie, relancer, comptable):
    due(dupont, regie, 1, 70)
    actions.encaisser(
        famille=dupont, regie=regie, mode="CHEQUE", montant=D(10), recu_le=AUJOURDHUI, par=comptable
    )
    assert relancer(1, dupont) == []
    assert not Message.objects.exists()


def test_une_relance_s_ecrit_dans_la_boite_et_par_courriel_sans_montant(dupont, regie, relancer):
    dupont.responsables.filter(rang=1).update(email="jean@example.org", autorisation_courriel=True)
    due(dupont, regie, 1, 20)
    (lettre,) = relancer(1, dupont)
    message = Message.objects.get()
    assert message.lien == f"/relances/{lettre.pk}.pdf"
    assert "10,00" in message.corps
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "jean@example.org"
    assert "10" not in courriel.sujet


def test_le_titulaire_lit_sa_relance_et_personne_d_autre(client, dupont, martin, regie, relancer, comptable):
    due(dupont, regie, 1, 20)
    adresse = f"/relances/{relancer(1, dupont)[0].pk}.pdf"
    assert entrer(client, "jean.dupont").get(adresse).content.startswith(b"%PDF")
    for inconnu in ("jeanne.dupont", "martin"):
        assert entrer(client, inconnu).get(adresse).status_code == 404
    assert entrer(client, "comptable").get(adresse).status_code == 200


@pytest.mark.parametrize(
    "niveau, delai, actif, refus",
    [
        (3, "5", True, "Le niveau 3 viendrait avant le niveau 2, qui est à 30 jours de l’échéance"),
        (1, "40", True, "Le niveau 1 viendrait après le niveau 2, qui est à 30 jours"),
        (2, "90", True, "Le niveau 2 viendrait après le niveau 3, qui est à 60 jours"),
        (3, "30", True, ""),
        (3, "5", False, ""),
    ],
)
def test_les_niveaux_se_suivent(client, comptable, collectivite, niveau, delai, actif, refus):
    regle = NiveauRelance.objects.get(niveau=niveau)
    envoi = {"delai_jours": delai, "intervalle_jours": "15", "objet": "Rappel", "texte": "Bonjour"}
    adresse = f"/admin/facturation/niveaurelance/{regle.pk}/change/"
    reponse = entrer(client, "comptable").post(adresse, envoi | ({"actif": "on"} if actif else {}))
    assert reponse.status_code == (422 if refus else 302)
    if refus:
        assert refus in texte(reponse).replace("\xa0", " ")
    regle.refresh_from_db()
    assert (regle.delai_jours == int(delai)) is not bool(refus)
