"""What `hub doctor` says of the doors for mail: one check each, as in `hub.doctor`."""

import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings

from hub.doctor import PATIENCE_S, Fault
from inbound_email.doorkeeper import networks
from inbound_email.imap_poller import LOST, Box, open_box
from inbound_email.models import Door
from inbound_email.places import Place
from inbound_email.process_doors import Unfit, smtp_places
from inbound_email.providers import PROVIDERS
from inbound_email.unseen import undecided

CERTIFICATE_DAYS = 14


def _domain() -> str:
    domain = settings.INBOUND_DOMAIN
    if not domain:
        return "on ne peut pas répondre aux courriels : PARVIS_INBOUND_DOMAIN n’est pas réglé."
    if "@" in domain or "." not in domain or not domain.isascii():
        raise Fault(f"« {domain} » n’est pas un domaine. Écrivez PARVIS_INBOUND_DOMAIN=repondre.votre.domaine")
    if domain.lower() == parseaddr(settings.EMAIL_FROM)[1].rpartition("@")[2].lower():
        return f"{domain}, qui est aussi celui de PARVIS_EMAIL_FROM : son courrier doit arriver ici."
    return f"{domain}."


def _smtp() -> str:
    try:
        places = smtp_places()
        networks(settings.INBOUND_RELAYS)
    except (Unfit, ValueError) as error:
        raise Fault(f"{error}. Vérifiez PARVIS_INBOUND_SMTP, PARVIS_INBOUND_LMTP et PARVIS_INBOUND_RELAYS.") from error
    if not places:
        return "fermée."
    _certificate()
    return ", ".join(_listened(door, place) for door, place in places.items()) + "."


def _listened(door: Door, place: Place) -> str:
    if place.path or not place.port:
        return f"{door.label} sur {place}"
    try:
        with (smtplib.LMTP if door is Door.LMTP else smtplib.SMTP)(timeout=PATIENCE_S) as client:
            code, greeting = client.connect(place.host, place.port)
    except (OSError, smtplib.SMTPException) as error:
        if _others():
            return f"personne n’écoute sur {place}, le courrier arrive par {_others()}"
        raise Fault(f"personne n’écoute sur {place} ({error}). Lancez : hub receive-smtp") from error
    if code != 220 or b"Parvis" not in greeting:
        raise Fault(f"sur {place} répond un autre serveur. Changez PARVIS_INBOUND_{door.name}.")
    return f"{door.label} répond sur {place}"


def _others() -> str:
    """The doors that do without."""
    hooks = [name for name, secret in settings.INBOUND_HOOKS.items() if secret]
    return ", ".join([*(["IMAP"] if settings.IMAP_HOST else []), *hooks])


def _certificate() -> None:
    if not settings.INBOUND_TLS_CERT:
        return
    try:
        ends = load_pem_x509_certificate(Path(settings.INBOUND_TLS_CERT).read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        raise Fault(f"le certificat ne peut pas être lu ({error}). Vérifiez PARVIS_INBOUND_TLS_CERT.") from error
    if ends - datetime.now(UTC) < timedelta(days=CERTIFICATE_DAYS):
        raise Fault(f"le certificat finit le {ends:%d/%m/%Y}. Renouvelez-le, puis redémarrez hub receive-smtp.")


def _imap() -> str:
    try:
        box = Box.configured()
        if box is None:
            return "aucune boîte à relever."
        with open_box(box) as mailbox:
            missing = bool(box.done_folder) and not mailbox.folder.exists(box.done_folder)
    except (*LOST, ValueError) as error:
        raise Fault(f"la boîte ne s’ouvre pas ({error}). Vérifiez les PARVIS_IMAP_…") from error
    if missing:
        raise Fault(f"le dossier « {box.done_folder} » n’existe pas. Créez-le, ou videz PARVIS_IMAP_DONE_FOLDER.")
    return f"{box.username} sur {box.host}."


def _providers() -> str:
    heard = [name for name in PROVIDERS if settings.INBOUND_HOOKS.get(name)]
    if "brevo" in heard and not settings.BREVO_API_KEY:
        raise Fault("les pièces jointes restent chez Brevo. Réglez PARVIS_BREVO_API_KEY.")
    plain = [name for name in heard if name != "mailgun" and ":" not in settings.INBOUND_HOOKS[name]]
    if plain:
        variables = ", ".join(f"PARVIS_{name.upper()}_HOOK_SECRET" for name in plain)
        raise Fault(f"le secret s’écrit NOM:MOT DE PASSE. Vérifiez {variables}.")
    return f"{', '.join(heard)}." if heard else "aucun n’est écouté."


def _unseen() -> str:
    if count := undecided().count():
        raise Fault(f"{count} qu’aucun bureau ne montre. Faites : hub mails")
    return "aucun qu’un bureau ne montre."


CHECKS: dict[str, Callable[[], str]] = {
    "Adresses de réponse": _domain,
    "Porte du courrier": _smtp,
    "Boîte relevée": _imap,
    "Fournisseurs de courrier": _providers,
    "Courriels en attente": _unseen,
}
