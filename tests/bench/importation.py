"""How long a file of families takes, and how much memory: examination, writing, then the same file again.

« Verrou »: the part of the writing for which the families wait, on SQLite, whatever they send.

python -m tests.bench.importation                                      # SQLite
python -m tests.base_postgresql python -m tests.bench.importation      # PostgreSQL
python -m tests.bench.importation --lignes 30000 --sans-numero
"""

import argparse
import os
import resource
import time
from collections.abc import Callable
from unittest import mock

import django


def chronometrer(nom: str, geste: Callable):
    debut, travail = time.perf_counter(), time.process_time()
    resultat = geste()
    duree, travail = time.perf_counter() - debut, time.process_time() - travail
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{nom:<20} {duree:6.1f} s, dont {travail:5.1f} s de processeur, {memoire:4d} Mo au plus haut")
    return resultat


def importer(nom: str, contenu: bytes, par) -> None:
    from familles import actions
    from familles.actions import importation
    from familles.importation import fichier
    from familles.importation.champs import deviner

    sous_verrou = importation._ecrire

    feuille = chronometrer(f"{nom} : lecture", lambda: fichier.lire(contenu))
    colonnes = {str(rang): cle for rang, cle in deviner(feuille.titres).items()}
    options = {"du": "2026-09-01", "situation": "SEPARE", "partages": False}
    pk = chronometrer(f"{nom} : dépôt", lambda: actions.deposer(feuille=feuille, nom="ville.csv", par=par)).pk
    actions.associer(import_id=pk, correspondance=colonnes, options=options, par=par)
    vu = chronometrer(f"{nom} : examen", lambda: actions.examiner(import_id=pk))
    comptes = (vu.creees, vu.modifiees, vu.inchangees, vu.refusees)
    print("  {} créées, {} modifiées, {} inchangées, {} refusées".format(*comptes))
    if vu.importable:
        actions.lancer(import_id=pk, par=par)

        def verrou(*donnees):
            return chronometrer(f"{nom} : verrou", lambda: sous_verrou(*donnees))

        with mock.patch.object(importation, "_ecrire", verrou):
            fini = chronometrer(f"{nom} : écriture", lambda: actions.ecrire(import_id=pk))
        print(f"  {fini.etat} {fini.bilan}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lignes", type=int, default=10_000)
    arguments.add_argument("--sans-numero", action="store_true")
    choix = arguments.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.reglages")
    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner

    lanceur = get_runner(settings)(verbosity=0, interactive=False)
    bases = lanceur.setup_databases()
    try:
        _mesurer(choix.lignes, not choix.sans_numero)
    finally:
        lanceur.teardown_databases(bases)


def _mesurer(lignes: int, numeros: bool) -> None:
    from tests.fabriques import familles as f
    from tests.fabriques.fichiers import fichier, ville

    f.CollectiviteFactory()
    ecole = f.EcoleFactory(nom="Groupe scolaire Térence Ridout")
    par = f.UtilisateurFactory()
    toutes = list(ville(lignes, ecole.nom, numeros))
    importer("premier", fichier(*toutes), par)
    importer("le même", fichier(*toutes), par)
    changees = [{**ligne, "Ville resp. 1": "Toulouse", "Classe": "CM2"} for ligne in toutes]
    importer("changé", fichier(*changees), par)


if __name__ == "__main__":
    main()
