"""The states of the grid, in the words and the order of the manual's legend, each with its sign."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Affichage:
    """A state of the legend. `glyphe`: a character, or « #nom » of the sprite; empty for a free cell."""

    cle: str
    libelle: str
    glyphe: str


# In the order of the legend.
LEGENDE = {
    a.cle: a
    for a in (
        Affichage("reserve", "Réservé", "□"),
        Affichage("regulier", "Régulier", "▣"),
        Affichage("conge", "Congé", "C"),
        Affichage("hors-contrat", "Heure hors contrat", "H"),
        Affichage("fermeture", "Fermeture", "–"),
        Affichage("facture", "Absent facturé", "€"),
        Affichage("excuse", "Absent excusé", "e"),
        Affichage("liste", "Demande en attente", "#clock"),
        Affichage("attente", "Réservation en cours de traitement", "#hourglass-split"),
        Affichage("refus", "Réservation refusée", "#x-lg"),
        Affichage("attente-absence", "Absence en cours de traitement", "#hourglass-split"),
        Affichage("erreur", "Erreur", "!"),
        Affichage("autre", "Réservé par l’autre foyer", "◇"),
        Affichage("petites", "Petites vacances", "P"),
        Affichage("grandes", "Grandes vacances", "G"),
        Affichage("ferie", "Jour férié", "F"),
    )
}
LIBRE = Affichage("libre", "Libre", "")
HORS = Affichage("hors", "Pas de service", "")
