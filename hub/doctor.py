"""`hub doctor`: looks at the configuration and at what it reaches, one line each.

A check returns a `Finding`, or raises `Fault` with what is wrong and what to do. Nothing is changed.
"""

import shutil
import smtplib
import ssl
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import redis
from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from channels_adapters.base import ConfigurationError
from channels_adapters.registry import build
from hub.celery import QUEUES, app
from hub.core.clock import now
from hub.web import assets

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
POSTGRESQL_AT_LEAST = 14
SQLITE_AT_LEAST = (3, 35, 0)  # RETURNING
FREE_AT_LEAST = 1_000_000_000  # bytes
SKEW_AT_MOST_S = 2.0
CERTIFICATE_AT_LEAST = timedelta(days=14)
PATIENCE_S = 5


class Fault(Exception):
    """`what` is wrong, and what to do about it: two sentences."""


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, and how it is."""

    subject: str
    said: str
    well: bool = True

    def __str__(self) -> str:
        return f"{'✓' if self.well else '✗'} {self.subject} : {self.said}"


def examine(more: Mapping[str, Callable[[], str]]) -> bool:
    """Print a line per check, those of other rooms (`more`) after ours. True when nothing is at fault."""
    _connect_plainly()
    findings = [_look(subject, check) for subject, check in {**CHECKS, **more}.items()]
    return all(finding.well for finding in findings)


def _connect_plainly() -> None:
    """No pool: it would try again and again, and hide why PostgreSQL can't be reached."""
    options = connection.settings_dict["OPTIONS"]
    if options.pop("pool", None):
        options["connect_timeout"] = PATIENCE_S


def _look(subject: str, check: Callable[[], str]) -> Finding:
    try:
        finding = Finding(subject, check())
    except Fault as fault:
        finding = Finding(subject, str(fault), well=False)
    except DatabaseError as error:
        finding = Finding(subject, f"la base de données ne répond pas ({_short(error)}).", well=False)
    print(finding, flush=True)
    return finding


def _short(error: Exception) -> str:
    """The first line of what an error says, or its name when it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _settings() -> str:
    errors = [message for message in run_checks() if message.level >= ERROR]
    if errors:
        raise Fault("; ".join(f"{message.id} {message.msg}" for message in errors))
    return "lus, sans contradiction."


def _home() -> str:
    home = settings.PARVIS_HOME
    try:
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise Fault(
            f"{home} : on ne peut pas y écrire ({_short(error)}). Changez PARVIS_HOME, ou ses droits."
        ) from error
    return f"{home}, on peut y écrire."


def _secret_key() -> str:
    if len(settings.SECRET_KEY) < 40:
        raise Fault("trop courte : 40 caractères au moins. Retirez PARVIS_SECRET_KEY, Parvis en fera une.")
    for file in (settings.PARVIS_HOME / "secret-key", settings.PARVIS_HOME / "vapid-key"):
        if file.is_file() and file.stat().st_mode & 0o077:
            raise Fault(f"{file} est lisible par d’autres comptes. Faites : chmod 600 {file}")
    return "gardée à l’abri."


def _disk() -> str:
    free = shutil.disk_usage(settings.PARVIS_HOME).free
    said = f"{free / 1e9:.1f} Go libres".replace(".", ",")
    if free < FREE_AT_LEAST:
        raise Fault(f"{said} seulement. Faites de la place : il faut au moins 1 Go.")
    return f"{said}."


def _database() -> str:
    if connection.vendor == "postgresql":
        return _postgresql()
    return _sqlite()


def _postgresql() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = str(cursor.fetchone()[0]).split()[0]
    except DatabaseError as error:
        raise Fault(
            f"PostgreSQL injoignable ({_short(error)}). Vérifiez DATABASE_URL, et que le serveur tourne."
        ) from error
    if int(version.split(".")[0]) < POSTGRESQL_AT_LEAST:
        raise Fault(f"PostgreSQL {version} est trop ancien. Il faut la version {POSTGRESQL_AT_LEAST} ou une suivante.")
    return f"PostgreSQL {version}."


def _sqlite() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        version = str(cursor.fetchone()[0])
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    if tuple(int(part) for part in version.split(".")) < SQLITE_AT_LEAST:
        raise Fault(f"SQLite {version} est trop ancien. Installez un Python plus récent.")
    if mode != "wal":
        raise Fault(f"le fichier est en mode {mode}. Gardez-le sur un disque local, pas sur un partage réseau.")
    return f"SQLite {version}, journal WAL."


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Fault(f"mises à niveau qui manquent : {len(missing)}. Faites : hub migrate")
    return "à jour."


def _clocks() -> str:
    if connection.vendor != "postgresql":
        return "une seule machine, une seule heure."
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew_s = abs((cursor.fetchone()[0] - now()).total_seconds())
    if skew_s > SKEW_AT_MOST_S:
        raise Fault(f"{skew_s:.0f} s d’écart avec la base de données. Réglez l’heure des deux machines (NTP).")
    return "d’accord avec celle de la base de données."


def _redis() -> str:
    if not settings.REDIS_URL:
        return "pas utilisé, tout se passe dans un seul processus."
    try:
        server = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S)
        version = server.info("server")["redis_version"]
    except (redis.RedisError, OSError, ValueError) as error:
        raise Fault(f"injoignable ({_short(error)}). Vérifiez REDIS_URL, et que Redis tourne.") from error
    return f"version {version}."


def _embedded() -> bool:
    return str(settings.CELERY_BROKER_URL).startswith("memory")


def _broker() -> str:
    if _embedded():
        return "dans le processus même."
    try:
        with app.connection_for_read(connect_timeout=PATIENCE_S) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE_S)
    except Exception as error:  # each transport has its own errors
        raise Fault(f"injoignable ({_short(error)}). Vérifiez CELERY_BROKER_URL.") from error
    return "joignable."


def _workers() -> str:
    if _embedded():
        return "dans le processus même (hub serve)."
    try:
        answers = app.control.inspect(timeout=2).active_queues() or {}
    except Exception as error:
        raise Fault(f"on n’a pas pu les appeler ({_short(error)}).") from error
    idle = set(QUEUES) - {queue["name"] for queues in answers.values() for queue in queues}
    if idle:
        raise Fault(f"personne ne travaille pour {', '.join(sorted(idle))}. Lancez : hub worker")
    return f"{len(answers)} à l’ouvrage."


def _email() -> str:
    names = _adapters("email", "PARVIS_EMAIL_ADAPTER et les PARVIS_SMTP_…")
    relays = [name for name in names if name.startswith("smtp")]
    if not relays:
        return "gardé dans le dossier des données, rien ne part."
    said = [_relay(settings.ADAPTER_OPTIONS[name], f"PARVIS_{name.upper()}_…") for name in relays]
    return f"{', '.join(said)}."


def _sms() -> str:
    return _dear("sms", "PARVIS_SMS_ADAPTER", "PARVIS_TWILIO_… ou PARVIS_OVH_…")


def _voice() -> str:
    return _dear("voice", "PARVIS_VOICE_ADAPTER", "PARVIS_TWILIO_…")


def _push() -> str:
    names = _adapters("push", "PARVIS_PUSH_ADAPTER, PARVIS_VAPID_SUBJECT et PARVIS_FCM_CREDENTIALS")
    if not names:
        return "aucune ne part : PARVIS_PUSH_ADAPTER est vide."
    return "gardées dans le dossier des données, rien ne part." if names == ["capture"] else f"{', '.join(names)}."


def _cap() -> str:
    """Whose signatures on other authorities' alerts are believed."""
    if not settings.CAP_TRUSTED:
        return "aucun certificat connu : PARVIS_CAP_TRUSTED est vide."
    try:
        known = load_pem_x509_certificates(Path(settings.CAP_TRUSTED).read_bytes())
    except (OSError, ValueError) as error:
        raise Fault(
            f"PARVIS_CAP_TRUSTED ne peut pas être lu ({_short(error)}). Il y faut un fichier de certificats (PEM)."
        ) from error
    for one in known:
        if one.not_valid_after_utc < now() + CERTIFICATE_AT_LEAST:
            raise Fault(
                f"le certificat « {one.subject.rfc4514_string()} » finit le {one.not_valid_after_utc:%d/%m/%Y}. "
                "Demandez le suivant à cette autorité, et mettez-le dans PARVIS_CAP_TRUSTED."
            )
    return f"{len(known)} certificats connus." if len(known) > 1 else "un certificat connu."


def _dear(channel: str, variable: str, others: str) -> str:
    """A channel that costs money, and need not be there."""
    names = _adapters(channel, f"{variable} et les {others}")
    if not names:
        return f"aucun ne part : {variable} n’est pas réglé."
    return "gardés dans le dossier des données, rien ne part." if names == ["capture"] else f"{', '.join(names)}."


def _adapters(channel: str, variables: str) -> list[str]:
    """The names of its adapters, each of which can be built."""
    names = settings.ADAPTERS.get(channel, [])
    try:
        build(channel, names, settings.ADAPTER_OPTIONS)
    except ConfigurationError as error:
        raise Fault(f"{error}. Vérifiez {variables}.") from error
    return names


def _relay(options: dict[str, str], variables: str) -> str:
    place = f"{options['host']}:{options['port']}"
    try:
        with _greeted(options) as relay:
            if options["username"]:
                relay.login(options["username"], options["password"])
    except (OSError, smtplib.SMTPException) as error:
        raise Fault(
            f"le relais {place} ne répond pas comme il faut ({_short(error)}). Vérifiez {variables}."
        ) from error
    return f"le relais {place} répond"


def _greeted(options: dict[str, str]) -> smtplib.SMTP:
    """A connection to the relay, in TLS as configured."""
    host, port, tls = options["host"], int(options["port"]), ssl.create_default_context()
    if options["security"] == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE_S, context=tls)
    relay = smtplib.SMTP(host, port, timeout=PATIENCE_S)
    if options["security"] == "starttls":
        relay.starttls(context=tls)
    relay.ehlo()
    return relay


def _address() -> str:
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Fault(f"« {settings.PUBLIC_URL} » n’est pas une adresse. Écrivez PARVIS_PUBLIC_URL=https://votre.domaine")
    if parts.path or parts.query:
        raise Fault("Parvis occupe tout un nom de domaine : PARVIS_PUBLIC_URL s’arrête avant la barre.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise Fault("en http, tout circule en clair. Mettez un serveur TLS devant, et PARVIS_PUBLIC_URL en https.")
    return f"{settings.PUBLIC_URL}"


def _static() -> str:
    if not assets.up_to_date():
        raise Fault("ceux du code ont changé. Redémarrez : hub web et hub serve les rassemblent en démarrant.")
    return "ceux de ce code."


CHECKS: dict[str, Callable[[], str]] = {
    "Réglages": _settings,
    "Dossier des données": _home,
    "Clé secrète": _secret_key,
    "Place sur le disque": _disk,
    "Base de données": _database,
    "Tables": _migrations,
    "Heure": _clocks,
    "Redis": _redis,
    "File des tâches": _broker,
    "Ouvriers": _workers,
    "Courriel": _email,
    "SMS": _sms,
    "Appels": _voice,
    "Notifications": _push,
    "Alertes reçues": _cap,
    "Adresse publique": _address,
    "Fichiers des pages": _static,
}
