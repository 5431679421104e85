"""Django's settings, by topic; whatever differs between two machines is read from the environment.

The variables are listed in docs/reference/environment.md. Without any of them the site runs in
production mode on http://127.0.0.1:8000 with SQLite under ./data.
"""

import sys
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from multitude import environment

BASE_DIR = Path(__file__).resolve().parent.parent

# The machine ---------------------------------------------------------------------------------

DEBUG = environment.flag("DEBUG")
DATA_DIR = environment.data_dir("DATA_DIR", BASE_DIR / "data")
SECRET_KEY = environment.secret_key("SECRET_KEY", DATA_DIR)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
HOST = environment.address("HOST", "127.0.0.1")
PORT = environment.integer("PORT", 8000, minimum=1, maximum=65535)
WEB_WORKERS = environment.integer("WEB_WORKERS", 1, minimum=1, maximum=64)
# While one works on the templates, no page is kept.
PAGE_CACHE_MB = environment.integer("PAGE_CACHE_MB", 0 if DEBUG else 64, minimum=0, maximum=65_536)
PURGE_URLS = environment.server_urls("PURGE_URLS")
SITE_URL = environment.site_url("SITE_URL", f"http://127.0.0.1:{PORT}")
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
# Who does what is done beside answering: the web processes, or a worker and a timer.
BACKGROUND = environment.choice("BACKGROUND", "web", "worker")

_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or [_site.hostname or "", "localhost", "127.0.0.1", "[::1]"]

# Django --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Before the app that fits them into the desk.
    "django.contrib.sites",
    "django.contrib.redirects",
    "multitude",
    "articles",
    "comments",
    "crispy_forms",
    "django_prose_editor",
    "multitude.accounts.apps.NewsroomConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "multitude.accounts.apps.AllauthAccountConfig",
    "allauth.mfa",
    # Behind admin, from which it takes its tables, and behind the project, whose `db_worker` stands in for its own.
    "multitude.background.taskqueue.TaskQueueConfig",
]

MIDDLEWARE = [
    "multitude.middleware.ProtectionMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "multitude.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "multitude.middleware.AuthenticationMiddleware",
    "multitude.middleware.AccountMiddleware",
    "multitude.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "multitude.middleware.DatabaseAwayMiddleware",
    "multitude.middleware.UnstorableMiddleware",
    "multitude.redirects.RedirectMiddleware",
]

# The one site of this newspaper; its row follows SITE_URL.
SITE_ID = 1
ROOT_URLCONF = "multitude.urls"
WSGI_APPLICATION = "multitude.wsgi.application"
# What answers before Django, behind the page cache.
WSGI_LAYERS = ["multitude.health.healthcheck.HealthCheck", "articles.beacon.Beacon"]

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
                "multitude.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["multitude"]
CRISPY_TEMPLATE_PACK = "multitude"

# Data ----------------------------------------------------------------------------------------

DATABASES = {"default": environment.database("DATABASE_URL", DATA_DIR)}
CACHES = {"default": environment.cache("CACHE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The desk posts two fields for each comment that one decides about.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Background ----------------------------------------------------------------------------------

# Where there is no worker nothing is enqueued: web processes look for what waits.
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if BACKGROUND == "worker"
        else "django.tasks.backends.immediate.ImmediateBackend"
    }
}

# Mail ----------------------------------------------------------------------------------------

MAILERS = environment.mailers("EMAIL_URL", is_public=not DEBUG and not environment.is_local(SITE_URL))
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "redaction@exemple.fr")

# Machines ------------------------------------------------------------------------------------

# What feeds hold of an article: its standfirst, or all of it.
FEED_CONTENT = environment.choice("FEED_CONTENT", "summary", "full")
SECURITY_CONTACT = environment.contact("SECURITY_CONTACT", parseaddr(DEFAULT_FROM_EMAIL)[1])

# Comments ------------------------------------------------------------------------------------

COMMENT_RATE = environment.rate("COMMENT_RATE", "5/10m")

# Language and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# Static files --------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": environment.storage("MEDIA_STORAGE"),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "multitude.staticfiles.StaticFilesStorage"
        )
    },
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
FILE_UPLOAD_HANDLERS = [
    "multitude.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\."

# Security ------------------------------------------------------------------------------------

_https = _site.scheme == "https"
SECURE_SSL_REDIRECT = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
# Other names of the newspaper's domain are not ours to force into TLS, nor to enter into browsers' lists.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Over TLS, a name that no other host of the domain and no page without TLS can set (RFC 6265bis, section 4.1.3.2).
_prefix = "__Host-" if _https else ""
SESSION_COOKIE_NAME = f"{_prefix}sessionid"
CSRF_COOKIE_NAME = f"{_prefix}csrftoken"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "multitude.refusals.out_of_date"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_ENGINE = "multitude.accounts.sessions"
# From the login on, however much the session is used.
SESSION_COOKIE_AGE = 14 * 86_400
SECOND_FACTOR = environment.choice("SECOND_FACTOR", "optional", "required")
MFA_ADAPTER = "multitude.accounts.adapter.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A telephone's clock may be half a minute wrong.
MFA_TOTP_TOLERANCE = 1
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# Sight ---------------------------------------------------------------------------------------

METRICS_ADDRESS = environment.private_address("METRICS_ADDRESS")
# People read a terminal, programs whatever else the log goes to.
_is_terminal = sys.stderr is not None and sys.stderr.isatty()
LOG_FORMAT = environment.choice("LOG_FORMAT", *(("line", "json") if _is_terminal else ("json", "line")))
# On a terminal, what is announced at the start would be lost among the requests.
LOG_REQUESTS = environment.choice(
    "LOG_REQUESTS", *(("none", "all", "made") if LOG_FORMAT == "line" else ("all", "made", "none"))
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "multitude.sight.loglines.Json"}, "line": {"()": "multitude.sight.loglines.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # That somebody asked for what is not there, each request's own line tells.
        "django.request": {"level": "ERROR"},
        # It names the keys that people log in with.
        "fido2": {"level": "WARNING"},
    },
}
