"""The whole path, on the manual's own case: a parent, an agent, an accountant, each in their own browser.

Found by role and label as a person finds them; what counts is read in the database at the end.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from demandes.enums import EtatDemande
from demandes.models import Demande
from facturation.models import Facture, Reglement
from familles.models import Enfant, Famille, Responsable
from messagerie.models import Message
from planning.enums import EtatPointage, EtatReservation
from planning.models import Cloture, Mouvement, Pointage, Reservation
from tests.e2e.gestes import aller, case, onglet, planning

ONGLETS = [
    ("Mon compte", "Mon compte"),
    ("Mes enfants", "Mes enfants"),
    ("Relevé de compte", "Relevé de compte"),
    ("Boîte de réception", "Messages reçus"),
    ("Liste des demandes", "Liste des demandes"),
    ("Accueil", "Bienvenue sur votre page d’accueil"),
]
JEUDI = date(2026, 12, 10)
CASE_LIBRE = (
    "Repas, jeudi 10 décembre 2026 : libre, réservable jusqu’au jeudi 3 décembre 2026 à 12\u00a0h\u00a000"
)
# Once November is over: the accountant's day.
PREMIER_DECEMBRE = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))


def test_le_parcours_du_mode_d_emploi(entrer, settings):
    jean = entrer("jean.dupont")
    _accueil_et_onglets(jean)
    _releve_2014(jean)
    _reserver(jean)
    numero = _demander_une_modification(jean)
    _ecrire(jean)

    agent = entrer("agent")
    _decider(agent, numero)
    _repondre(agent)
    _pointer(agent)

    _absence(jean)
    _lire_la_reponse(jean)

    aller(agent, "/admin/demandes/demande/")
    _accepter_tout_ce_qui_attend(agent)

    settings.HORLOGE_FIGEE = PREMIER_DECEMBRE
    comptable = entrer("comptable")
    _facturer(comptable)
    _encaisser(comptable)
    _verifier_la_base()

    aller(jean, "/releve/?annee=2014-2015")
    expect(jean.get_by_text("AL-36").first).to_be_visible()
    jean.get_by_role("button", name="Déconnexion").click()
    expect(jean.get_by_role("heading", name="Accès famille")).to_be_visible()


# --- The parent ------------------------------------------------------------------------------------------


def _accueil_et_onglets(page: Page) -> None:
    expect(page.get_by_role("banner")).to_contain_text("Bienvenue Jean DUPONT, vous avez")
    expect(page.get_by_role("banner")).to_contain_text("mardi 24 novembre 2026")
    expect(page.get_by_role("main")).to_contain_text("1001001818331")
    impayees = page.get_by_role("row", name=re.compile("AL-36"))
    expect(impayees).to_contain_text("08/04/2015")
    expect(impayees).to_contain_text("120,60")
    for nom, titre in ONGLETS:
        onglet(page, nom)
        expect(page.get_by_role("heading", name=titre).first).to_be_visible()


def _releve_2014(page: Page) -> None:
    onglet(page, "Relevé de compte")
    page.get_by_label("Année scolaire").select_option("2014-2015")
    page.get_by_role("button", name="Afficher").click()
    lignes = page.get_by_role("main").get_by_role("row")
    for numero, montant in (("AL-36", "120,60"), ("AL-228", "243,20"), ("AL-12", "243,20")):
        expect(lignes.filter(has_text=numero)).to_contain_text(montant)
    main = page.get_by_role("main")
    for attendu in ("Facture : 01/04/2015 - 30/04/2015", "Règlement : Chèque", "363,80", "Ancien solde"):
        expect(main).to_contain_text(re.compile(re.escape(attendu), re.IGNORECASE))
    reponse = page.context.request.get("/factures/AL-36.pdf")
    assert reponse.status == 200
    assert reponse.body().startswith(b"%PDF-")


def _reserver(page: Page) -> None:
    """Right click → « Demande de Réservation » → hourglass."""
    planning(page, "Léa", "2026-12")
    page.get_by_role("gridcell", name=CASE_LIBRE).click(button="right")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name=re.compile("Déclarer une absence"))).to_be_disabled()
    menu.get_by_role("menuitem", name=re.compile("^Demande de Réservation")).click()
    expect(page.get_by_role("status").first).to_contain_text("est transmise")
    expect(case(page, "Repas, jeudi 10 décembre 2026 : réservation en cours de traitement")).to_be_visible()


def _demander_une_modification(page: Page) -> str:
    onglet(page, "Mon compte")
    page.get_by_role("region", name="Infos responsable").get_by_role(
        "link", name="Demander une modification"
    ).click()
    page.get_by_label("Mobile").fill("06 12 34 56 78")
    page.get_by_role("button", name="Envoyer ma demande").click()
    lien = page.get_by_role("link", name=re.compile(r"Demande n° \d+ en attente"))
    expect(lien).to_be_visible()
    return re.search(r"\d+", lien.inner_text()).group()


def _ecrire(page: Page) -> None:
    onglet(page, "Boîte de réception")
    page.get_by_role("link", name="Nouveau message").click()
    page.get_by_label("Sujet").fill("Sortie du 17 décembre")
    page.get_by_label("Message").fill("Faut-il prévoir un pique-nique ?")
    page.get_by_role("button", name=re.compile("Envoyer")).click()
    expect(page.get_by_role("status").first).to_contain_text("Votre message est envoyé")


def _absence(page: Page) -> None:
    """Once booked, « Déclarer une absence », with one of the nine reasons."""
    planning(page, "Léa", "2026-12")
    reservee = case(page, "Repas, jeudi 10 décembre 2026 : réservé, annulable jusqu’au")
    reservee.click(button="right")
    page.get_by_role("menuitem", name=re.compile("^Déclarer une absence")).click()
    expect(page.get_by_role("heading", name="Déclarer une absence de Léa")).to_be_visible()
    assert page.get_by_role("radio").count() == 9
    page.get_by_role("radio", name="VOYAGE OU SORTIE SCOLAIRE").check()
    page.get_by_role("button", name="Envoyer ma demande d’absence").click()
    expect(page.get_by_role("status").first).to_contain_text("est transmise")
    expect(case(page, "Repas, jeudi 10 décembre 2026 : absence en cours de traitement")).to_be_visible()


def _lire_la_reponse(page: Page) -> None:
    onglet(page, "Boîte de réception")
    page.get_by_role("link", name=re.compile("Sortie du 17 décembre")).first.click()
    expect(page.get_by_role("main")).to_contain_text("Oui, un pique-nique froid.")
    onglet(page, "Liste des demandes")
    expect(page.get_by_role("main")).to_contain_text("Demandes acceptées")


# --- The agent -------------------------------------------------------------------------------------------


def _decider(page: Page, numero: str) -> None:
    expect(page.get_by_role("heading", name="Ce qui attend")).to_be_visible()
    aller(page, f"/admin/demandes/demande/?q={numero}")
    page.get_by_role("link", name=re.compile(rf"n° {numero}\b")).first.click()
    expect(page.get_by_role("row", name=re.compile("Mobile"))).to_contain_text("06.12.34.56.78")
    page.get_by_role("button", name="Accepter la demande").click()
    aller(page, "/admin/demandes/demande/")
    _accepter_tout_ce_qui_attend(page)


def _accepter_tout_ce_qui_attend(page: Page) -> None:
    """Request after request: the page leads to the next one, then back to the list."""
    while page.locator("#result_list tbody tr").count():
        page.locator("#result_list tbody tr").first.get_by_role("link", name=re.compile("n° ")).first.click()
        page.get_by_role("button", name=re.compile("^Accepter")).click()
        aller(page, "/admin/demandes/demande/")


def _repondre(page: Page) -> None:
    aller(page, "/admin/messagerie/conversation/")
    page.get_by_role("link", name=re.compile("Sortie du 17 décembre")).first.click()
    page.get_by_label("Votre réponse").fill("Oui, un pique-nique froid.")
    page.get_by_role("button", name=re.compile("Répondre|Envoyer")).click()
    expect(page.get_by_text("Votre réponse est envoyée")).to_be_visible()


def _pointer(page: Page) -> None:
    """The register of the day: Léa ate."""
    repas = Reservation.objects.filter(enfant__prenom="Léa", prestation__nom="Repas", jour=date(2026, 11, 24))
    assert repas.get().etat == EtatReservation.RESERVEE
    page.get_by_role("link", name="Accueil").first.click()
    page.get_by_role("link", name=re.compile("Appel du jour")).click()
    page.get_by_role("link", name=re.compile("^Repas(?! de la semaine)")).first.click()
    page.get_by_role("radiogroup", name="DUPONT Léa").get_by_label("Présent", exact=True).check()
    page.get_by_role("button", name="Enregistrer").first.click()


# --- The accountant --------------------------------------------------------------------------------------


def _facturer(page: Page) -> None:
    aller(page, "/admin/facturation/facture/add/")
    page.get_by_label("Mois").select_option("2026-11")
    page.get_by_role("button", name=re.compile("Voir|Prévisualiser|Aperçu")).click()
    page.get_by_role("button", name=re.compile("toutes", re.IGNORECASE)).first.click()
    page.get_by_role("button", name=re.compile("^Émettre")).click()
    expect(page.get_by_role("main")).to_contain_text("émise")


def _encaisser(page: Page) -> None:
    aller(page, "/admin/facturation/reglement/add/?facture=AL-36")
    page.get_by_label("DUPONT JEAN", exact=True).check()
    page.get_by_label(re.compile("Référence")).fill("1234567")
    page.get_by_role("button", name=re.compile("Enregistrer")).click()
    expect(page.get_by_text(re.compile("Le règlement AL-.* est enregistré"))).to_be_visible()


# --- The database ----------------------------------------------------------------------------------------


def _verifier_la_base() -> None:
    dupont = Famille.objects.get(numero="1001001818331")
    lea = Enfant.objects.get(prenom="Léa", nom="DUPONT")
    reservation = Reservation.objects.get(enfant=lea, prestation__nom="Repas", jour=JEUDI)
    assert reservation.etat == EtatReservation.ABSENT_EXCUSE
    etats = Mouvement.objects.filter(reservation=reservation).order_by("pk").values_list("vers", flat=True)
    assert list(etats) == ["DEMANDEE", "RESERVEE", "ABSENCE_DEMANDEE", "ABSENT_EXCUSE"]
    assert Responsable.objects.get(famille=dupont, rang=1).mobile == "06.12.34.56.78"
    assert not Demande.objects.filter(etat=EtatDemande.EN_ATTENTE).exists()
    assert Message.objects.filter(corps="Oui, un pique-nique froid.").count() == 1
    appel = Pointage.objects.get(enfant=lea, prestation__nom="Repas", jour=date(2026, 11, 24))
    assert appel.etat == EtatPointage.PRESENT
    assert Cloture.objects.filter(du=date(2026, 11, 1), au=date(2026, 11, 30)).exists()
    novembre = Facture.objects.get(famille=dupont, du=date(2026, 11, 1))
    assert novembre.total == sum(ligne.montant for ligne in novembre.lignes.all()) > 0
    numeros = sorted(Facture.objects.values_list("numero", flat=True))
    assert numeros == list(range(1, len(numeros) + 1))
    cheque = Reglement.objects.filter(famille=dupont).latest("numero")
    assert (cheque.montant, cheque.reference) == (Decimal("120.60"), "1234567")
    assert Facture.objects.avec_reste().get(numero_imprime="AL-36").reste == 0
