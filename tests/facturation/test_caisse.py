"""The till: the cash book, deposits, closings."""

# budget: the book, the deposits and the closings share one till.

import re
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from facturation import actions
from facturation.caisse import Mouvement, journal_de_caisse, tenir
from facturation.enums import MODES_EN_CAISSE
from facturation.models import ClotureCaisse, Reglement, Versement
from familles.enums import ModeReglement
from familles.erreurs import DejaTraite, Invalide, Refus
from messagerie.models import Courriel, Message
from tests.facturation.test_modeles import creer_facture
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
JEUDI = date(2026, 12, 3)
MERCREDI = date(2026, 12, 2)
VENDREDI = date(2026, 12, 4)


@pytest.fixture
def encaisser(dupont, regie, comptable):
    regie.modes = ["CHEQUE", "ESPECES", "CARTE"]
    regie.save()

    def executer(montant, mode="CHEQUE", jour=JEUDI, **options) -> Reglement:
        return actions.encaisser(
            famille=options.pop("famille", dupont),
            regie=regie,
            mode=mode,
            montant=D(montant),
            recu_le=jour,
            par=comptable,
            **options,
        )

    return executer


@pytest.fixture
def verser(regie, comptable):
    def executer(*reglements, mode="CHEQUE") -> Versement:
        return actions.verser(regie=regie, mode=mode, reglements=[r.pk for r in reglements], par=comptable)

    return executer


# --- The book ------------------------------------------------------------------------------------------


def test_le_journal_tient_la_caisse_jour_par_jour(encaisser, verser, regie, comptable):
    premier = encaisser("40.00", jour=MERCREDI, reference="1234567")
    encaisser("25.00", mode="ESPECES", jour=MERCREDI)
    encaisser("60.00", mode="CARTE")
    verser(premier)
    journal = journal_de_caisse(regie, MERCREDI, JEUDI)
    assert [(j.jour, j.solde) for j in journal.journees] == [(MERCREDI, D(65)), (JEUDI, D(25))]
    assert (journal.recettes, journal.contre_ecritures, journal.verses) == (D(65), D(0), D(40))
    assert (journal.hors_caisse, journal.encaisse) == (D(60), D(125))
    assert journal.par_mode == {"CHEQUE": D(40), "ESPECES": D(25), "CARTE": D(60)}
    jeudi = journal_de_caisse(regie, JEUDI, JEUDI)
    assert (jeudi.solde_avant, jeudi.solde) == (D(65), D(25))


def test_un_cheque_impaye_une_fois_verse_ne_sort_pas_deux_fois_de_la_caisse(
    encaisser, verser, regie, comptable
):
    verse, garde = encaisser("40.00"), encaisser("10.00")
    verser(verse)
    for reglement in (verse, garde):
        actions.contrepasser(reglement=reglement, motif="", cause="IMPAYE", par=comptable)
    journal = journal_de_caisse(regie, JEUDI, JEUDI)
    assert (journal.recettes, journal.contre_ecritures, journal.verses) == (50, 10, 40)
    assert journal.hors_caisse_par_moyen == [("Chèque, déjà versé", -40)]
    assert journal.repris == 50
    assert journal.solde == 0


@pytest.mark.parametrize("lignes", [1, 30])
def test_le_journal_se_lit_en_cinq_requetes(encaisser, regie, lignes):
    for rang in range(lignes):
        encaisser("10.00", reference=str(rang))
    with CaptureQueriesContext(connection) as requetes:
        assert journal_de_caisse(regie, JEUDI, JEUDI).recettes == 10 * lignes
    assert len(requetes) <= 5


@st.composite
def mouvements(tirer) -> list[Mouvement]:
    """Receipts, counter-entries and deposits, each in the till or (a card, a deposited cheque) out of it."""
    lignes = []
    for _ in range(tirer(st.integers(0, 12))):
        montant = tirer(st.decimals(-100, 100, places=2).filter(bool))
        mode = tirer(st.sampled_from(ModeReglement.values))
        versement = mode in MODES_EN_CAISSE and montant < 0 and tirer(st.booleans())
        reste_dehors = mode not in MODES_EN_CAISSE or (montant < 0 and not versement and tirer(st.booleans()))
        jour = tirer(st.dates(date(2026, 1, 1), date(2026, 1, 31)))
        caisse = D("0.00") if reste_dehors else montant
        lignes.append(Mouvement(jour, "AL-1", "", mode, montant, caisse, versement=versement))
    return lignes


@given(mouvements(), st.dates(date(2026, 1, 1), date(2026, 1, 31)))
def test_ce_qui_etait_en_caisse_plus_les_recettes_moins_les_sorties_fait_ce_qui_reste(lignes, du):
    journal = tenir(lignes, du, date(2026, 1, 31))
    entrees, sorties = journal.recettes, journal.contre_ecritures + journal.verses
    assert journal.solde_avant + entrees - sorties == journal.solde
    assert sum(m.solde for m in journal.par_moyen) == journal.solde
    assert sum(m.avant for m in journal.par_moyen) == journal.solde_avant
    # Nothing is lost between the two: what was received and taken back, in the till or out of it.
    ecrit = entrees - journal.contre_ecritures + journal.hors_caisse
    assert ecrit == journal.encaisse - journal.repris == sum(journal.par_mode.values())
    assert sum(net for _, net in journal.hors_caisse_par_moyen) == journal.hors_caisse


def test_le_journal_separe_ce_qui_est_en_caisse_de_ce_qui_n_y_passe_pas(
    encaisser, verser, regie, comptable, client
):
    """Card, deposited cheque that comes back, cash: the sums of the screen and of the PDF fall right."""
    cheque = encaisser("100.00", jour=MERCREDI)
    encaisser("33.33", mode="CARTE")
    encaisser("20.00", mode="ESPECES")
    verser(cheque)
    actions.contrepasser(reglement=cheque, motif="", cause="IMPAYE", par=comptable)
    client.force_login(comptable, backend="portail.authentification.IdentifiantOuCourriel")
    choix = {"regie": regie.pk, "mois": "2026-12"}
    lu = texte(client.get("/admin/facturation/cloturecaisse/journal/", choix))
    assert "Total 0,00 € 120,00 € 0,00 € 100,00 € 20,00 €" in lu
    assert "Carte bancaire 33,33 €" in lu
    assert re.search("Chèque, déjà versé .?100,00 €", lu)
    pdf = client.get("/admin/facturation/cloturecaisse/journal/pdf/", choix)
    assert pdf["Content-Type"] == "application/pdf"


@given(mouvements(), st.integers(1, 31))
def test_le_journal_se_coupe_a_toute_date_sans_perdre_un_centime(lignes, jour):
    coupure = date(2026, 1, jour)
    tout = tenir(lignes, date(2026, 1, 1), date(2026, 1, 31))
    avant = tenir(lignes, date(2026, 1, 1), coupure)
    assert tout.solde == sum((m.caisse for m in lignes), D(0))
    if jour < 31:
        apres = tenir(lignes, date(2026, 1, jour + 1), date(2026, 1, 31))
        assert apres.solde_avant == avant.solde
        assert apres.solde == tout.solde
        assert len(avant.mouvements) + len(apres.mouvements) == len(lignes)


# --- Deposits ------------------------------------------------------------------------------------------


def test_un_bordereau_fige_ce_qu_il_contient_et_a_sa_propre_serie(encaisser, verser, regie):
    premier, second = encaisser("40.00", reference="1234567"), encaisser("12.50")
    bordereau = verser(premier, second)
    assert (bordereau.numero_imprime, bordereau.nombre, bordereau.total) == ("AL-B1", 2, D("52.50"))
    assert [(li.payeur, li.reference, li.montant) for li in bordereau.lignes.all()] == [
        ("DUPONT JEAN", "1234567", D(40)),
        ("DUPONT JEAN", "", D("12.50")),
    ]
    assert verser(encaisser("5.00")).numero_imprime == "AL-B2"
    with pytest.raises(TypeError):
        Versement.objects.update(total=1)


def test_un_reglement_ne_se_verse_qu_une_fois(encaisser, verser, comptable):
    verse, annule, especes = encaisser("40.00"), encaisser("5.00"), encaisser("8.00", mode="ESPECES")
    verser(verse)
    actions.contrepasser(reglement=annule, motif="Erreur", par=comptable)
    for reglement in (verse, annule, especes):
        with pytest.raises(DejaTraite, match="la liste a changé"):
            verser(reglement)
    assert Versement.objects.count() == 1


def test_un_bordereau_vide_ou_par_carte_est_refuse(encaisser, verser):
    with pytest.raises(Invalide, match="au moins un"):
        verser()
    with pytest.raises(Invalide, match="ne se remet pas"):
        verser(encaisser("5.00", mode="CARTE"), mode="CARTE")


# --- Closings ------------------------------------------------------------------------------------------


def test_un_jour_arrete_ne_recoit_plus_d_ecriture(encaisser, regie, comptable):
    encaisser("40.00", jour=MERCREDI)
    cloture = actions.arreter_journee(regie=regie, jour=MERCREDI, par=comptable)
    assert (cloture.du, cloture.nombre, cloture.entrees, cloture.solde) == (MERCREDI, 1, D(40), D(40))
    assert cloture.totaux == {"CHEQUE": "40.00"}
    for jour in (MERCREDI, date(2026, 11, 5)):
        with pytest.raises(Refus, match="arrêtée jusqu’au 02/12/2026"):
            encaisser("5.00", jour=jour)
    assert encaisser("5.00").montant == 5
    assert Reglement.objects.count() == 2


def test_une_contre_ecriture_d_aujourd_hui_corrige_un_jour_arrete(encaisser, regie, comptable):
    reglement = encaisser("40.00", jour=MERCREDI)
    actions.arreter_journee(regie=regie, jour=MERCREDI, par=comptable)
    assert actions.contrepasser(reglement=reglement, motif="Erreur", par=comptable).recu_le == JEUDI
    assert ClotureCaisse.objects.get().entrees == 40


def test_une_journee_s_arrete_une_fois_et_jamais_dans_l_avenir(encaisser, regie, comptable):
    actions.arreter_journee(regie=regie, jour=MERCREDI, par=comptable)
    with pytest.raises(DejaTraite):
        actions.arreter_journee(regie=regie, jour=MERCREDI, par=comptable)
    with pytest.raises(Invalide, match="à venir"):
        actions.arreter_journee(regie=regie, jour=date(2026, 12, 4), par=comptable)


@pytest.mark.parametrize("jour", [date(1, 1, 1), date(1999, 12, 31), date(9999, 12, 31)])
def test_une_date_impossible_n_arrete_rien(encaisser, regie, comptable, jour):
    encaisser("40.00")
    with pytest.raises(Invalide):
        actions.arreter_journee(regie=regie, jour=jour, par=comptable)
    assert not ClotureCaisse.objects.exists()


def test_un_mois_s_arrete_avec_ses_journees_et_sans_trou(encaisser, regie, comptable):
    encaisser("10.00", jour=date(2026, 11, 3))
    actions.arreter_journee(regie=regie, jour=date(2026, 11, 3), par=comptable)
    encaisser("20.00", jour=date(2026, 11, 20))
    mois = actions.arreter_mois(regie=regie, mois=date(2026, 11, 1), par=comptable)
    assert (mois.du, mois.au, mois.entrees) == (date(2026, 11, 1), date(2026, 11, 30), D(30))
    jours = ClotureCaisse.objects.filter(nature="JOUR").order_by("au")
    assert [(c.du.day, c.au.day) for c in jours] == [(3, 3), (4, 30)]
    with pytest.raises(DejaTraite, match="novembre 2026"):
        actions.arreter_mois(regie=regie, mois=date(2026, 11, 1), par=comptable)
    with pytest.raises(Invalide, match="pas fini"):
        actions.arreter_mois(regie=regie, mois=JEUDI, par=comptable)


def test_ce_qui_s_ecrit_apres_l_arrete_du_soir_va_au_lendemain(encaisser, verser, regie, comptable):
    verse, annule = encaisser("40.00"), encaisser("15.00")
    cloture = actions.arreter_journee(regie=regie, jour=JEUDI, par=comptable)
    with pytest.raises(Refus, match="Datez cette écriture du 04/12/2026"):
        encaisser("5.00", jour=JEUDI)
    assert encaisser("5.00", jour=VENDREDI).recu_le == VENDREDI
    with pytest.raises(Invalide, match="avenir"):
        encaisser("5.00", jour=date(2026, 12, 5))
    contre_ecriture = actions.contrepasser(reglement=annule, motif="Erreur", par=comptable)
    bordereau = verser(verse)
    assert (contre_ecriture.recu_le, bordereau.date) == (VENDREDI, VENDREDI)
    jeudi, vendredi = journal_de_caisse(regie, JEUDI, VENDREDI).journees
    assert (jeudi.close, jeudi.solde, cloture.solde) == (True, D(55), D(55))
    assert (vendredi.close, vendredi.solde) == (False, D(5))
    assert [m.piece for m in vendredi.mouvements] == ["AL-3", "AL-4", "AL-B1"]


def test_le_lendemain_la_caisse_s_arrete_avec_ce_qui_y_fut_reporte(encaisser, regie, comptable, figer):
    annule = encaisser("15.00")
    actions.arreter_journee(regie=regie, jour=JEUDI, par=comptable)
    actions.contrepasser(reglement=annule, motif="Erreur", par=comptable)
    with pytest.raises(Invalide, match="à venir"):
        actions.arreter_journee(regie=regie, jour=VENDREDI, par=comptable)
    figer("2026-12-04T18:00")
    cloture = actions.arreter_journee(regie=regie, jour=VENDREDI, par=comptable)
    assert (cloture.du, cloture.nombre, cloture.sorties, cloture.solde) == (VENDREDI, 1, D(15), D(0))


def test_les_ecrans_disent_le_jour_ou_l_on_ecrit(encaisser, regie, comptable, client):
    client.force_login(comptable, backend="portail.authentification.IdentifiantOuCourriel")
    reglement = encaisser("15.00")
    pages = {
        "regler": "/admin/facturation/reglement/add/",
        "annuler": f"/admin/facturation/reglement/{reglement.pk}/contrepasser/",
        "verser": f"/admin/facturation/versement/add/?regie={regie.pk}&mode=CHEQUE",
        "journal": f"/admin/facturation/cloturecaisse/journal/?regie={regie.pk}&mois=2026-12",
    }
    for adresse in pages.values():
        assert "est arrêtée : ce qui" not in client.get(adresse).content.decode()
    actions.arreter_journee(regie=regie, jour=JEUDI, par=comptable)
    for adresse in pages.values():
        assert "va au prochain jour ouvert, le 04/12/2026" in client.get(adresse).content.decode()
    assert 'value="04/12/2026"' in client.get(pages["regler"]).content.decode()
    assert "sera datée du 04/12/2026" in client.get(pages["annuler"]).content.decode()


# --- A cheque that comes back --------------------------------------------------------------------------


def test_un_cheque_impaye_se_dit_a_la_famille(encaisser, dupont, regie, comptable):
    facture = creer_facture(dupont, regie, total=D(40))
    dupont.responsables.filter(rang=1).update(email="jean@example.org", autorisation_courriel=True)
    cheque = encaisser("40.00", reference="1234567")
    ecrit = actions.contrepasser(reglement=cheque, motif="sans provision", cause="IMPAYE", par=comptable)
    assert ecrit.motif == "Chèque impayé : sans provision"
    message = Message.objects.get()
    assert "40,00" in message.corps
    assert message.lien == "/releve/"
    assert Courriel.objects.get().destinataire == "jean@example.org"
    assert list(type(facture).objects.impayees()) == [facture]


def test_seul_un_cheque_revient_impaye(encaisser, comptable):
    especes = encaisser("40.00", mode="ESPECES")
    with pytest.raises(Invalide, match="Seul un chèque"):
        actions.contrepasser(reglement=especes, motif="", cause="IMPAYE", par=comptable)
    assert (
        actions.contrepasser(reglement=especes, motif="", cause="ERREUR", par=comptable).motif
        == "Erreur de saisie"
    )
    assert not Message.objects.exists()
