"""Another authority's signature: one that fits and is known, one that is not known, none; one that does not fit."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from lxml import etree
from pytest_django import Settings
from signxml import XMLSigner, methods

from hub import doctor
from hub.alerts.alerting import submit_alert
from hub.alerts.cap.taking import open_door, take_cap
from hub.alerts.models import Alert
from hub.audit.models import Entry
from hub.conversations.moderation_words import trail_line
from hub.core.clock import standing_at
from hub.core.errors import Invalid
from hub.people.models import Person
from hub.towns.models import Town
from tests.alerts.test_cap_in import FRENCH, cap
from tests.factories import make_agent

pytestmark = [pytest.mark.django_db]

DAY = datetime(2026, 11, 26, 12, tzinfo=UTC)
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


class Signer:
    """A key with its certificate: its own, or of who issued it."""

    def __init__(self, name: str, issuer: "Signer | None" = None, until: datetime = DAY + timedelta(days=300)) -> None:
        self.key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        self.subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)])
        above = issuer or self
        made = x509.CertificateBuilder(
            issuer_name=above.subject, subject_name=self.subject, public_key=self.key.public_key(),
            serial_number=x509.random_serial_number(), not_valid_before=DAY - timedelta(days=60), not_valid_after=until,
        )  # fmt: skip
        for extension, critical in self._extensions(above, is_authority=issuer is None):
            made = made.add_extension(extension, critical=critical)
        self.certificate = made.sign(above.key, hashes.SHA256())
        self.chain = [self.certificate]

    def _extensions(self, above: "Signer", *, is_authority: bool) -> list[tuple[Any, bool]]:
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign",
             "encipher_only", "decipher_only"), False,
        )  # fmt: skip
        return [
            (x509.BasicConstraints(ca=is_authority, path_length=None), True),
            (x509.KeyUsage(digital_signature=not is_authority, key_cert_sign=is_authority, **usage), True),
            (x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(above.key.public_key()), False),
            (x509.SubjectAlternativeName([x509.DNSName("alertes.example")]), False),
        ]

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, document: bytes, **options: Any) -> bytes:
        """Enveloped, at the end, as Environment Canada does."""
        signer = XMLSigner(
            method=methods.enveloped, c14n_algorithm=C14N, signature_algorithm="rsa-sha256", digest_algorithm="sha256",
            **options,
        )  # fmt: skip
        return bytes(etree.tostring(signer.sign(etree.fromstring(document), key=self.key, cert=self.chain)))


@pytest.fixture(scope="module")
def canada() -> Signer:
    return Signer("Environnement Canada")


@pytest.fixture(scope="module")
def other() -> Signer:
    return Signer("Une autre")


@pytest.fixture
def trust(settings: Settings, tmp_path: Path) -> Callable[..., None]:
    def known(*signers: Signer) -> None:
        file = tmp_path / "known.pem"
        file.write_bytes(b"".join(signer.pem for signer in signers))
        settings.CAP_TRUSTED = str(file)

    return known


def state(alert: Alert) -> tuple[str, str]:
    what = Entry.objects.get(act="alert.cap", subject=f"alert.{alert.pk}").what
    return what["signature"], what["signer"]


def taken(town: Town, document: bytes) -> Alert:
    with standing_at(DAY):
        return take_cap(actor=None, town=town, document=document)[0]


def test_who_signed_is_believed_when_they_are_known(
    town: Town, canada: Signer, other: Signer, trust: Callable[..., None], settings: Settings
) -> None:
    settings.CAP_TRUSTED = ""
    assert state(taken(town, cap(name="1"))) == ("absent", "")
    assert state(taken(town, canada.sign(cap(name="2")))) == ("unverified", "Environnement Canada")
    trust(Signer("Préfecture"), canada)
    alert = taken(town, canada.sign(cap(name="3")))
    assert state(alert) == ("verified", "Environnement Canada")
    assert alert.title["fr"] == FRENCH["headline"]
    assert state(taken(town, other.sign(cap(name="4")))) == ("unverified", "Une autre")
    entry = Entry.objects.get(subject=f"alert.{alert.pk}", act="alert.cap")
    assert (
        trail_line(entry, town).sentence.replace("\u00a0", " ").endswith("Signature vérifiée : Environnement Canada.")
    )


def test_who_is_vouched_for_by_somebody_known_is_believed(
    town: Town, canada: Signer, trust: Callable[..., None]
) -> None:
    office = Signer("Bureau de Québec", canada)
    trust(canada)
    assert state(taken(town, office.sign(cap()))) == ("verified", "Bureau de Québec")
    trust(Signer("Environnement Canada"))  # of the same name, another key
    assert state(taken(town, office.sign(cap(name="2")))) == ("unverified", "Bureau de Québec")


def test_a_certificate_that_is_over_is_not_broken_and_not_believed(town: Town, trust: Callable[..., None]) -> None:
    old = Signer("Environnement Canada", until=DAY - timedelta(days=1))
    trust(old)
    assert state(taken(town, old.sign(cap()))) == ("unverified", "Environnement Canada")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Vents de 90 km/h.", b"Vents de 10 km/h."), (b"<msgType>Alert", b"<msgType>Cancel"),
        (b"48.10,-71.50 48.10", b"48.10,-71.50 48.20"), (b"</scope>", b"</scope><note>!</note>"),
    ],
)  # fmt: skip
def test_one_that_does_not_fit_is_refused_and_says_so(
    client: Client, town: Town, mayor: Person, canada: Signer, other: Signer, trust: Callable[..., None],
    before: bytes, after: bytes,
) -> None:  # fmt: skip
    document = canada.sign(cap()).replace(before, after)
    headers = {"Authorization": f"Bearer {open_door(actor=mayor, slug=town.slug)}"}
    for known in (canada, other):  # whoever is believed
        trust(known)
        answer = client.post(f"/hooks/cap/{town.slug}/", document, content_type="application/cap+xml", headers=headers)
        assert answer.status_code == 400
        assert "elle a été changée en chemin" in answer.json()["error"]["message"]
    assert not Alert.objects.exists()


def test_another_key_under_a_known_certificate_is_refused(
    town: Town, canada: Signer, other: Signer, trust: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(canada)
    monkeypatch.setattr(other, "chain", [canada.certificate])
    with pytest.raises(Invalid):
        taken(town, other.sign(cap()))


def test_what_passed_through_two_hands_is_verified_by_either(
    town: Town, canada: Signer, other: Signer, trust: Callable[..., None]
) -> None:
    """The second signs what the first has signed, its signature too."""
    for number, (known, name) in enumerate(((canada, "Environnement Canada"), (other, "Une autre"))):
        trust(known)
        twice = other.sign(canada.sign(cap(name=str(number))))
        assert state(taken(town, twice)) == ("verified", name)
    with pytest.raises(Invalid):
        taken(town, twice.replace(b"Vents de 90", b"Vents de 10"))


def test_words_around_what_was_signed_are_not_read(town: Town, canada: Signer, trust: Callable[..., None]) -> None:
    """A signature that covers another element, carried in an alert of somebody else's making."""
    trust(canada)
    inner = etree.fromstring(canada.sign(b'<note Id="n">Rien</note>'))
    outer = etree.fromstring(cap())
    signature = inner.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert signature is not None
    outer.append(signature)
    with pytest.raises(Invalid):
        taken(town, bytes(etree.tostring(outer)))


def test_a_way_to_sign_that_is_not_believed_is_said_to_be_so(
    town: Town, canada: Signer, trust: Callable[..., None]
) -> None:
    trust(canada)
    signed = canada.sign(cap())
    weak = signed.replace(b"2001/04/xmldsig-more#rsa-sha256", b"2000/09/xmldsig#rsa-sha1")
    assert weak != signed
    assert state(taken(town, weak)) == ("unverified", "Environnement Canada")
    unnamed = re.sub(rb"<ds:X509Data>.*</ds:X509Data>", b"<ds:KeyName>EC</ds:KeyName>", signed, flags=re.DOTALL)
    assert state(taken(town, unnamed.replace(b"urn:oid", b"urn:two"))) == ("unverified", "")


def test_the_draft_and_who_approves_it_see_what_is_known(
    client: Client, town: Town, mayor: Person, canada: Signer, trust: Callable[..., None]
) -> None:
    agent = make_agent(town)
    trust(canada)
    known, unsigned = taken(town, canada.sign(cap())), taken(town, cap(name="2"))
    client.force_login(agent)
    pages = [client.get(f"/mairie/{town.slug}/alertes/{alert.pk}/").content.decode() for alert in (known, unsigned)]
    assert "Signature vérifiée\u00a0: Environnement Canada." in pages[0]
    assert "Signature absente" in pages[1]
    assert "envoyée par cap-pac@canada.ca" in pages[1]
    listed = client.get(f"/mairie/{town.slug}/alertes/recues/").content.decode()
    assert listed.count("· Signature") == 2
    submit_alert(actor=agent, alert_id=unsigned.pk)
    client.force_login(mayor)
    assert "Signature absente" in client.get(f"/mairie/{town.slug}/alertes/{unsigned.pk}/").content.decode()


def test_the_doctor_reads_whose_signatures_are_believed(
    settings: Settings, tmp_path: Path, canada: Signer, other: Signer, trust: Callable[..., None]
) -> None:
    settings.CAP_TRUSTED = ""
    assert "aucun certificat connu" in doctor._cap()
    trust(canada, other)
    with standing_at(DAY):
        assert doctor._cap() == "2 certificats connus."
    with standing_at(DAY + timedelta(days=290)), pytest.raises(doctor.Fault, match="Environnement Canada"):
        doctor._cap()
    for content in (None, b"rien"):
        settings.CAP_TRUSTED = str(tmp_path / "other.pem")
        if content:
            Path(settings.CAP_TRUSTED).write_bytes(content)
        with pytest.raises(doctor.Fault, match="PARVIS_CAP_TRUSTED"):
            doctor._cap()
