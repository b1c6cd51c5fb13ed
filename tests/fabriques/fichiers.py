"""Files as a town's previous software exports them: one line per child, with its family."""

import csv
import io
from collections.abc import Iterable, Mapping

TITRES = [
    "N° famille",
    "Situation familiale",
    "Civilité resp. 1",
    "Nom resp. 1",
    "Prénom resp. 1",
    "Qualité resp. 1",
    "Adresse resp. 1",
    "CP resp. 1",
    "Ville resp. 1",
    "Tél. portable resp. 1",
    "E-mail resp. 1",
    "Nom resp. 2",
    "Prénom resp. 2",
    "Qualité resp. 2",
    "Tél. portable resp. 2",
    "Nom enfant",
    "Prénom enfant",
    "Sexe",
    "Date de naissance",
    "École",
    "Classe",
]
LEA = {
    "N° famille": "1001001818331",
    "Situation familiale": "Séparé(e)",
    "Civilité resp. 1": "M.",
    "Nom resp. 1": "DUPONT",
    "Prénom resp. 1": "Jean",
    "Qualité resp. 1": "Père",
    "Adresse resp. 1": "12 rue des Bonbons",
    "CP resp. 1": "31400",
    "Ville resp. 1": "Saint-Jean",
    "Tél. portable resp. 1": "06 12 34 56 78",
    "E-mail resp. 1": "jean.dupont@wanadoo.fr",
    "Nom resp. 2": "DUPONT",
    "Prénom resp. 2": "Jeanne",
    "Qualité resp. 2": "Mère",
    "Tél. portable resp. 2": "06 98 76 54 32",
    "Nom enfant": "DUPONT",
    "Prénom enfant": "Léa",
    "Sexe": "F",
    "Date de naissance": "18/06/2019",
    "École": "Groupe scolaire Térence Ridout",
    "Classe": "CE2",
}
ALEXANDRE = LEA | {
    "Prénom enfant": "Alexandre",
    "Sexe": "M",
    "Date de naissance": "02/12/2016",
    "Classe": "CM2",
}
HUGO = {
    "N° famille": "1001001818349",
    "Situation familiale": "Marié(e)",
    "Civilité resp. 1": "Mme",
    "Nom resp. 1": "MARTIN",
    "Prénom resp. 1": "Claire",
    "Qualité resp. 1": "Mère",
    "Adresse resp. 1": "4 place du Marché",
    "CP resp. 1": "31400",
    "Ville resp. 1": "Saint-Jean",
    "Tél. portable resp. 1": "07 11 22 33 44",
    "E-mail resp. 1": "claire.martin@exemple.fr",
    "Nom enfant": "MARTIN",
    "Prénom enfant": "Hugo",
    "Sexe": "M",
    "Date de naissance": "09/03/2018",
    "École": "Groupe scolaire Térence Ridout",
    "Classe": "CM1",
}


def fichier(
    *lignes: Mapping[str, str], titres: list[str] = TITRES, separateur: str = ";", encodage: str = "utf-8"
) -> bytes:
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=separateur)
    ecrivain.writerow(titres)
    ecrivain.writerows([ligne.get(titre, "") for titre in titres] for ligne in lignes)
    return sortie.getvalue().encode(encodage)


def ville(nombre: int, ecole: str, numeros: bool = True) -> Iterable[Mapping[str, str]]:
    """So many children, in families of one to three."""
    return (_ligne(n, ecole, numeros) for n in range(nombre))


def _ligne(n: int, ecole: str, numeros: bool) -> Mapping[str, str]:
    # Of six children that follow: one alone, two, three.
    famille = 3 * (n // 6) + (0, 1, 1, 2, 2, 2)[n % 6]
    return {
        "N° famille": str(1_002_000_000_000 + famille) if numeros else "",
        "Situation familiale": ("Marié(e)", "Divorcé(e)", "Vie maritale")[famille % 3],
        "Civilité resp. 1": "Mme",
        "Nom resp. 1": f"NOM{lettres(famille)}",
        "Prénom resp. 1": "Camille",
        "Qualité resp. 1": "Mère",
        "Adresse resp. 1": f"{famille} rue de l’Église",
        "CP resp. 1": "31400",
        "Ville resp. 1": "Saint-Jean",
        "Tél. portable resp. 1": f"06{famille:08d}",
        "E-mail resp. 1": f"famille.{famille}@exemple.fr",
        "Nom resp. 2": f"NOM{lettres(famille)}",
        "Prénom resp. 2": "Dominique",
        "Qualité resp. 2": "Père",
        "Tél. portable resp. 2": f"07{famille:08d}",
        "Nom enfant": f"NOM{lettres(famille)}",
        "Prénom enfant": f"Enfant{lettres(n)}",
        "Sexe": "FG"[n % 2],
        "Date de naissance": f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/{2014 + n % 9}",
        "École": ecole,
        "Classe": ("CP", "CE1", "CE2", "CM1", "CM2")[n % 5],
    }


def lettres(n: int) -> str:
    """0 → A, 26 → BA: names hold no digits."""
    return (lettres(n // 26) if n >= 26 else "") + chr(65 + n % 26)
