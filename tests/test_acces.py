"""Every address × every role (tests/table_acces.py), and nothing of Jean's for Jeanne."""

# budget: one file over 300 lines, the scene and the two questions asked of it.

import re
from decimal import Decimal
from html import unescape

import pytest
from django.contrib import admin as administration
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from demandes.actions import deposer
from demandes.natures import NATURES
from facturation.models import CompteComptable, NiveauRelance
from familles import coffre
from familles.acces import Acces
from familles.enums import VerbeTrace
from familles.models import Enfant, Trace
from messagerie.desinscription import SIGNATURE
from messagerie.enums import Sens
from portail import actions
from portail.middleware import PERMISSIONS
from portail.models import Document, Nouvelle
from tests.fabriques import demandes as fd
from tests.fabriques import facturation as ff
from tests.fabriques import familles as f
from tests.fabriques import messagerie as fm
from tests.fabriques import planning as fp
from tests.fabriques import portail as fo
from tests.table_acces import ADMIN, COMME, ENVOIS, PORTAIL, ROLES, TABLE

# What is Jean's alone, and what his screens show of it.
COORDONNEES = {
    "adresse": "7 impasse Secrète",
    "telephone_domicile": "01.99.88.77.61",
    "telephone_professionnel": "01.99.88.77.62",
    "mobile": "06.99.88.77.63",
    "email": "secret.jean@exemple.fr",
    "profession": "Espion municipal",
    "csp": "Cadre secret",
    "employeur": "Employeur Secret SARL",
    "adresse_employeur": "13 quai Caché",
}
FISCALES = {"numero_fiscal": "3141592653589", "revenu_fiscal_reference": "98 765", "nombre_parts": "4,25"}
CAF = {"organisme": "CAF Discrète", "numero_allocataire": "7654321"}
SECRETS = [
    *COORDONNEES.values(),
    *FISCALES.values(),
    *CAF.values(),
    "Banque Discrète",
    "0189",  # the end of the IBAN, which is all that is shown of it
    "AL-777",
    "717,71",
    "AL-888",
    "65,43",
    "Un sujet confidentiel",
    "Un texte reçu par Jean seul",
    "Un texte écrit par Jean seul",
    "9 rue Demandée",
    "devis-secret.png",
    "avis-secret.png",
    "domicile-secret.png",
]


def mettre_au_secret(famille, jean, regie):
    """Fill Jean's case with values that nobody could take for another's."""
    for champ, valeur in COORDONNEES.items():
        setattr(jean, champ, valeur)
    jean.save()
    f.CoordonneesBancairesFactory(famille=famille, nom_banque="Banque Discrète")
    f.InformationsFiscalesFactory(famille=famille, **FISCALES)
    f.InformationsCafFactory(famille=famille, **CAF)
    facture = ff.FactureFactory(
        famille=famille, regie=regie, numero=777, numero_imprime="AL-777", total=Decimal("717.71")
    )
    ff.LigneFactureFactory(facture=facture, prix_unitaire=Decimal("71.77"))
    reglement = ff.ReglementFactory(
        famille=famille, regie=regie, numero=888, numero_imprime="AL-888", montant=Decimal("65.43")
    )
    ff.ImputationFactory(facture=facture, reglement=reglement)
    conversation = fm.ConversationFactory(famille=famille, sujet="Un sujet confidentiel")
    fm.MessageFactory(conversation=conversation, corps="Un texte écrit par Jean seul", sens=Sens.FAMILLE)
    message = fm.MessageFactory(conversation=conversation, corps="Un texte reçu par Jean seul")
    return {
        "facture": facture,
        "reglement": reglement,
        "conversation": conversation,
        "message": message,
        "demande": demander_une_adresse(jean),
    }


def demander_une_adresse(jean):
    """Through the form, as Jean would."""
    acces, regle = Acces.pour_utilisateur(jean.utilisateur), NATURES["responsable"]
    saisie = regle.formulaire(acces).initial | {"adresse": "9 rue Demandée"}
    form = regle.formulaire(acces, {nom: v for nom, v in saisie.items() if v not in (None, False)})
    assert form.is_valid(), form.errors
    return deposer(nature="responsable", acces=acces, formulaire=form, par=jean.utilisateur)


def joindre_a_la_fiche_de(enfant, jean):
    """The request is also the other parent's to read, what Jean joined to it is not."""
    demande = fd.DemandeFactory(
        famille=jean.famille,
        nature="identite",
        enfant=enfant,
        concerne=None,
        cle=f"identite:{enfant.pk}:{jean.pk}",
        saisie={"avant": {"sexe": "F"}, "apres": {"sexe": "M"}},
    )
    fd.PieceJointeFactory(demande=demande, nom="domicile-secret.png")


PARENTS = {"jean", "jeanne", "marc"}
# What is read of Léa's health, and by whom: her file by those who may, what waits in a form by both adults of
# its file and the staff who may, the document that Jean joined to it by them and him.
LECTEURS_DE_LA_SANTE = {
    "arachide, trousse n° 31": {*PARENTS, "agent", "admin"},
    "lait de brebis secret": {"jean", "jeanne", "agent", "admin"},
    "ordonnance-secrete.png": {"jean", "agent", "admin"},
}


def demander_pour_la_sante_de(enfant, jean):
    """Waiting, with its prescription: read by both parents who see the health, its document by its sender."""
    demande = fd.DemandeFactory(
        famille=jean.famille,
        nature="sanitaire",
        enfant=enfant,
        concerne=None,
        cle=f"sanitaire:{enfant.pk}:{jean.pk}",
        saisie={"avant": {"allergies": ""}, "apres": {"allergies": "lait de brebis secret"}},
    )
    return {
        "demande_sante": demande.pk,
        "piece_sante": fd.PieceJointeFactory(demande=demande, nom="ordonnance-secrete.png", pages=1).pk,
    }


@pytest.fixture
def a_jean(figer, famille_dupont, jean, lea_inscrite, regie, annee, annee_2014):
    figer("2026-11-24T10:00")
    return mettre_au_secret(famille_dupont, jean, regie)


# Models of the admin that the cast leaves without a row.
AUTRES_MODELES = (
    fd.MotifRefusFactory,
    fd.SuiteDuSilenceFactory,
    fd.VersionReglementFactory,
    fm.CourrielFactory,
    fm.DiffusionFactory,
    fm.ReponseTypeFactory,
    f.ImportFamillesFactory,
    fo.ActivationFactory,
    fo.MenuFactory,
    ff.TarifFactory,
    ff.VersementFactory,
    ff.ClotureCaisseFactory,
    ff.RelanceFactory,
    ff.ReglesFacturationFactory,
    ff.FraisAnnuelsFactory,
    ff.CampagneFactory,
    fp.JourFerieFactory,
    fp.VacancesFactory,
    fp.CreneauFactory,
    fp.FermetureFactory,
    fp.RegleDelaiFactory,
    fp.MotifAbsenceFactory,
    fp.JourneeFactory,
    fp.ClotureFactory,
    fp.PointageFactory,
)


def lignes_des_modeles() -> dict[str, int]:
    """For each model of the admin, a row and, where it has a history, a former version of it."""
    valeurs = {}
    for modele in administration.site._registry:
        nom = f"{modele._meta.app_label}_{modele._meta.model_name}"
        if hasattr(modele, "history"):
            version = modele.history.latest()
            valeurs[nom], valeurs[f"version_{nom}"] = version.id, version.pk
        else:
            valeurs[nom] = modele._base_manager.values_list("pk", flat=True).first()
        assert valeurs[nom], f"donnez une ligne de {nom} au monde de ce test"
    return valeurs


@pytest.fixture
def arguments(a_jean, jean, lea_inscrite, agent, martin, marc):
    """A value for each argument of the table: what is Jean's, and a row of each model of the admin."""
    lea_inscrite.photo_cle = coffre.ranger(b"image")
    lea_inscrite.save()
    document = actions.publier(document=Document(titre="Menus"), contenu=b"%PDF-1.7", par=agent)
    piece = fm.PieceFactory(message=a_jean["message"], nom="devis-secret.png", cle=coffre.ranger(b"image"))
    Nouvelle.objects.create(titre="Grève", texte="Mardi.")
    Trace.objects.inscrire(par=agent, verbe=VerbeTrace.CONSULTER, objet=lea_inscrite)
    joindre_a_la_fiche_de(lea_inscrite, jean)
    for fabrique in AUTRES_MODELES:
        fabrique()
    for modele in (CompteComptable, NiveauRelance):
        modele.objects.first().save()  # put in place by migrate, without a history until it is edited
    return {
        **lignes_des_modeles(),
        **{nom: objet.pk for nom, objet in a_jean.items()},
        **demander_pour_la_sante_de(lea_inscrite, jean),
        "numero_facture": a_jean["facture"].numero_imprime,
        "numero_reglement": a_jean["reglement"].numero_imprime,
        "relance": ff.RelanceFactory(famille=jean.famille, niveau=2).pk,
        "annee_civile": 2025,
        "csv": "csv",
        "enfant": lea_inscrite.pk,
        "type_enfant": ContentType.objects.get_for_model(Enfant).pk,
        "document": document.pk,
        "piece": piece.pk,
        "piece_demande": fd.PieceJointeFactory(demande=a_jean["demande"], nom="avis-secret.png", pages=1).pk,
        "page": 1,
        "page_legale": "mentions-legales",
        "page_aide": "planning",
        "page_aide_agents": "demandes",
        "lien": "perime",
        "desinscription": SIGNATURE.sign(str(fm.CourrielFactory().pk)),
        "nature": "responsable",
        "nature_enfant": "identite",
        "compte": jean.utilisateur.pk,
        "uidb64": urlsafe_base64_encode(force_bytes(jean.utilisateur.pk)),
        "jeton": "perime",
        "app": "familles",
    }


@pytest.fixture
def entrer(request):
    def _entrer(role: str) -> Client:
        return Client() if role == "anonyme" else request.getfixturevalue(f"client_{role}")

    return _entrer


VIDE = {"csrfmiddlewaretoken": "x"}  # a form is never quite empty


def adresse(nom: str, ligne, arguments: dict) -> str:
    return reverse(nom.split("#")[0], args=[arguments[a] for a in ligne.arguments]) + ligne.suite.format(
        **arguments
    )


def _adresses_nommees() -> tuple[set[str], set[str]]:
    """Names of the resolver, and the patterns that have none."""
    noms, sans_nom = set(), set()

    def parcourir(resolveur, prefixe=""):
        for motif in resolveur.url_patterns:
            if not isinstance(motif, URLPattern):
                parcourir(motif, f"{prefixe}{motif.namespace}:" if motif.namespace else prefixe)
            elif motif.name:
                noms.add(f"{prefixe}{motif.name}")
            else:
                sans_nom.add(motif.lookup_str.rsplit(".", 1)[-1])

    parcourir(get_resolver())
    return noms, sans_nom


def test_une_adresse_nouvelle_doit_avoir_sa_ligne():
    noms, sans_nom = _adresses_nommees()
    dites = {nom.split("#")[0] for nom in TABLE}
    assert not noms - dites, "une adresse nouvelle doit avoir sa ligne dans tests/table_acces.py"
    assert not dites - noms, "ces lignes n’ont plus d’adresse"
    assert not {nom for _, lignes in COMME.values() for nom in lignes} - {*TABLE, *ENVOIS}
    # Django's own, in the admin: they lead to a page above, or to its 404.
    assert sans_nom == {"RedirectView", "catch_all_view"}


def ecarts(role: str, table: dict, recus: dict[str, int]) -> dict[str, str]:
    attendus = {nom: ligne.attendu(nom, role) for nom, ligne in table.items()}
    return {nom: f"{recus[nom]} au lieu de {a}" for nom, a in attendus.items() if recus[nom] != a}


@pytest.mark.parametrize("role", ROLES)
def test_chacun_n_ouvre_que_ce_que_la_table_lui_ouvre(role, entrer, arguments):
    client = entrer(role)
    reponses = {nom: client.get(adresse(nom, ligne, arguments)) for nom, ligne in TABLE.items()}
    assert ecarts(role, TABLE, {nom: reponse.status_code for nom, reponse in reponses.items()}) == {}
    # The same pages tell who reads of Léa's health: one request for an address and a role, no more.
    pages = {nom: lire(reponse) for nom, reponse in reponses.items()}
    assert set(trouver(pages, LECTEURS_DE_LA_SANTE)) == {
        s for s, qui in LECTEURS_DE_LA_SANTE.items() if role in qui
    }


def lire(reponse) -> str:
    texte = reponse.headers.get("Content-Type", "").startswith(("text/", "application/json"))
    return unescape(b"".join(reponse).decode()) if texte else ""


@pytest.mark.parametrize("role", ROLES)
def test_chacun_n_envoie_que_la_ou_la_table_le_lui_permet(role, entrer, arguments):
    client = entrer(role)
    recus = {
        nom: client.post(adresse(nom, ligne, arguments), VIDE).status_code for nom, ligne in ENVOIS.items()
    }
    assert ecarts(role, ENVOIS, recus) == {}


# Of every answer, whoever asks and whatever is answered.
EN_TETES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
POLITIQUE = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")


@pytest.mark.parametrize("role", ["anonyme", "jean", "admin"])
def test_chaque_reponse_porte_les_en_tetes_qui_la_protegent(role, entrer, arguments):
    """Each page once, by the person whose page it is; the same ones do not change with who asks."""
    client, fautes = entrer(role), {}
    for nom, ligne in (ADMIN if role == "admin" else PORTAIL).items():
        reponse = client.get(adresse(nom, ligne, arguments))
        politique = reponse.headers.get("Content-Security-Policy", "").split("; ")
        manquants = [p for p in POLITIQUE if p not in politique]
        manquants += [nom for nom, valeur in EN_TETES.items() if reponse.headers.get(nom) != valeur]
        manquants += [p for p in politique if "unsafe" in p or "http:" in p or "*" in p]
        manquants += [nom for nom, cookie in reponse.cookies.items() if not cookie["httponly"]]
        manquants += [nom for nom, cookie in reponse.cookies.items() if cookie["samesite"] != "Lax"]
        if manquants:
            fautes[nom] = manquants
    assert fautes == {}


def test_un_visiteur_est_envoye_a_la_porte(arguments):
    portes = {reverse(n) for n in ("portail:connexion", "admin:login", "portail:premiere_connexion")}
    perdus = {}
    for nom, ligne in TABLE.items():
        if ligne.statuts[0] == 302 and nom != "admin:logout":
            reponse = Client().get(adresse(nom, ligne, arguments))
            if reponse.url.split("?")[0] not in portes:
                perdus[nom] = reponse.url
    assert perdus == {}


# --- What is the other's is found nowhere --------------------------------------------------------------

LIEN = re.compile(r'href="(/[^"#]*)')
AILLEURS = re.compile(r"^/(admin|static)/")


def parcourir(client, arguments) -> dict[str, str]:
    """The text of every page of the portal: those of the table with what is Jean's, then all their links."""
    a_voir = [adresse(nom, ligne, arguments) for nom, ligne in PORTAIL.items()]
    pages = {}
    while a_voir:
        page = a_voir.pop()
        if page in pages or AILLEURS.match(page):
            continue
        reponse = client.get(page)
        pages[page] = ""
        if reponse.headers.get("Content-Type", "").startswith("text/html"):
            pages[page] = unescape(reponse.content.decode())
            a_voir += [unescape(lien) for lien in LIEN.findall(reponse.content.decode())]
        elif reponse.headers["Content-Type"] == "application/pdf" and reponse.status_code == 200:
            pages[page] = f"PDF {page}"
    return pages


def trouver(pages: dict[str, str], secrets) -> dict[str, list[str]]:
    """Where each secret is read; those that are nowhere are left out. Digits may stand by chance in a token,
    never as a word.
    """
    mots = {s: re.compile(rf"(?<!\w){re.escape(s)}(?!\w)") for s in secrets}
    lieux = {s: [page for page, texte in pages.items() if mot.search(texte)] for s, mot in mots.items()}
    return {secret: trouves for secret, trouves in lieux.items() if trouves}


def test_jean_lit_tout_ce_qui_est_a_lui(client_jean, arguments):
    """Otherwise the next test could find nothing because nothing is shown."""
    assert set(trouver(parcourir(client_jean, arguments), SECRETS)) == set(SECRETS)


@pytest.mark.parametrize("qui", ["jeanne", "martin", "marc"])
def test_personne_d_autre_ne_lit_rien_de_jean(qui, entrer, arguments):
    assert trouver(parcourir(entrer(qui), arguments), SECRETS) == {}


def test_aucune_famille_ne_lit_les_notes_du_personnel(client_jean, arguments, a_jean):
    fm.NoteFactory(conversation=a_jean["conversation"], texte="Entre nous : il paie toujours tard")
    assert trouver(parcourir(client_jean, arguments), ["Entre nous"]) == {}


def test_jeanne_lit_ce_qui_est_a_elle_et_jean_ne_le_lit_plus_si_elle_le_masque(
    client_jean, client_jeanne, jeanne, arguments
):
    siens = {champ: f"{valeur} de Jeanne"[:24] for champ, valeur in COORDONNEES.items() if champ != "email"}
    for champ, valeur in siens.items():
        setattr(jeanne, champ, valeur)
    jeanne.save()
    assert set(trouver(parcourir(client_jeanne, arguments), siens.values())) == set(siens.values())
    assert set(trouver(parcourir(client_jean, arguments), siens.values())) == set(siens.values())
    jeanne.coordonnees_masquees = True
    jeanne.save()
    assert trouver(parcourir(client_jean, arguments), siens.values()) == {}


LECTURES = [
    "portail:accueil",
    "portail:documents",
    "portail:fiche_inscription_pdf",
    "portail:aide",
    "familles:compte",
    "familles:enfant",
    "planning:mois",
    "facturation:releve",
    "facturation:facture_pdf",
    "messagerie:boite",
    "messagerie:conversation",
    "demandes:liste",
    "demandes:detail",
]


@pytest.mark.parametrize("methode", ["post", "put", "delete"])
@pytest.mark.parametrize("nom", LECTURES)
def test_une_page_qui_ne_fait_que_se_lire_refuse_tout_autre_verbe(client_jean, arguments, nom, methode):
    ligne = PORTAIL[nom]
    adresse = reverse(nom, args=[arguments[a] for a in ligne.arguments])
    assert getattr(client_jean, methode)(adresse).status_code == 405
