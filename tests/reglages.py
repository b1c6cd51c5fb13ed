"""The real settings, read in a test environment: throw-away data, cheap passwords, strict templates.

Without DATABASE_URL the tests run on an SQLite *file*, so that WAL and second connections are real.
"""

import atexit
import os
import shutil
import tempfile

_dossier = tempfile.mkdtemp(prefix="portail-tests-")
atexit.register(shutil.rmtree, _dossier, ignore_errors=True)
for _nom in ("HORLOGE_FIGEE", "HOTES", "SERVI_EN_TLS", "CLE_SECRETE", "CLES_CHIFFREMENT", "DEBUG"):
    os.environ.pop(_nom, None)
os.environ.update(MODE="developpement", DOSSIER_DONNEES=_dossier)

from portail.settings import *  # noqa: E402, F403
from portail.settings import DATABASES, STORAGES, TEMPLATES  # noqa: E402
from tests.gabarits_stricts import IndefinieInterdite  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_dossier, "tests.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# Hashed names need collectstatic: tests/infra builds them once, the other tests do without.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = IndefinieInterdite()
