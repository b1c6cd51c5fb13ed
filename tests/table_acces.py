"""The access table: who gets which answer at which address. A new URL needs its row (tests/test_acces.py).

A row: the status for each role of `DITS`, in order, then what its arguments are (the fixture `arguments`).
Two more people are near to one of these: `COMME` names the rows where they answer as another, `Ligne.sauf`
what neither says. A name may end with « #… »: the same address, of something else.
"""

# budget: a row per address, in one table that is read at a glance.

from dataclasses import dataclass, field

DITS = ("anonyme", "martin", "jeanne", "jean", "agent", "comptable", "admin")
# martin: another family; jeanne: the separated conjoint; jean: the titulaire, to whom everything belongs.
# marc: the former partner, who holds Léa too in a household of his own; sans_sante: an agent whose group may
# not read the health data.
PROCHES = {"marc": "martin", "sans_sante": "agent"}
ROLES = (*DITS, *PROCHES)

# The exceptions: on these rows Marc answers as Jeanne, who lives apart too, and the agent without the health
# data as the accountant, who has no business there.
COMME = {
    "marc": (
        "jeanne",
        {
            "familles:enfant",
            "familles:sante",
            "familles:photo",
            "planning:mois",
            "demandes:modifier_enfant",
            "demandes:absence",
            "demandes:annee",
            "demandes:reserver",
        },
    ),
    "sans_sante": (
        "comptable",
        {
            "admin:familles_fichesanitaire_changelist",
            "admin:familles_fichesanitaire_change",
            "admin:familles_fichesanitaire_history",
            "admin:familles_fichesanitaire_simple_history",
            "admin:familles_fichesanitaire_pai",
            "demandes:piece#sante",
            "demandes:planche#sante",
        },
    ),
}

Statuts = tuple[int, ...]


@dataclass(frozen=True)
class Ligne:
    """`suite`: end of the address (a query string, where `{…}` is an argument); `sauf`: role → its status."""

    statuts: Statuts
    arguments: tuple[str, ...] = ()
    suite: str = ""
    sauf: dict[str, int] = field(default_factory=dict)

    def attendu(self, nom: str, role: str) -> int:
        if role in self.sauf:
            return self.sauf[role]
        if role in PROCHES:
            autre, lignes = COMME[role]
            role = autre if nom in lignes else PROCHES[role]
        return self.statuts[DITS.index(role)]


@dataclass(frozen=True)
class Droits:
    """Of a model in the admin, for agent, comptable, admin: L list, A add, M open, S delete, H history.

    `autres`: pages that do not simply open (200) or refuse (403), for the same three.
    """

    agent: str = ""
    comptable: str = ""
    admin: str = "LAMSH"
    historique: bool = False  # simple-history's page of a former version
    autres: dict[str, Statuts] = field(default_factory=dict)


PUBLIQUE = (200, 200, 200, 200, 200, 200, 200)
# Staff without a family of their own have no family page.
FAMILLE = (302, 200, 200, 200, 403, 403, 403)
DES_ENFANTS = (302, 404, 200, 200, 403, 403, 403)
DU_COMPTE = (302, 404, 404, 200, 403, 403, 403)
ENVOI_FAMILLE = (302, 405, 405, 405, 403, 403, 403)
CONNECTES = (302, 200, 200, 200, 200, 200, 200)

PORTAIL = {
    "portail:accueil": Ligne((302, 200, 200, 200, 302, 302, 302)),
    "portail:connexion": Ligne((200, 302, 302, 302, 302, 302, 302)),
    "portail:deconnexion": Ligne((405,) * 7),
    "portail:mot_de_passe": Ligne(CONNECTES),
    "portail:mot_de_passe_oublie": Ligne(PUBLIQUE),
    "portail:mot_de_passe_envoye": Ligne(PUBLIQUE),
    "portail:mot_de_passe_nouveau": Ligne(PUBLIQUE, ("uidb64", "jeton")),
    "portail:choisir_famille": Ligne(CONNECTES),
    "portail:documents": Ligne(FAMILLE),
    "portail:menus": Ligne(FAMILLE),
    "portail:document": Ligne(FAMILLE, ("document",)),
    "portail:fiche_inscription": Ligne(FAMILLE),
    "portail:fiche_inscription_pdf": Ligne(FAMILLE),
    "portail:premiere_connexion": Ligne(PUBLIQUE),
    "portail:premier_lien": Ligne((404,) * 7, ("lien",)),
    "portail:premier_mot_de_passe": Ligne((302,) * 7),
    "portail:appareils": Ligne(CONNECTES),
    "portail:reprise": Ligne((302,) * 7),
    "portail:legale": Ligne(PUBLIQUE, ("page_legale",)),
    "portail:aide": Ligne(PUBLIQUE),
    "portail:aide_page": Ligne(PUBLIQUE, ("page_aide",)),
    "portail:page_de_la_ville": Ligne((404,) * 7),  # the demonstration's
    # An address of yesterday's colours gives those of today; without a logo there is none.
    "portail:identite": Ligne(PUBLIQUE, ("lien",)),
    "portail:logo": Ligne((404,) * 7, ("lien",)),
    "portail:etat": Ligne(PUBLIQUE),
    "familles:compte": Ligne(FAMILLE),
    "familles:enfants": Ligne(FAMILLE),
    "familles:enfant": Ligne(DES_ENFANTS, ("enfant",)),
    "familles:sante": Ligne(DES_ENFANTS, ("enfant",)),
    "familles:photo": Ligne(DES_ENFANTS, ("enfant",)),
    "planning:calendrier": Ligne(FAMILLE),
    # A wrong secret opens nothing, logged in or not.
    "planning:flux": Ligne((404,) * 7, ("lien",)),
    "planning:mois": Ligne(DES_ENFANTS, ("enfant",)),
    "facturation:releve": Ligne(FAMILLE),
    "facturation:facture_pdf": Ligne((302, 404, 404, 200, 404, 200, 200), ("numero_facture",)),
    "facturation:releve_pdf": Ligne((302, 200, 404, 200, 403, 403, 403)),
    "facturation:quittance_pdf": Ligne((302, 404, 404, 200, 404, 200, 200), ("numero_reglement",)),
    "facturation:relance_pdf": Ligne((302, 404, 404, 200, 404, 200, 200), ("relance",)),
    "facturation:attestation_pdf": Ligne((302, 404, 404, 404, 403, 403, 403), ("annee_civile",)),
    "messagerie:boite": Ligne(FAMILLE),
    "messagerie:nouveau": Ligne(FAMILLE),
    "messagerie:envoyes": Ligne(FAMILLE),
    "messagerie:supprimes": Ligne(FAMILLE),
    "messagerie:conversation": Ligne(DU_COMPTE, ("conversation",)),
    "messagerie:piece": Ligne((302, 404, 404, 200, 200, 404, 200), ("piece",)),
    "demandes:liste": Ligne(FAMILLE),
    "demandes:detail": Ligne(DU_COMPTE, ("demande",)),
    "demandes:modifier": Ligne((302, 200, 404, 200, 403, 403, 403), ("nature",)),
    "demandes:modifier_enfant": Ligne(DES_ENFANTS, ("nature_enfant", "enfant")),
    "demandes:inscription": Ligne(FAMILLE),
    "demandes:piece": Ligne((302, 404, 404, 200, 200, 404, 200), ("piece_demande",)),
    # What the factory keeps is no PDF: a sentence is drawn in its place.
    "demandes:planche": Ligne((302, 404, 404, 422, 422, 404, 422), ("piece_demande", "page")),
    # A health form of Léa's and what is joined to it, still to be decided: the sender's and the staff's.
    "demandes:detail#sante": Ligne(DES_ENFANTS, ("demande_sante",)),
    "demandes:piece#sante": Ligne((302, 404, 404, 200, 200, 404, 200), ("piece_sante",)),
    "demandes:planche#sante": Ligne((302, 404, 404, 422, 422, 404, 422), ("piece_sante", "page")),
    "demandes:retirer": Ligne(ENVOI_FAMILLE, ("demande",)),
    "demandes:joindre": Ligne(ENVOI_FAMILLE, ("demande",)),
    "demandes:annuler": Ligne(ENVOI_FAMILLE, ("enfant",)),
    "demandes:reserver": Ligne(ENVOI_FAMILLE, ("enfant",)),
    "demandes:absence": Ligne(DES_ENFANTS, ("enfant",)),
    "demandes:annee": Ligne(DES_ENFANTS, ("enfant",)),
    "messagerie:repondre": Ligne(ENVOI_FAMILLE, ("conversation",)),
    "messagerie:supprimer": Ligne(ENVOI_FAMILLE, ("message",)),
    "messagerie:restaurer": Ligne(ENVOI_FAMILLE, ("message",)),
    "messagerie:desinscription": Ligne(PUBLIQUE, ("desinscription",)),
}

# In the admin, whoever is not of the staff is sent to the login.
PARENTS = (302, 302, 302, 302)
PERSONNEL = (*PARENTS, 200, 200, 200)
AGENTS = (*PARENTS, 200, 403, 200)
COMPTABLES = (*PARENTS, 403, 200, 200)
# A file asked for without saying which régie and which month.
FICHIERS = (*PARENTS, 403, 422, 422)
ADMINISTRATEURS = (*PARENTS, 403, 403, 200)

ADMIN = {
    "admin:index": Ligne(PERSONNEL),
    "admin:aide": Ligne(PERSONNEL),
    "admin:aide_page": Ligne(PERSONNEL, ("page_aide_agents",)),
    # The door tells parents that it is not theirs, and sends on those who are inside.
    "admin:login": Ligne((302, 403, 403, 403, 302, 302, 302)),
    "admin:logout": Ligne((*PARENTS, 405, 405, 405)),
    "admin:password_change": Ligne((302,) * 7),
    "admin:password_change_done": Ligne(PERSONNEL),
    "admin:autocomplete": Ligne(
        (*PARENTS, 200, 200, 200), suite="?app_label=familles&model_name=inscription&field_name=famille"
    ),
    "admin:jsi18n": Ligne(PERSONNEL),
    "admin:view_on_site": Ligne((302,) * 7, ("type_enfant", "enfant")),
    "admin:app_list": Ligne(PERSONNEL, ("app",)),
    "admin:auth_user_password_change": Ligne(ADMINISTRATEURS, ("compte",)),
    "admin:demandes_demande_en_nombre": Ligne(PERSONNEL),
    "admin:familles_fichesanitaire_pai": Ligne(AGENTS),
    "admin:recapitulatif": Ligne(PERSONNEL),
    "admin:familles_collectivite_identite": Ligne(ADMINISTRATEURS),
    # No report before the file was examined.
    "admin:familles_importfamilles_compte_rendu": Ligne(
        (*PARENTS, 403, 403, 404), ("familles_importfamilles",)
    ),
    "admin:facturation_facture_avoir": Ligne(COMPTABLES, ("facture",)),
    "admin:facturation_facture_avoir_partiel": Ligne(COMPTABLES, ("facture",)),
    "admin:facturation_facture_rectifier": Ligne(COMPTABLES),
    "admin:facturation_attestations": Ligne(COMPTABLES),
    # Nothing was paid that year.
    "admin:facturation_attestation": Ligne((*PARENTS, 403, 404, 404), ("annee_civile", "page")),
    "admin:facturation_attestations_liasse": Ligne(
        (*PARENTS, 403, 404, 404), ("annee_civile", "page", "csv")
    ),
    "admin:facturation_reglement_contrepasser": Ligne(COMPTABLES, ("reglement",)),
    "admin:facturation_comptabilite": Ligne(COMPTABLES),
    "admin:facturation_comptabilite_fichier": Ligne(FICHIERS, ("csv",)),
    "admin:facturation_facture_export": Ligne(COMPTABLES, ("csv",)),
    "admin:facturation_reglement_export": Ligne(COMPTABLES, ("csv",)),
    "admin:facturation_relance_export": Ligne(COMPTABLES, ("csv",)),
    "admin:facturation_versement_export": Ligne(COMPTABLES, ("csv",)),
    "admin:facturation_campagne_export": Ligne(COMPTABLES, ("csv",)),
    "admin:facturation_cloturecaisse_export": Ligne(COMPTABLES, ("csv",)),
    "admin:facturation_comptecomptable_export": Ligne(COMPTABLES, ("csv",)),
    "admin:facturation_fraisannuels_export": Ligne(COMPTABLES, ("csv",)),
    "admin:facturation_tarif_export": Ligne(COMPTABLES, ("csv",)),
    "admin:facturation_facture_imprimer": Ligne(COMPTABLES),
    "admin:facturation_facture_mois_pdf": Ligne(FICHIERS),
    "admin:facturation_facture_mois_zip": Ligne(FICHIERS),
    "admin:facturation_impayes_fichier": Ligne(FICHIERS, ("csv",)),
    "admin:facturation_journal": Ligne(COMPTABLES),
    "admin:facturation_journal_fichier": Ligne(FICHIERS, ("csv",)),
    "admin:facturation_tarif_simuler": Ligne(COMPTABLES),
    "admin:facturation_versement_bordereau": Ligne(COMPTABLES, ("facturation_versement",)),
    "admin:messagerie_conversation_ecrire": Ligne(AGENTS),
    "admin:messagerie_conversation_lire": Ligne(AGENTS, ("conversation",)),
    "admin:messagerie_conversation_classer": Ligne((*PARENTS, 405, 405, 405), ("conversation",)),
    "admin:messagerie_conversation_prendre": Ligne((*PARENTS, 405, 405, 405), ("conversation",)),
    "admin:messagerie_conversation_annoter": Ligne((*PARENTS, 405, 405, 405), ("conversation",)),
    # Accountants see the requests that they decide: this one is the agents’.
    "admin:demandes_demande_decider": Ligne((*PARENTS, 200, 404, 200), ("demande",)),
    # Who may not read the health data sees that the form waits, and none of its values.
    "admin:demandes_demande_decider#sante": Ligne((*PARENTS, 200, 404, 200), ("demande_sante",)),
    "admin:planning_pointage_appel": Ligne(PERSONNEL),
    "admin:planning_pointage_repas": Ligne(PERSONNEL),
    "admin:planning_pointage_anomalies": Ligne(AGENTS),
    "admin:planning_pointage_liberer": Ligne((*PARENTS, 405, 405, 405)),
    "admin:planning_pointage_feuille": Ligne(
        PERSONNEL, suite="?jour=2026-11-24&prestation={familles_prestation}&format=csv"
    ),
}

# Pages that only send on to ours.
AILLEURS = (302, 302, 302)
LECTURE = "LMH"
MODELES = {
    "auth_group": Droits(),
    "familles_utilisateur": Droits(),
    "familles_collectivite": Droits(admin=LECTURE, historique=True),
    "familles_trace": Droits(admin=LECTURE),
    "familles_importfamilles": Droits(admin="LAMH"),
    "familles_famille": Droits("LAMH", LECTURE, historique=True),
    "familles_responsable": Droits("LAMH", LECTURE, historique=True),
    "familles_enfant": Droits("LAMH", LECTURE, historique=True),
    "familles_rattachement": Droits("LAMH", historique=True),
    "familles_fichesanitaire": Droits(LECTURE, historique=True),
    "familles_coordonneesbancaires": Droits("", LECTURE, historique=True),
    "familles_informationsfiscales": Droits(historique=True),
    "familles_informationscaf": Droits(historique=True),
    "familles_ecole": Droits(LECTURE, historique=True),
    "familles_structure": Droits(LECTURE, LECTURE, historique=True),
    "familles_regie": Droits("", LECTURE, historique=True),
    "familles_prestation": Droits(LECTURE, LECTURE, historique=True),
    "familles_anneescolaire": Droits(LECTURE, LECTURE),
    "familles_inscription": Droits("LAMH", LECTURE, historique=True),
    # Nothing issued is deleted, whoever asks.
    "facturation_facture": Droits("", "LAMH", "LAMH"),
    "facturation_reglement": Droits("", "LAMH", "LAMH"),
    "facturation_tarif": Droits("", "LAMH", historique=True),
    "facturation_versement": Droits("", "LAMH", "LAMH"),
    "facturation_cloturecaisse": Droits("", "LAMH", "LAMH"),
    "facturation_campagne": Droits("", "LMH", "LMH"),
    "facturation_relance": Droits("", "LAMH", "LAMH"),
    "facturation_niveaurelance": Droits("", "LMH", "LMH", historique=True),
    "facturation_comptecomptable": Droits("", "LAMSH", historique=True),
    "facturation_reglesfacturation": Droits("", "LAMH", historique=True),
    "facturation_fraisannuels": Droits("", "LAMH", historique=True),
    "messagerie_conversation": Droits("LH", "", "LH", autres={"add": AILLEURS, "change": AILLEURS}),
    "messagerie_courriel": Droits(admin=LECTURE),
    "messagerie_diffusion": Droits("LAMH", "", "LAMH"),
    "messagerie_reponsetype": Droits("LAMSH"),
    "demandes_demande": Droits("LH", "L", "LH", autres={"change": AILLEURS, "history": (200, 302, 200)}),
    "demandes_motifrefus": Droits("LAMSH"),
    "demandes_suitedusilence": Droits(),
    "demandes_versionreglement": Droits(),
    "planning_vacances": Droits(LECTURE, historique=True),
    "planning_jourferie": Droits(LECTURE, historique=True),
    "planning_creneau": Droits(LECTURE, historique=True),
    "planning_fermeture": Droits("LAMSH", historique=True),
    "planning_regledelai": Droits(LECTURE, historique=True),
    "planning_motifabsence": Droits(LECTURE, historique=True),
    "planning_reservation": Droits("LAMH", LECTURE, "LAMH"),
    "planning_pointage": Droits(
        "H", "H", "H", autres={"changelist": AILLEURS, "add": AILLEURS, "change": AILLEURS}
    ),
    "planning_cloture": Droits("LH", "LAH", "LAH", autres={"change": AILLEURS}),
    "portail_document": Droits("LAMH"),
    "portail_nouvelle": Droits("LAMSH"),
    "portail_menu": Droits("LAMSH"),
    "portail_activation": Droits("LAMH", "", "LAMH"),
}


# --- What is sent: an empty form. A stranger learns that there is nothing, before any rule is read ---

# 422: the form is shown again; 302: done, or to the login.
ENVOIS = {
    "messagerie:repondre": Ligne((302, 404, 404, 422, 403, 403, 403), ("conversation",)),
    "messagerie:restaurer": Ligne((302, 404, 404, 404, 403, 403, 403), ("message",)),
    "messagerie:supprimer": Ligne((302, 404, 404, 302, 403, 403, 403), ("message",)),
    "demandes:modifier": Ligne((302, 422, 404, 422, 403, 403, 403), ("nature",)),
    "demandes:modifier_enfant": Ligne((302, 404, 422, 422, 403, 403, 403), ("nature_enfant", "enfant")),
    "demandes:retirer": Ligne((302, 404, 404, 302, 403, 403, 403), ("demande",)),
    # Of a nature that takes no document later.
    "demandes:joindre": Ligne((302, 404, 404, 404, 403, 403, 403), ("demande",)),
    "demandes:reserver": Ligne((302, 404, 422, 422, 403, 403, 403), ("enfant",)),
    "demandes:absence": Ligne((302, 404, 422, 422, 403, 403, 403), ("enfant",)),
    "portail:connexion": Ligne((422, 302, 302, 302, 302, 302, 302)),
    "portail:mot_de_passe": Ligne((302, 422, 422, 422, 422, 422, 422)),
    "portail:premiere_connexion": Ligne((422,) * 7),
    "portail:appareils": Ligne((302,) * 7),
    "portail:choisir_famille": Ligne((302, 422, 422, 422, 422, 422, 422)),
    "admin:messagerie_conversation_classer": Ligne((*PARENTS, 302, 403, 302), ("conversation",)),
    "admin:messagerie_conversation_prendre": Ligne((*PARENTS, 302, 403, 302), ("conversation",)),
    "admin:messagerie_conversation_annoter": Ligne((*PARENTS, 422, 403, 422), ("conversation",)),
    "admin:messagerie_diffusion_add": Ligne((*PARENTS, 422, 403, 422)),
    "admin:planning_pointage_liberer": Ligne((*PARENTS, 302, 403, 302)),
    "admin:recapitulatif": Ligne((*PARENTS, 422, 422, 422)),
    "admin:portail_activation_add": Ligne((*PARENTS, 422, 403, 422)),
    "admin:familles_importfamilles_add": Ligne((*PARENTS, 403, 403, 422)),
    "admin:familles_importfamilles_change": Ligne((*PARENTS, 403, 403, 422), ("familles_importfamilles",)),
    # Nothing says which state of the file was read: the page is shown again, as it is now.
    "admin:demandes_demande_decider": Ligne((*PARENTS, 409, 404, 409), ("demande",)),
    "admin:demandes_demande_en_nombre": Ligne((*PARENTS, 422, 422, 422)),
    "admin:messagerie_conversation_lire": Ligne((*PARENTS, 422, 403, 422), ("conversation",)),
    "admin:messagerie_conversation_ecrire": Ligne((*PARENTS, 422, 403, 422)),
    "admin:facturation_facture_avoir": Ligne((*PARENTS, 403, 422, 422), ("facture",)),
    "admin:facturation_facture_avoir_partiel": Ligne((*PARENTS, 403, 422, 422), ("facture",)),
    "admin:facturation_facture_rectifier": Ligne((*PARENTS, 403, 422, 422)),
    "admin:facturation_facture_add": Ligne((*PARENTS, 403, 422, 422)),
    "admin:facturation_reglement_contrepasser": Ligne((*PARENTS, 403, 422, 422), ("reglement",)),
    "admin:facturation_reglement_add": Ligne((*PARENTS, 403, 422, 422)),
    "admin:planning_pointage_appel": Ligne(
        (*PARENTS, 302, 403, 302), suite="?jour=2026-11-24&prestation={familles_prestation}"
    ),
    "admin:planning_cloture_add": Ligne((*PARENTS, 403, 422, 422)),
    "admin:planning_reservation_add": Ligne((*PARENTS, 422, 403, 422)),
}


def _pages_du_modele(modele: str, droits: Droits) -> dict[str, Ligne]:
    pages = {
        "changelist": ("L", ()),
        "add": ("A", ()),
        "change": ("M", (modele,)),
        "delete": ("S", (modele,)),
        "history": ("H", (modele,)),
    }
    roles = (droits.agent, droits.comptable, droits.admin)
    lignes = {
        f"admin:{modele}_{page}": Ligne((*PARENTS, *(200 if lettre in role else 403 for role in roles)), args)
        for page, (lettre, args) in pages.items()
    }
    if droits.historique:
        ouvrir = lignes[f"admin:{modele}_change"].statuts
        lignes[f"admin:{modele}_simple_history"] = Ligne(ouvrir, (modele, f"version_{modele}"))
    for page, statuts in droits.autres.items():
        lignes[f"admin:{modele}_{page}"] = Ligne((*PARENTS, *statuts), pages[page][1])
    return lignes


TABLE: dict[str, Ligne] = {**PORTAIL, **ADMIN}
for _modele, _droits in MODELES.items():
    TABLE |= _pages_du_modele(_modele, _droits)
