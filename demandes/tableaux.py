"""« Liste des demandes » in the manual's tables: one per answer, with its own dates. No query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from demandes.enums import ACCORDEES, EtatDemande, ReponseMelee
from demandes.models import Demande
from demandes.natures import NATURES, Nature
from familles.francais import jour_chiffres
from familles.horloge import fuseau

E = EtatDemande
MENTIONS = {
    E.PARTIELLE: " (en partie)",
    E.LISTE_ATTENTE: " (sur liste d’attente)",
    ReponseMelee.ACCEPTEE_ET_LISTE: " (en partie sur liste d’attente)",
    ReponseMelee.PARTIELLE_ET_LISTE: " (en partie, le reste en partie refusé, en partie sur liste d’attente)",
    ReponseMelee.REFUSEE_ET_LISTE: " (refusée en partie, le reste sur liste d’attente)",
}


@dataclass(frozen=True)
class Groupe:
    """An answer: its filter, its table, the columns that the manual adds for it."""

    cle: str
    libelle: str
    titre: str
    etats: tuple[str, ...]
    colonnes: tuple[str, ...] = ()


GROUPES = {
    g.cle: g
    for g in (
        Groupe("attente", "En attente", "Demandes en attente", (E.EN_ATTENTE,)),
        Groupe("refusees", "Refusées", "Demandes refusées", (E.REFUSEE,), ("Date.refus", "Motif.refus")),
        Groupe("acceptees", "Acceptées", "Demandes acceptées", tuple(ACCORDEES), ("Date.acceptation",)),
        Groupe("retirees", "Retirées", "Demandes retirées", (E.ANNULEE,), ("Date.retrait",)),
    )
}


@dataclass(frozen=True)
class Rangee:
    demande: Demande
    cellules: list[tuple[str, str]]  # (column, text)


@dataclass(frozen=True)
class Tableau:
    titre: str
    colonnes: tuple[str, ...]
    rangees: list[Rangee]


def tableaux(demandes: Iterable[Demande], nature: Nature | None = None) -> list[Tableau]:
    """The tables of a page of requests, those without a row left out; with `nature`, its own columns."""
    demandes = list(demandes)
    propres = nature.colonnes if nature else ("Type d’information", "Objet")
    resultat = []
    for groupe in GROUPES.values():
        colonnes = (*propres, "Date.demande", *groupe.colonnes)
        rangees = [
            Rangee(d, list(zip(colonnes, _textes(d, groupe, nature), strict=True)))
            for d in demandes
            if d.etat in groupe.etats
        ]
        if rangees:
            resultat.append(Tableau(groupe.titre, colonnes, rangees))
    return resultat


def _textes(demande: Demande, groupe: Groupe, nature: Nature | None) -> Sequence[str]:
    regle = NATURES[demande.nature]
    propres = regle.cellules(demande) if nature else [regle.libelle, regle.objet(demande)]
    decision = _date(demande.decide_le) if demande.decide_le else ""
    decision += MENTIONS.get(demande.reponse, "")
    reponse = {"Date.refus": decision, "Motif.refus": demande.motif}
    return [
        *propres,
        _date(demande.depose_le),
        *(reponse.get(colonne, decision) for colonne in groupe.colonnes),
    ]


def _date(instant: datetime) -> str:
    return jour_chiffres(instant.astimezone(fuseau()).date())
