"""Where the children of a file learn, beside what the portal knows: a new schooling ends the former one."""

from datetime import date, timedelta
from typing import Any

from familles.francais import jour_chiffres
from familles.importation.champs import ENFANT
from familles.importation.existant import Existant
from familles.importation.foyers import Lecture, memes
from familles.importation.plan import Plan
from familles.importation.valeurs import pareil
from familles.models import Enfant, Scolarite

SCOLAIRES = ("ecole", "classe", "niveau")
# Line, child, what the line says of its school.
Dits = list[tuple[int, Enfant, dict[str, Any]]]


def scolariser(lecture: Lecture, existant: Existant, plan: Plan, du: date, dits: Dits) -> None:
    connues = existant.scolarites(enfant.pk for _, enfant, _ in dits if enfant.pk)
    vus: dict[int, tuple[int, dict[str, Any]]] = {}
    for ligne, enfant, valeurs in dits:
        if "ecole" in valeurs:
            ecole = existant.ecoles.get(pareil(valeurs["ecole"]))
            if ecole is None:
                phrase = "Cette école n’existe pas dans le portail : créez-la, ou corrigez son nom."
                lecture.refuser(ligne, f"{ENFANT}.ecole", phrase, valeurs["ecole"])
                continue
            valeurs = {**valeurs, "ecole": ecole}
        # A child of two families comes in twice.
        premiere, deja = vus.setdefault(id(enfant), (ligne, valeurs))
        if premiere == ligne:
            _une_scolarite(lecture, plan, du, ligne, enfant, valeurs, connues.get(enfant.pk, []))
        elif deja != valeurs:
            phrase = f"La ligne {premiere}, du même enfant, donne une autre école ou une autre classe."
            lecture.refuser(ligne, f"{ENFANT}.ecole", phrase)


def _une_scolarite(
    lecture: Lecture,
    plan: Plan,
    du: date,
    ligne: int,
    enfant: Enfant,
    valeurs: dict[str, Any],
    connues: list[Scolarite],
) -> None:
    derniere = connues[0] if connues else None
    ecole = valeurs.get("ecole") or (derniere and derniere.ecole)
    if ecole is None:
        lecture.avertir(ligne, f"{ENFANT}.classe", "Classe sans école : laissée de côté.")
        return
    dites = {nom: v for nom, v in valeurs.items() if nom != "ecole"}
    if derniere and derniere.ecole_id == ecole.pk and _dit_deja(derniere, dites):
        return
    if derniere and derniere.du > du:
        phrase = f"Une scolarité plus récente commence le {jour_chiffres(derniere.du)} : rien n’est changé."
        lecture.avertir(ligne, f"{ENFANT}.ecole", phrase)
    elif derniere and derniere.du == du:
        plan.changer(derniere, ecole=ecole, **dites)
        lecture.compte.modifier(ligne, "Scolarité modifiée")
    else:
        if derniere and (derniere.au is None or derniere.au >= du):
            plan.changer(derniere, au=du - timedelta(days=1))
        plan.creer(Scolarite(enfant=enfant, ecole=ecole, du=du, **dites))
        if enfant.pk:
            lecture.compte.modifier(ligne, "Scolarité ajoutée")


def _dit_deja(scolarite: Scolarite, dites: dict[str, str]) -> bool:
    return all(memes(nom, getattr(scolarite, nom), valeur) for nom, valeur in dites.items())
