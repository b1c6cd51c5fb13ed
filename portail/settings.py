"""The one settings file. Every value that changes from a place to another is read from the environment.

Safe by default: without MODE the portal runs as in production, and asks for its keys.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from portail import reglages

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where it runs -----------------------------------------------------------------------------------
MODE = reglages.choix("MODE", ("production", "developpement", "demonstration"), "production")
EN_PRODUCTION = MODE == "production"
DEBUG = reglages.booleen("DEBUG", False)
DOSSIER_DONNEES = reglages.dossier("DOSSIER_DONNEES", BASE_DIR / "donnees")
HORLOGE_FIGEE = reglages.instant("HORLOGE_FIGEE", autorise=not EN_PRODUCTION)
ALLOWED_HOSTS = reglages.hotes("HOTES", mode_local=not EN_PRODUCTION)
SERVI_EN_TLS = reglages.booleen("SERVI_EN_TLS", EN_PRODUCTION)
# Root of the links written in e-mails: a background job has no request to take it from.
ADRESSE_PORTAIL = reglages.texte(
    "ADRESSE_PORTAIL", f"{'https' if SERVI_EN_TLS else 'http'}://{ALLOWED_HOSTS[0].lstrip('.')}"
).rstrip("/")
RELAIS_DE_CONFIANCE = reglages.entier("RELAIS_DE_CONFIANCE", 0, 0, 5)

_SECRETS_LOCAUX = {} if EN_PRODUCTION else reglages.secrets_locaux(DOSSIER_DONNEES)
_SECRETS = {**_SECRETS_LOCAUX, **{n: v for n, v in reglages.os.environ.items() if v.strip()}}
SECRET_KEY = reglages.cle_secrete("CLE_SECRETE", _SECRETS)
CLES_CHIFFREMENT = reglages.cles_chiffrement("CLES_CHIFFREMENT", _SECRETS)

# --- What it is made of ------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portail.apps.PortailAdminConfig",
    "portail.apps.PortailConfig",
    "demandes",
    "facturation",
    "planning",
    "messagerie",
    "familles",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    # For `clearsessions`: the rows themselves are portail.models.Seance.
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "axes",
    "csp",
    "simple_history",
    "django_tasks",
    "django_tasks_db",
]

# A year booked for several children is decided day by day, on one page.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside of all that writes into a page; inside WhiteNoise, whose files are compressed already.
    "portail.middleware.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Login is the default; a public page says that it is one (`login_not_required`).
    "portail.reprise.ConnexionExigee",
    "portail.middleware.SaisieMiddleware",
    "portail.middleware.AccesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "portail.middleware.RefusMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portail.urls"
WSGI_APPLICATION = "portail.wsgi.application"
AUTH_USER_MODEL = "familles.Utilisateur"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# HSTS binds our own name only: a town's other sites under the same domain are not ours to promise for.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portail.contexte.cadre",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# What a person types, files apart: above what any form accepts, so that a text too long comes back with a
# sentence and is not lost (422); beyond, a page says so (413).
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Data --------------------------------------------------------------------------------------------
# No ATOMIC_REQUESTS: transactions are opened by actions, and only there.
DATABASES = {"default": reglages.base_de_donnees("DATABASE_URL", DOSSIER_DONNEES)}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- Language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
USE_I18N = True
# Instants are stored in UTC; the town's zone is activated by the middleware, the commands and the jobs.
TIME_ZONE = "UTC"
USE_TZ = True

# --- Static files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DOSSIER_DONNEES / "statiques"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portail.statiques.StatiquesCompresses"},
}
# Private files never have a public address: they are served by a view that checks (familles.coffre).
MEDIA_ROOT = DOSSIER_DONNEES / "prive"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Login -------------------------------------------------------------------------------------------
LOGIN_URL = "portail:connexion"
LOGIN_REDIRECT_URL = "portail:accueil"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portail.authentification.IdentifiantOuCourriel",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portail.mots_de_passe.MotDePasseSemblable"},
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
    {"NAME": "portail.mots_de_passe.MotDePasseDevinable"},
]
PASSWORD_RESET_TIMEOUT = 3600 * 2

# Five wrong passwords for one account from one address: that pair waits a quarter of an hour. The account
# itself stays open from elsewhere, so that nobody locks a family out from afar.
AXES_HANDLER = "portail.authentification.Gardien"
AXES_USERNAME_CALLABLE = "portail.authentification.identifiant_vise"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "registration/trop_de_tentatives.html"
AXES_CLIENT_IP_CALLABLE = "portail.adresse.adresse_du_client"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- What the browser is told ------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVI_EN_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "portail.sessions"
SESSION_COOKIE_AGE = 3600 * 8
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_TRUSTED_ORIGINS = [f"https://{hote.lstrip('.')}" for hote in ALLOWED_HOSTS] if SERVI_EN_TLS else []
SECURE_SSL_REDIRECT = SERVI_EN_TLS
SECURE_REDIRECT_EXEMPT = [r"^etat/$"]
SECURE_HSTS_SECONDS = 3600 * 24 * 365 if SERVI_EN_TLS else 0
if RELAIS_DE_CONFIANCE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- E-mail ------------------------------------------------------------------------------------------
_HOTE_COURRIEL = reglages.texte("COURRIEL_HOTE", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EN_PRODUCTION or _HOTE_COURRIEL
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = _HOTE_COURRIEL or "localhost"
EMAIL_HOST_USER = reglages.texte("COURRIEL_UTILISATEUR", "")
EMAIL_HOST_PASSWORD = reglages.texte("COURRIEL_MOT_DE_PASSE", "")
_SECURITE_COURRIEL = reglages.choix("COURRIEL_SECURITE", ("aucune", "starttls", "tls"), "aucune")
EMAIL_USE_TLS = _SECURITE_COURRIEL == "starttls"
EMAIL_USE_SSL = _SECURITE_COURRIEL == "tls"
_PORT_COURRIEL = {"aucune": 25, "starttls": 587, "tls": 465}[_SECURITE_COURRIEL]
EMAIL_PORT = reglages.entier("COURRIEL_PORT", _PORT_COURRIEL, 1, 65535)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = reglages.texte(
    "COURRIEL_EXPEDITEUR", "Portail familles <portail@localhost>"
)

# --- Journal -----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"secrets": {"()": "portail.journal.SansSecrets"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "ligne", "filters": ["secrets"]},
    },
    "root": {"handlers": ["console"], "level": reglages.texte("NIVEAU_JOURNAL", "WARNING").upper()},
}
