"""The canteen's menus: this week and the next one."""

from datetime import date, timedelta

from portail import menus
from portail.demonstration.ville import Ville
from portail.models import Menu

SEMAINES = [
    {
        1: "Betteraves vinaigrette [moutarde, sulfites, local]\nSauté de poulet [aucun, label rouge]\n"
        "Riz pilaf [aucun, bio]\nYaourt nature [lait, bio]",
        2: "Velouté de potiron [lait, fait maison]\nOmelette [œufs, bio, végétarien]\n"
        "Haricots verts [aucun]\nPomme [aucun, local]",
        4: "Carottes râpées [moutarde, sulfites, bio]\nFilet de colin [poissons, pêche durable]\n"
        "Purée [lait, fait maison]\nCompote [aucun]",
        5: "Taboulé [gluten]\nLasagnes aux légumes [gluten, lait, œufs, végétarien]\n"
        "Clémentines [aucun, bio]",
    },
    {
        1: "Salade verte [moutarde, sulfites]\nBœuf bourguignon [gluten, céleri, sulfites]\n"
        "Pâtes [gluten, bio]\nPoire [aucun, local]",
        2: "Soupe de légumes [céleri, fait maison]\nDahl de lentilles [aucun, bio, végétarien]\n"
        "Riz [aucun]\nFromage blanc [lait]",
        4: "Concombre au fromage blanc [lait]\nRôti de dinde [aucun, label rouge]\n"
        "Petits pois [aucun]\nGâteau au yaourt [gluten, lait, œufs, fait maison]",
        5: "Macédoine [œufs, moutarde, céleri]\nBrandade de poisson [poissons, lait]\nBanane [aucun, bio]",
    },
]


def afficher(ville: Ville, le: date) -> None:
    lundi = le - timedelta(days=le.weekday())
    for rang, jours in enumerate(SEMAINES):
        Menu.objects.create(
            semaine=lundi + timedelta(days=7 * rang),
            prestation=ville.prestations["repas"],
            publie=True,
            jours={str(n): [plat.en_json() for plat in menus.lire(texte)] for n, texte in jours.items()},
        )
