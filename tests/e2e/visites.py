"""Every page of the access table (tests/table_acces.py), with what the demonstration town holds for it."""

from datetime import UTC, date, datetime

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from demandes.models import Demande
from facturation.models import Facture, Reglement
from familles.models import Enfant, Famille
from messagerie.desinscription import SIGNATURE
from messagerie.models import Conversation, Courriel
from planning.models import Creneau
from portail import actions
from portail.models import Activation
from tests.table_acces import ADMIN, PORTAIL, ROLES, TABLE, Ligne

# Files, and what only answers with one.
SANS_PAGE = {"portail:document", "portail:etat", "familles:photo", "messagerie:piece", "demandes:piece"}
SANS_PAGE |= {"demandes:planche"}
SANS_PAGE |= {"portail:identite", "portail:logo", "admin:planning_pointage_feuille"}
SANS_PAGE |= {
    f"facturation:{nom}_pdf" for nom in ("facture", "releve", "quittance", "relance", "attestation")
}
FICHIERS = ("_export", "_fichier", "_pdf", "_zip", "_bordereau", "jsi18n", "autocomplete", "view_on_site")


def arguments() -> dict[str, object]:
    """Of the Duponts and of the staff's lists; a model without a row has no page to open."""
    famille = Famille.objects.get(numero="1001001818331")
    lea = Enfant.objects.get(nom="DUPONT", prenom="Léa")
    agent = Conversation.objects.exclude(assignee=None).first().assignee
    if not Activation.objects.exists():
        actions.inviter(comptes=[famille.responsables.get(rang=2).utilisateur], par=agent)
    Creneau.objects.get_or_create(
        nom="Année", du=date(2026, 12, 1), au=date(2026, 12, 31), ouverture=datetime(2026, 11, 1, tzinfo=UTC)
    )
    valeurs = {
        "enfant": lea.pk,
        "type_enfant": ContentType.objects.get_for_model(Enfant).pk,
        "conversation": Conversation.objects.filter(famille=famille, responsable__rang=1).first().pk,
        "demande": Demande.objects.filter(famille=famille, nature="reservation").first().pk,
        "numero_facture": "AL-36",
        "facture": Facture.objects.get(numero_imprime="AL-36").pk,
        "reglement": Reglement.objects.filter(famille=famille).first().pk,
        "nature": "responsable",
        "nature_enfant": "identite",
        "page_legale": "accessibilite",
        "page_aide": "planning",
        "page_aide_agents": "demandes",
        "lien": "perime",
        "desinscription": SIGNATURE.sign(str(Courriel.objects.first().pk)),
        "uidb64": "MQ",
        "jeton": "perime",
        "app": "familles",
        "compte": famille.responsables.get(rang=1).utilisateur_id,
    }
    for modele in admin.site._registry:
        nom = f"{modele._meta.app_label}_{modele._meta.model_name}"
        valeurs[nom] = modele._base_manager.values_list("pk", flat=True).first()
        if hasattr(modele, "history") and (version := modele.history.first()):
            valeurs[nom], valeurs[f"version_{nom}"] = version.id, version.pk
    return {nom: valeur for nom, valeur in valeurs.items() if valeur is not None}


def _est_une_page(nom: str, ligne: Ligne, role: str) -> bool:
    return ligne.statuts[ROLES.index(role)] == 200 and nom not in SANS_PAGE and not nom.endswith(FICHIERS)


def _vues(role: str) -> set[str]:
    return {nom for nom, ligne in _table(role).items() if ligne.statuts[ROLES.index(role)] == 200}


def _table(role: str) -> dict[str, Ligne]:
    """Everyone's own pages; what the agent has seen is not looked at again as the accountant, nor as the
    administrator, who alone sees the forms of all the models, Django's own.
    """
    if role in ("anonyme", "jean"):
        return PORTAIL
    du_bureau = {nom: ligne for nom, ligne in TABLE.items() if nom in ADMIN or nom.endswith("_changelist")}
    if role == "agent":
        return du_bureau
    if role == "comptable":
        return {nom: ligne for nom, ligne in du_bureau.items() if nom not in _vues("agent")}
    vues = _vues("agent") | _vues("comptable")
    une_fois = ("_delete", "_history", "_simple_history")
    autres = [nom for nom in TABLE if nom not in PORTAIL and nom not in vues]
    premieres = {next(nom for nom in autres if nom.endswith(fin)) for fin in une_fois}
    # The form that adds is the form that changes.
    passees = (*une_fois, "_add")
    return {nom: TABLE[nom] for nom in autres if nom in premieres or not nom.endswith(passees)}


def adresses(role: str) -> dict[str, str]:
    """The pages of this person, by name."""
    valeurs, trouvees = arguments(), {}
    for nom, ligne in _table(role).items():
        if _est_une_page(nom, ligne, role) and all(a in valeurs for a in ligne.arguments):
            fin = ligne.suite.format(**valeurs)
            trouvees[nom] = reverse(nom, args=[valeurs[a] for a in ligne.arguments]) + fin
    return trouvees
