#!/usr/bin/env python3
"""Django's command line. Everything it reads comes from the environment (portail/settings.py)."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portail.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as erreur:
        # A nonsensical setting is a sentence for the operator, not a stack trace.
        sys.exit(f"Réglage incorrect : {erreur}")
    except OperationalError as erreur:
        if "--traceback" in sys.argv:
            raise
        premiere_ligne = str(erreur).strip().splitlines()[0]
        sys.exit(f"La base de données ne répond pas ou n’est pas à jour : {premiere_ligne}")


if __name__ == "__main__":
    main()
