"""Who really wrote a mail: as the town's mail server found out, or as DNS says."""

import base64
from collections.abc import Callable, Mapping, Sequence

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from inbound_email import sandbox
from inbound_email.authenticity import by_results, read_results, verdict_of
from inbound_email.dns_lookup import Kind, Silent
from inbound_email.domain_proof import author_domain, plain_headers, proof_of
from inbound_email.opened import Asked, Opened, Proved
from inbound_email.opening import open_mail
from inbound_email.spf import Result, check_host
from tests.inbound_email.dns_server import DnsServer

Zone = Mapping[tuple[str, Kind], Sequence[str]]
OURS = "mx.mairie.example"
PASS = f"{OURS}; spf=pass smtp.mailfrom=alice@bellerive.example; dmarc=pass (p=NONE) header.from=bellerive.example"


# The town's mail server.


@pytest.mark.parametrize(
    ("results", "stands"),
    [
        ([PASS], True),
        ([f"{OURS} 1; dkim=pass header.d=bellerive.example header.s=a"], True),
        ([f"{OURS}; spf=pass smtp.mailfrom=bounce@bellerive.example"], True),
        ([f"{OURS}; spf=pass (nested (comment); dmarc=pass) smtp.mailfrom=x@ailleurs.example"], False),
        ([f"{OURS}; dkim=pass header.i=@ailleurs.example; spf=fail smtp.mailfrom=bellerive.example"], False),
        ([f"{OURS}; dkim=pass header.d=sous.bellerive.example"], False),  # names below may be given away
        ([f"{OURS}; dkim=pass header.d=example"], False),
        ([f"{OURS}; dmarc=fail header.from=bellerive.example; dkim=pass header.d=bellerive.example"], False),
        ([f"{OURS}; dmarc=pass header.from=ailleurs.example"], False),
        ([f"{OURS}; dmarc=fail header.from=bellerive.example; dmarc=pass header.from=bellerive.example"], False),
        ([f"{OURS}; none"], False),
        ([], False),
        # Below its own stands what the mail brought along.
        ([f"{OURS}; spf=fail smtp.mailfrom=x@y.example", PASS], False),
        (["mx.ailleurs.example; dmarc=pass header.from=bellerive.example"], False),
        (["mx.ailleurs.example; none", PASS], True),
        ([f"{OURS}.ailleurs.example; dmarc=pass header.from=bellerive.example"], False),
        ([f'"{OURS}"; =;;; dmarc = pass'], False),
        ([f'{OURS}; dkim=pass reason="good; (really)" header.d=bellerive.example header.b="a/b=="'], True),
        ([f'{OURS}; spf=pass smtp.mailfrom="alice martin"@bellerive.example'], True),
        # What an author may call themselves in MAIL FROM.
        ([f'{OURS}; spf=pass smtp.mailfrom="a; dkim=pass header.d=bellerive.example; b"@ailleurs.example'], False),
        ([f'{OURS}; spf=pass smtp.mailfrom="a@bellerive.example"@ailleurs.example'], False),
        ([f'{OURS}; spf=pass smtp.mailfrom="a smtp.mailfrom=b@bellerive.example"@ailleurs.example'], False),
        ([f"{OURS}; spf=pass smtp.mailfrom=a smtp.mailfrom=b@bellerive.example"], False),
        ([f"{OURS}; spf=pass smtp.mailfrom=a@bellerive.example b@ailleurs.example"], False),
        ([rf"{OURS}; spf=pass (a \) ; dkim=pass header.d=bellerive.example) smtp.mailfrom=ailleurs.example"], False),
        ([rf'{OURS}; spf=pass smtp.mailfrom="\"; dkim=pass header.d=bellerive.example; \""@ailleurs.example'], False),
    ],
)
def test_only_its_own_topmost_word_is_believed(results: list[str], stands: bool) -> None:
    assert by_results(results, OURS, "bellerive.example").stands is stands


def test_a_header_is_taken_apart() -> None:
    name, (one, other) = read_results('MX.example 1; spf=Pass (a "b") smtp.mailfrom="a@b.example"; dkim/1=none')
    assert (name, one.method, one.result, one.properties) == (
        "mx.example", "spf", "pass", {"smtp.mailfrom": "a@b.example"},
    )  # fmt: skip
    assert (other.method, other.result) == ("dkim", "none")


def test_two_authors_are_none() -> None:
    mail = Opened(
        kind="human", answerable=True, subject="", mail_id="", references=[], from_address="a@bellerive.example",
        from_name="", one_author=False, words="", results=[PASS],
    )  # fmt: skip
    for way in ("address", "header", "dns"):
        verdict = verdict_of(mail, way=way, authserv_id=OURS, prove=lambda: Proved(True, "x"))  # type: ignore[arg-type]
        assert not verdict.stands


# SPF.

SPF: Zone = {
    ("bellerive.example", "TXT"): ["v=spf1 ip4:192.0.2.0/28 ip6:2001:db8::/64 mx include:relais.example -all"],
    ("bellerive.example", "MX"): ["mx.bellerive.example."],
    ("mx.bellerive.example", "A"): ["198.51.100.7"],
    ("relais.example", "TXT"): ["other", "v=spf1 a:sortie.relais.example/30 ?all"],
    ("sortie.relais.example", "A"): ["203.0.113.9"],
    ("suite.example", "TXT"): ["v=spf1 redirect=bellerive.example"],
    ("macro.example", "TXT"): ["v=spf1 exists:%{ir}.%{v}._spf.%{d2} ~all"],
    ("5.2.0.192.in-addr._spf.macro.example", "A"): ["127.0.0.2"],
    ("rond.example", "TXT"): ["v=spf1 include:rond.example -all"],
    ("deux.example", "TXT"): ["v=spf1 -all", "v=spf1 +all"],
    ("faux.example", "TXT"): ["v=spf1 bidule:x -all"],
    ("vide.example", "TXT"): ["v=spf1 a:rien1.example a:rien2.example a:rien3.example +all"],
    ("nul.example", "TXT"): ["v=spf1 include:rien.example +all"],
    ("modif.example", "TXT"): ["v=spf1 exp=why.modif.example ip4:192.0.2.5 -all"],
}


def said(zone: Zone, *, silent: str = "") -> Callable[[str, Kind], Sequence[str]]:
    def lookup(name: str, kind: Kind) -> Sequence[str]:
        if silent and name.rstrip(".").endswith(silent):
            raise Silent(name)
        return zone.get((name.rstrip(".").lower(), kind), [])

    return lookup


@pytest.mark.parametrize(
    ("peer", "domain", "result"),
    [
        ("192.0.2.5", "bellerive.example", Result.PASS),
        ("192.0.2.16", "bellerive.example", Result.FAIL),
        ("2001:db8::25", "bellerive.example", Result.PASS),
        ("198.51.100.7", "bellerive.example", Result.PASS),
        ("203.0.113.10", "bellerive.example", Result.PASS),
        ("::ffff:192.0.2.5", "bellerive.example", Result.PASS),
        ("203.0.113.12", "bellerive.example", Result.FAIL),
        ("192.0.2.5", "suite.example", Result.PASS),
        ("192.0.2.5", "macro.example", Result.PASS),
        ("192.0.2.6", "macro.example", Result.SOFTFAIL),
        ("192.0.2.5", "modif.example", Result.PASS),
        ("192.0.2.5", "rien.example", Result.NONE),
        ("192.0.2.5", "rond.example", Result.PERMERROR),
        ("192.0.2.5", "deux.example", Result.PERMERROR),
        ("192.0.2.5", "faux.example", Result.PERMERROR),
        ("192.0.2.5", "vide.example", Result.PERMERROR),
        ("192.0.2.5", "nul.example", Result.PERMERROR),
        ("nobody", "bellerive.example", Result.NONE),
    ],
)
def test_who_may_send_for_a_domain(peer: str, domain: str, result: Result) -> None:
    assert check_host(peer, domain, f"alice@{domain}", said(SPF)) is result


def test_a_silent_dns_says_nothing() -> None:
    assert check_host("192.0.2.5", "bellerive.example", "a@b", said(SPF, silent="example")) is Result.TEMPERROR


# DKIM, and for whom it speaks.

MAIL = b"From: Alice <alice@bellerive.example>\r\nTo: x@parvis.test\r\nSubject: Le banc\r\n\r\nIl est au 14.\r\n"


@pytest.fixture(scope="module")
def key() -> tuple[bytes, str]:
    """A private key, and the record of its public one."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def signed(key: tuple[bytes, str], domain: str, raw: bytes = MAIL, **options: bool) -> bytes:
    return dkim.sign(raw, b"s", domain.encode(), key[0], include_headers=[b"From", b"Subject"], **options) + raw


def zone_of(key: tuple[bytes, str], *domains: str, **dmarc: str) -> Zone:
    keys: dict[tuple[str, Kind], Sequence[str]] = {(f"s._domainkey.{domain}", "TXT"): [key[1]] for domain in domains}
    return {**keys, **{(f"_dmarc.{name.replace('_', '.')}", "TXT"): [text] for name, text in dmarc.items()}}


@pytest.mark.parametrize(
    ("signer", "dmarc", "stands"),
    [
        ("bellerive.example", {}, True),
        ("ailleurs.example", {}, False),
        ("mail.bellerive.example", {}, False),  # nobody says that the two are one
        ("mail.bellerive.example", {"bellerive_example": "v=DMARC1; p=none"}, True),
        ("mail.bellerive.example", {"bellerive_example": "v=DMARC1; p=none; adkim=s"}, False),
        # Two tenants of a name under which everybody may have one.
        ("autre.example", {"example": "v=DMARC1; p=none; psd=y", "bellerive_example": "v=DMARC1; p=none"}, False),
        ("mail.bellerive.example", {"bellerive_example": "v=DMARC1; p=none; psd=n", "example": "v=DMARC1"}, True),
    ],
)
def test_a_signature_speaks_for_its_own_organisation(
    key: tuple[bytes, str], signer: str, dmarc: dict[str, str], stands: bool
) -> None:
    proof = proof_of(signed(key, signer), peer="", envelope_from="", lookup=said(zone_of(key, signer, **dmarc)))
    assert proof.stands is stands, proof.how


def test_a_signature_that_does_not_hold_proves_nothing(key: tuple[bytes, str]) -> None:
    raw, zone = signed(key, "bellerive.example"), zone_of(key, "bellerive.example")
    for changed in (
        raw.replace(b"au 14", b"au 15"),
        raw.replace(b"Le banc", b"La lampe"),
        b"From: Maire <maire@bellerive.example>\r\n" + raw,  # programs show the first
        raw.replace(b"d=bellerive", b"d=ailleurs"),
        signed(key, "bellerive.example", length=True) + b"Et ceci.\r\n",  # it covers a beginning
    ):
        assert not proof_of(changed, peer="", envelope_from="", lookup=said(zone)).stands
    assert not proof_of(raw, peer="", envelope_from="", lookup=said({})).stands
    assert not proof_of(raw, peer="", envelope_from="", lookup=said(zone, silent="example")).stands


class _Doubled(dkim.DKIM):  # type: ignore[misc]
    """Signs for its own domain, and adds a tag that some read as a beginning of it."""

    def gen_header(self, fields: list[tuple[bytes, bytes]], *more: object) -> bytes:
        return super().gen_header([*fields[:1], (b"d*0*", b"utf-8''bel"), *fields[1:]], *more)


def test_a_signature_speaks_for_the_domain_that_was_checked(key: tuple[bytes, str]) -> None:
    signature = _Doubled(MAIL).sign(b"s", b"lerive.example", key[0], include_headers=[b"From"])
    assert b"d*0*" in signature
    proof = proof_of(signature + MAIL, peer="", envelope_from="", lookup=said(zone_of(key, "lerive.example")))
    assert (proof.stands, proof.how) == (False, "dkim=pass lerive.example")


FORGED = b"Je d\xc3\xa9missionne.\r\n"


@pytest.mark.parametrize(
    ("place", "put"),
    [
        (b"DKIM-S", b"X: a\rDKIM-Signature: d=bellerive.example\rFrom: maire@bellerive.example\r\r" + FORGED),
        (b"DKIM-S", b"X: a\rFrom: maire@bellerive.example\r\r" + FORGED),
        (b"Subject", b" \r\n " + FORGED),
    ],
)
def test_where_programs_could_read_other_headers_nothing_is_proved(
    key: tuple[bytes, str], place: bytes, put: bytes
) -> None:
    """What was signed still is, for who signed it; another reader sees words that nobody signed."""
    raw, zone = signed(key, "bellerive.example"), zone_of(key, "bellerive.example")
    assert proof_of(raw, peer="", envelope_from="", lookup=said(zone)).stands
    assert open_mail(raw).one_author
    changed = raw.replace(place, put + place, 1)
    assert "démissionne" in open_mail(changed).words
    assert not proof_of(changed, peer="", envelope_from="", lookup=said(zone)).stands
    assert not open_mail(changed).one_author


def test_the_domain_that_is_asked_about_is_that_of_the_author_who_is_shown() -> None:
    raw = MAIL.replace(b"Alice <", b"<eve\xa0@ailleurs.example ")
    assert author_domain(plain_headers(raw)) == open_mail(raw).from_address.rpartition("@")[2]


def test_without_a_signature_the_machine_that_brought_it_counts() -> None:
    zone = {**SPF, ("_dmarc.bellerive.example", "TXT"): ["v=DMARC1; p=none; aspf=r"]}
    about = {"peer": "192.0.2.5", "envelope_from": "alice@bellerive.example", "lookup": said(zone)}
    assert proof_of(MAIL, **about).stands  # type: ignore[arg-type]
    assert not proof_of(MAIL, **{**about, "peer": "192.0.2.99"}).stands  # type: ignore[arg-type]
    assert not proof_of(MAIL, **{**about, "peer": ""}).stands  # type: ignore[arg-type]
    other = {**about, "envelope_from": "eve@suite.example"}  # it may send for another
    assert not proof_of(MAIL, **other).stands  # type: ignore[arg-type]


def test_the_sandbox_asks_dns_itself(key: tuple[bytes, str]) -> None:
    with DnsServer({**zone_of(key, "bellerive.example"), **SPF}) as server:
        asked = Asked("prove", "192.0.2.5", "alice@bellerive.example", server.place)
        assert sandbox.ask(asked, signed(key, "bellerive.example")) == Proved(True, "dkim=pass bellerive.example")
        assert sandbox.ask(asked, MAIL) == Proved(True, "spf=pass bellerive.example")
        answer = sandbox.ask(asked, MAIL.replace(b"bellerive", b"ailleurs"))
        assert answer == Proved(False, "spf=pass bellerive.example")
