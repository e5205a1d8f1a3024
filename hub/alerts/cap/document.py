"""An alert as a CAP document that its town has signed (XML-DSig, enveloped). Loaded only when one is asked for.

Section 3.3.4.1 of the standard names this signature, and its schema has a place for it; what reads CAP knows it. The
key is the home's own, and so is its certificate: whoever must be sure of it is given the certificate by the town.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from lxml import etree
from signxml import XMLSigner, methods

from hub.alerts.cap import vocabulary
from hub.alerts.current import shown_until
from hub.alerts.models import Alert, Purpose
from hub.alerts.proof.facts import shapes
from hub.settings.home import kept_secret

_KEY = "cap-key"
_YEARS = 20
_LANGUAGES = {"fr": "fr", "en": "en"}


def signed(alert: Alert, former: Sequence[Alert]) -> bytes:
    """The document. `former`: what was said of the same thing before. The same alert gives the same bytes."""
    key, certificate = _key()
    signer = XMLSigner(
        method=methods.enveloped, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
        signature_algorithm="rsa-sha256", digest_algorithm="sha256",
    )  # fmt: skip
    root = signer.sign(document(alert, former), key=key, cert=certificate)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def document(alert: Alert, former: Sequence[Alert]) -> etree._Element:
    """The same, unsigned: elements in the order of the schema."""
    root = etree.Element(_name("alert"), nsmap={None: vocabulary.NAMESPACE})
    _add(root, "identifier", identifier(alert))
    _add(root, "sender", sender(alert))
    _add(root, "sent", sent(alert))
    _add(root, "status", "Exercise" if alert.exercise else "Actual")
    _add(root, "msgType", vocabulary.MESSAGE_TYPE[Purpose(alert.purpose)])
    _add(root, "scope", "Public")
    if alert.exercise:
        _add(root, "note", "EXERCICE / EXERCISE")
    if former:
        _add(root, "references", " ".join(f"{sender(one)},{identifier(one)},{sent(one)}" for one in former))
    for language in sorted(alert.title, key=lambda one: (one != "fr", one)):  # the database keeps no order
        _add_info(root, alert, language)
    return root


def identifier(alert: Alert) -> str:
    """No two have the same, of any town of any hub. No space, comma, < or & (3.2.1)."""
    return f"{_host()}-{alert.town.slug}-{alert.number}"


def sender(alert: Alert) -> str:
    """The town, as one that nobody else is."""
    return f"{alert.town.slug}@{_host()}"


def sent(alert: Alert) -> str:
    """When it left, at the town's hour (3.3.2: an offset, never Z)."""
    return _moment(alert.started_at or alert.created_at, alert)


def _host() -> str:
    return urlsplit(settings.LINK_BASE).hostname or "localhost"


def _moment(at: datetime, alert: Alert) -> str:
    there = at.astimezone(ZoneInfo(alert.town.time_zone)).replace(microsecond=0).isoformat()
    return there.replace("+00:00", "-00:00")


def _add_info(root: etree._Element, alert: Alert, language: str) -> None:
    """What is said in one language."""
    first = alert.about or alert
    ended = alert.purpose == Purpose.END
    emergency = first.emergency or alert.emergency
    town, started = alert.town, alert.started_at or alert.created_at
    info = etree.SubElement(root, _name("info"))
    with translation.override(language):
        _add(info, "language", f"{language}-{town.country}")
        _add(info, "category", vocabulary.CATEGORY.get(first.danger or alert.danger, "Safety"))  # type: ignore[call-overload]
        _add(info, "event", _event(first))
        if ended:
            _add(info, "responseType", "AllClear")
        for name, word in zip(
            ("urgency", "severity", "certainty"), vocabulary.how_bad(emergency=emergency, ended=ended), strict=True
        ):
            _add(info, name, word)
        _add(info, "effective", _moment(started, alert))
        _add(info, "expires", _moment(shown_until(alert.purpose, started), alert))
        _add(info, "senderName", town.name)
        _add(info, "headline", alert.title[language][:160])
        _add(info, "description", alert.said("body", language))
        _add(info, "web", f"{settings.LINK_BASE}{reverse('alert', args=[town.slug, alert.number])}")
        if town.phone or town.email:
            _add(info, "contact", ", ".join(one for one in (town.phone, town.email) if one))
        _add_area(info, first)


def _event(alert: Alert) -> str:
    """What kind of thing it is, in the language that is active."""
    if alert.danger:
        return str(alert.get_danger_display())
    return alert.theme.label if alert.theme else alert.heading


def _add_area(info: etree._Element, alert: Alert) -> None:
    found = shapes(alert)
    area = etree.SubElement(info, _name("area"))
    streets: list[str] = alert.audience.get("streets") or []
    named = [*(name for name, _rings in found), *streets]
    _add(area, "areaDesc", f"{alert.town.name}{' : ' if named else ''}{', '.join(named)}"[:1_000])
    for _shape, rings in found:
        for ring in rings:
            closed = ring if ring[0] == ring[-1] else [*ring, ring[0]]
            _add(area, "polygon", " ".join(f"{lat:.6f},{lon:.6f}" for lon, lat in closed))


def _name(tag: str) -> str:
    return f"{{{vocabulary.NAMESPACE}}}{tag}"


def _add(parent: etree._Element, tag: str, words: str) -> None:
    # What XML can't hold (XML 1.0, 2.2) is left out.
    parent_words = "".join(one for one in str(words) if one in "\t\n\r" or " " <= one <= "\ud7ff" or one >= "\ue000")
    etree.SubElement(parent, _name(tag)).text = parent_words


@cache
def _key() -> tuple[str, str]:
    """The home's key and its certificate, as PEM."""
    kept = kept_secret(_KEY, _new_key)
    at = kept.index("-----BEGIN CERTIFICATE")
    return kept[:at], kept[at:]


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _host()[:64])])
    at = datetime.now(UTC)
    made = x509.CertificateBuilder(
        issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=x509.random_serial_number(),
        not_valid_before=at - timedelta(days=1), not_valid_after=at + timedelta(days=365 * _YEARS),
    ).sign(key, hashes.SHA256())  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + made.public_bytes(serialization.Encoding.PEM)).decode()
