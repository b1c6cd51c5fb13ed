"""What a page showed of the file, so that a form sent later knows what moved meanwhile: marks, no value."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.crypto import salted_hmac

from familles.francais import enumerer

LONGUEUR = 16


def repere(sel: str, valeur: Any) -> str:
    """A mark of a value, that only this server can make: a bank number is not guessed from it."""
    return salted_hmac(f"demandes.reperes.{sel}", json.dumps(valeur, default=str)).hexdigest()[:LONGUEUR]


def ecrire(reperes: Mapping[str, str]) -> str:
    return " ".join(f"{nom}={marque}" for nom, marque in reperes.items())


def lire(texte: str) -> dict[str, str]:
    """What the page carried; whatever else was sent in its place marks nothing."""
    couples = (mot.partition("=") for mot in texte.split())
    return {nom: marque for nom, egal, marque in couples if egal}


def a_relire(aujourdhui: Mapping[str, str]) -> str:
    """What is said of values that moved: label, then what the file holds today."""
    lus = enumerer([f"{libelle} ({valeur or 'vide'})" for libelle, valeur in aujourdhui.items()])
    return (
        f"La fiche a changé pendant que vous remplissiez cette page. Elle dit aujourd’hui : {lus}. "
        "Ce que vous avez écrit est gardé ci-dessous : relisez, puis envoyez de nouveau."
    )
