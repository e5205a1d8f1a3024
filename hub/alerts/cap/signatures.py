"""Whether another authority's document is what its signer signed (XML-DSig; CAP 1.2, 3.3.4.1). Loaded only when one
comes in.

A signature that does not fit is refused. One that fits says little until one knows whose it is: it counts as verified
when its certificate, or who issued that, is among those that the hub trusts (`PARVIS_CAP_TRUSTED`).
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier
from signxml.exceptions import InvalidSignature
from signxml.util import add_pem_header

from hub.alerts.cap import vocabulary
from hub.alerts.cap.origin import Signature, State
from hub.alerts.cap.reading import unreadable
from hub.core.clock import now
from hub.core.errors import Invalid

log = structlog.get_logger(__name__)

_DS = "http://www.w3.org/2000/09/xmldsig#"
_MOST = 4  # signatures that are looked at, as alerts that passed through several hands have
_NAMES = {"ds": _DS}


class _Broken(Exception):
    """What was signed is not what stands there."""


def check(document: bytes) -> tuple[Signature, bytes]:
    """What is known of who signed it, and what they signed: that alone is to be believed.

    `document` is XML that is safe to read (`reading.read`). Raises `Invalid` for one whose signature does not fit, or
    that can't be read as strictly as signatures need.
    """
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:  # stricter than who has read it: with names, depths and encodings
        raise unreadable() from error
    count = len(root.findall("ds:Signature", _NAMES))
    if not count:
        return Signature(State.ABSENT), document
    best = Signature(State.UNVERIFIED)
    try:
        for at in range(min(count, _MOST)):
            found, signed = _looked_at(root, at)
            if found.state == State.VERIFIED and signed is not None:
                return found, signed
            best = best if best.by else found
    except _Broken:
        log.warning("alerts.cap_signature_broken")
        raise Invalid(
            _(
                "La signature de cette alerte ne va pas avec son contenu : elle a été changée en chemin, ou n’est pas "
                "de qui elle dit. Elle est refusée."
            ),
            field="file",
        ) from None
    return best, document


def _looked_at(root: etree._Element, at: int) -> tuple[Signature, bytes | None]:
    """One of its signatures: alone, as it was when it was made, else with the others that stood there already."""
    chain = _certificates(root.findall("ds:Signature", _NAMES)[at])
    if not chain:
        return Signature(State.UNVERIFIED), None
    broken = False
    for tree in (_alone(root, at), _first(root, at)):
        try:
            signed = _signed(tree, chain[0])
        except InvalidSignature:
            broken = True
            continue
        except (ValueError, LookupError, TypeError, etree.LxmlError) as error:  # a way to sign that is not known here
            log.info("alerts.cap_signature_unread", error=repr(error)[:200])
            return Signature(State.UNVERIFIED, _name(chain[0])), None
        if signed is None:
            return Signature(State.UNVERIFIED, _name(chain[0])), None
        state = State.VERIFIED if _trusted(chain, tree) else State.UNVERIFIED
        return Signature(state, _name(chain[0])), signed
    if broken:
        raise _Broken
    return Signature(State.UNVERIFIED, _name(chain[0])), None


def _alone(root: etree._Element, at: int) -> etree._Element:
    """The document with this signature and no other."""
    tree = deepcopy(root)
    for place, other in enumerate(tree.findall("ds:Signature", _NAMES)):
        if place != at:
            _take_out(tree, other)
    return tree


def _first(root: etree._Element, at: int) -> etree._Element:
    """The document with those that stand before this signature, and this one where it is looked for."""
    tree = deepcopy(root)
    signatures = tree.findall("ds:Signature", _NAMES)
    for later in signatures[at + 1 :]:
        _take_out(tree, later)
    _take_out(tree, signatures[at])
    tree.insert(0, signatures[at])
    return tree


def _take_out(tree: etree._Element, signature: etree._Element) -> None:
    """An element goes, and the text behind it stays: it was signed too."""
    before, tail = signature.getprevious(), signature.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        tree.text = (tree.text or "") + tail
    signature.tail = None
    tree.remove(signature)


def _signed(tree: etree._Element, certificate: x509.Certificate) -> bytes | None:
    """What that certificate's key has signed; None when that is something else than the alert. Raises as signxml."""
    # Whether it fits does not depend on the day: an old one that fits is old, and not broken.
    then = replace(SignatureConfiguration(), verification_time=certificate.not_valid_before_utc + timedelta(seconds=1))
    found = XMLVerifier().verify(tree, x509_cert=certificate, expect_config=then)
    signed = found.signed_xml if not isinstance(found, list) else None
    if signed is None or signed.tag != f"{{{vocabulary.NAMESPACE}}}alert":
        return None
    return bytes(etree.tostring(signed))


def _certificates(signature: etree._Element) -> Sequence[x509.Certificate]:
    """Its signer's, then those that vouch for it, as they stand in it."""
    found = signature.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", _NAMES)
    try:
        return [x509.load_pem_x509_certificate(add_pem_header("".join((one.text or "").split()))) for one in found]
    except ValueError:
        return []


def _trusted(chain: Sequence[x509.Certificate], tree: etree._Element) -> bool:
    """Whether the hub knows the signer, or who vouches for them, today."""
    known = trusted_certificates()
    signer, at = chain[0], now()
    if signer.fingerprint(SHA256()) in {one.fingerprint(SHA256()) for one in known}:
        return signer.not_valid_before_utc <= at <= signer.not_valid_after_utc
    if not known:
        return False
    try:
        today = replace(SignatureConfiguration(), verification_time=at)
        XMLVerifier().verify(deepcopy(tree), ca_pem_file=settings.CAP_TRUSTED, expect_config=today)
    except Exception as error:  # whatever a stranger's certificates may be made of
        log.info("alerts.cap_signer_unknown", error=repr(error)[:200])
        return False
    return True


def trusted_certificates() -> list[x509.Certificate]:
    """Those of `PARVIS_CAP_TRUSTED`, a file of certificates as PEM; none without it, or when it can't be read."""
    if not settings.CAP_TRUSTED:
        return []
    try:
        return x509.load_pem_x509_certificates(Path(settings.CAP_TRUSTED).read_bytes())
    except (OSError, ValueError) as error:
        log.error("alerts.cap_trusted_unreadable", error=repr(error))
        return []


def _name(certificate: x509.Certificate) -> str:
    """The organization, else the name that it is for."""
    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        if found := certificate.subject.get_attributes_for_oid(kind):
            return " ".join(str(found[0].value).split())[:80]
    return ""
