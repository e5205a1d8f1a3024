"""Apps, middleware, templates, files."""

from pathlib import Path
from urllib.parse import urlsplit

from .home import DEMO, PARVIS_HOME, PUBLIC_URL, env

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("PARVIS_DEBUG", default=False)
ALLOWED_HOSTS = [
    urlsplit(PUBLIC_URL).hostname,
    *env.list("PARVIS_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO else []),
]

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "csp",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "leaflet",
    "hub.core",
    "hub.towns",
    "hub.people",
    "hub.audit",
    "hub.files",
    "hub.streams",
    "hub.deliveries",
    "hub.notifications",
    "hub.conversations",
    "hub.tickets",
    "hub.alerts",
    "hub.community.links",
    "hub.web",
    "inbound_email",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hub.core.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hub.people.middleware.LanguageMiddleware",
    "hub.people.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hub.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "hub.urls"
ASGI_APPLICATION = "routing.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "hub.web.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "hub.web.forms.Renderer"

STATIC_URL = "/static/"
STATIC_ROOT = PARVIS_HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PARVIS_HOME / "media"},
    },
    "staticfiles": {"BACKEND": "hub.web.storage.StaticStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
