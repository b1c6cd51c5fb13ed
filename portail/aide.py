"""The help: its pages, which screen each one explains, and the pictures that the journeys took of them.

A screen that no page explains, a picture that is not there: tests/portail/test_aide.py refuses both.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PRISES = Path(__file__).with_name("captures.json")


@dataclass(frozen=True)
class Page:
    """`ecrans`: view names for families, beginnings of view names for the staff."""

    cle: str
    titre: str
    gabarit: str
    ecrans: tuple[str, ...] = ()


FAMILLES = (
    Page("avant-de-commencer", "Avant de commencer", "portail/aide/avant_de_commencer.html"),
    Page(
        "se-connecter",
        "Se connecter",
        "portail/aide/se_connecter.html",
        (
            "portail:connexion",
            "portail:mot_de_passe_oublie",
            "portail:mot_de_passe_envoye",
            "portail:mot_de_passe_nouveau",
            "portail:premiere_connexion",
            "portail:premier_lien",
            "portail:premier_mot_de_passe",
            "portail:reprise",
            "portail:choisir_famille",
        ),
    ),
    Page(
        "accueil",
        "Onglet Accueil",
        "portail/aide/accueil.html",
        (
            "portail:accueil",
            "portail:documents",
            "portail:menus",
            "portail:fiche_inscription",
            "portail:mot_de_passe",
            "portail:appareils",
        ),
    ),
    Page(
        "mon-compte",
        "Onglet Mon compte",
        "portail/aide/mon_compte.html",
        ("familles:compte", "demandes:modifier"),
    ),
    Page(
        "mes-enfants",
        "Onglet Mes enfants",
        "portail/aide/mes_enfants.html",
        (
            "familles:enfants",
            "familles:enfant",
            "familles:sante",
            "demandes:modifier_enfant",
            "demandes:inscription",
        ),
    ),
    Page(
        "planning",
        "Réserver, déclarer une absence",
        "portail/aide/planning.html",
        (
            "planning:mois",
            "planning:calendrier",
            "demandes:reserver",
            "demandes:annee",
            "demandes:absence",
            "demandes:annuler",
        ),
    ),
    Page("releve-de-compte", "Onglet Relevé de compte", "portail/aide/releve.html", ("facturation:releve",)),
    Page(
        "boite-de-reception",
        "Onglet Boîte de réception",
        "portail/aide/boite_de_reception.html",
        (
            "messagerie:boite",
            "messagerie:nouveau",
            "messagerie:envoyes",
            "messagerie:supprimes",
            "messagerie:conversation",
            "messagerie:repondre",
        ),
    ),
    Page(
        "liste-des-demandes",
        "Onglet Liste des demandes",
        "portail/aide/liste_des_demandes.html",
        ("demandes:liste", "demandes:detail", "demandes:joindre"),
    ),
    Page("deconnexion", "Déconnexion", "portail/aide/deconnexion.html", ("portail:deconnexion",)),
)

PERSONNEL = (
    Page("journee", "Ce qui attend", "portail/aide/agents/journee.html", ("index", "recapitulatif")),
    Page("demandes", "Décider les demandes", "portail/aide/agents/demandes.html", ("demandes_",)),
    Page(
        "appel",
        "Faire l’appel",
        "portail/aide/agents/appel.html",
        ("planning_pointage", "planning_reservation"),
    ),
    Page(
        "calendrier",
        "Calendrier, fermetures, délais",
        "portail/aide/agents/calendrier.html",
        (
            "planning_vacances",
            "planning_jourferie",
            "planning_fermeture",
            "planning_creneau",
            "planning_regledelai",
            "planning_motifabsence",
            "familles_anneescolaire",
        ),
    ),
    Page("messages", "Lire et écrire aux familles", "portail/aide/agents/messages.html", ("messagerie_",)),
    Page(
        "familles",
        "Dossiers des familles",
        "portail/aide/agents/familles.html",
        (
            "familles_famille",
            "familles_responsable",
            "familles_enfant",
            "familles_rattachement",
            "familles_inscription",
            "familles_fichesanitaire",
            "familles_coordonneesbancaires",
            "familles_informationsfiscales",
            "familles_informationscaf",
        ),
    ),
    Page(
        "importer",
        "Importer des familles",
        "portail/aide/agents/importer.html",
        ("familles_importfamilles",),
    ),
    Page(
        "acces",
        "Donner l’accès aux familles",
        "portail/aide/agents/acces.html",
        ("portail_activation", "familles_utilisateur", "auth_", "familles_trace"),
    ),
    Page(
        "publier",
        "Publier un document, une nouvelle, un menu",
        "portail/aide/agents/publier.html",
        ("portail_document", "portail_nouvelle", "portail_menu"),
    ),
    Page(
        "facturer",
        "Facturer un mois",
        "portail/aide/agents/facturer.html",
        ("facturation_facture", "facturation_campagne", "planning_cloture"),
    ),
    Page(
        "encaisser",
        "Encaisser, verser, arrêter la caisse",
        "portail/aide/agents/encaisser.html",
        (
            "facturation_reglement",
            "facturation_versement",
            "facturation_cloturecaisse",
            "facturation_journal",
            "facturation_comptabilite",
            "facturation_attestation",
        ),
    ),
    Page(
        "impayes",
        "Impayés et relances",
        "portail/aide/agents/impayes.html",
        ("facturation_relance", "facturation_niveaurelance", "facturation_impayes"),
    ),
    Page(
        "corriger",
        "Corriger une facture, un règlement",
        "portail/aide/agents/corriger.html",
        (
            "facturation_facture_avoir",
            "facturation_facture_rectifier",
            "facturation_reglement_contrepasser",
        ),
    ),
    Page(
        "reglages",
        "Réglages de la structure",
        "portail/aide/agents/reglages.html",
        (
            "familles_collectivite",
            "familles_regie",
            "familles_prestation",
            "familles_structure",
            "familles_ecole",
            "facturation_tarif",
            "facturation_fraisannuels",
            "facturation_comptecomptable",
            "facturation_reglesfacturation",
        ),
    ),
)


def page(pages: tuple[Page, ...], cle: str) -> Page | None:
    return next((p for p in pages if p.cle == cle), None)


def page_de_la_vue(vue: str) -> Page | None:
    """The parents' page that explains this view."""
    return next((p for p in FAMILLES if vue in p.ecrans), None)


def page_de_l_admin(nom: str) -> Page | None:
    """The staff's page that explains this address; the most precise beginning wins."""
    debuts = [(len(debut), p) for p in PERSONNEL for debut in p.ecrans if nom.startswith(debut)]
    return max(debuts, key=lambda couple: couple[0])[1] if debuts else None


@cache
def prises() -> dict[str, dict]:
    """Of each picture: its size and the words of the screen when it was taken (`make captures`)."""
    return json.loads(PRISES.read_text(encoding="utf-8"))
