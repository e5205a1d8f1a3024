"""Mails are read as programs write them, broken ones too; and what is made to hurt is refused before it does."""

import base64
import struct
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbound_email.addresses import Address, first_address, normal_email, read_addresses, same_email
from inbound_email.charsets import decode_bytes
from inbound_email.errors import HeaderTooLong, MailError, TooDeep, TooManyBytes, TooManyHeaders, TooManyParts
from inbound_email.flowed import join_flowed
from inbound_email.headers import decode_base64, decode_words, take_parameters
from inbound_email.mime import all_mails, clean_name, read_mail
from inbound_email.multipart import Bounds
from tests.inbound_email.letters import mail


def coded(body: bytes, **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.mark.parametrize(
    ("data", "declared", "meant"),
    [
        ("été".encode(), "utf-8", "été"),
        ("été".encode(), "us-ascii", "été"),
        ("été".encode(), "iso-8859-1", "été"),
        ("été".encode("latin-1"), "iso-8859-1", "été"),
        ("été".encode("latin-1"), "us-ascii", "été"),
        ("été".encode("latin-1"), None, "été"),
        ("été".encode("latin-1"), "utf-8", "été"),
        ("45 € – « l’été »".encode("cp1252"), "iso-8859-1", "45 € – « l’été »"),
        ("45 €".encode("iso-8859-15"), "iso-8859-15", "45 €"),
        ("こんにちは".encode("iso-2022-jp"), "iso-2022-jp", "こんにちは"),
        ("你好".encode("gb18030"), "gb2312", "你好"),
        ("안녕".encode("cp949"), "ks_c_5601-1987", "안녕"),
        ("привет".encode("koi8-r"), "KOI8-R", "привет"),
        ("été".encode(), "'utf8mb4'", "été"),
        ("été".encode(), "nonsense", "été"),
        ("été".encode(), "rot13", "été"),
        ("bon été, ".encode() + "été".encode("latin-1"), "utf-8", "bon été, été"),
        (b"a\x00b", "utf-8", "ab"),
    ],
)
def test_characters_are_what_was_meant(data: bytes, declared: str | None, meant: str) -> None:
    assert decode_bytes(data, declared) == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("=?utf-8?q?=C3=A9t=C3=A9_chaud?=", "été chaud"),
        ("=?UTF-8?B?w6l0w6k=?=", "été"),
        ("=?iso-8859-1?Q?=E9t=E9?= et =?utf-8?Q?=C3=A9t=C3=A9?=", "été et été"),
        ('"=?utf-8?q?Mairie_d=27=C3=89vry?=" <a@b.fr>', '"Mairie d\'Évry" <a@b.fr>'),
        ("=?utf-8?b?w6l0w?= =?utf-8?b?6k=?=", "été"),  # a letter cut in two
        ("=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?=   =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?=  =?utf-8?q?b?=", "a b"),  # as older Pythons fold « a b »
        ("=?utf-8*fr?q?a?=", "a"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("Objet été", "Objet été"),
    ],
)
def test_encoded_words_are_read_where_they_stand(value: str, meant: str) -> None:
    assert decode_words(value) == meant


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("attachment; filename=plan.pdf", "plan.pdf"),
        ('attachment; filename="plan du \\"parc\\".pdf"', 'plan du "parc".pdf'),
        ("attachment; filename=plan du parc.pdf", "plan du parc.pdf"),
        ("attachment; filename*=utf-8''d%C3%A9p%C3%B4t.jpg", "dépôt.jpg"),
        ("attachment; filename*0*=utf-8''d%C3%A9; filename*1*=p%C3%B4t; filename*2=.jpg", "dépôt.jpg"),
        ("attachment; filename*1=b.txt; filename*0=a", "ab.txt"),
        ('attachment; filename="=?utf-8?q?d=C3=A9p=C3=B4t.jpg?="', "dépôt.jpg"),
        ('attachment; filename="jamais ferme', "jamais ferme"),
    ],
)
def test_names_of_files_are_read_in_all_their_codings(value: str, name: str) -> None:
    assert take_parameters(value)[1]["filename"] == name


def test_a_subject_keeps_the_spaces_that_are_meant() -> None:
    folded = (  # by Python 3.11; the space between the two words is the second one after the fold
        "Subject: =?utf-8?q?Est-ce_r=C3=A9gl=C3=A9=E2=80=AF=3F?=\r\n"
        "  =?utf-8?q?n=C2=B0=C2=A012_l=27=C3=A9?=\r\n =?utf-8?q?t=C3=A9?= rue des\r\n Lilas\r\n\r\n"
    )
    assert read_mail(folded.encode()).subject == "Est-ce réglé\u202f? n°\u00a012 l'été rue des Lilas"
    assert read_mail(b"Subject: a \t b\r\n    c\xc2\xa0d\r\n\r\n").subject == "a b c\u00a0d"


def test_the_headers_say_who_and_when() -> None:
    read = read_mail(
        mail(
            "x",
            Subject="=?utf-8?q?D=C3=A9p=C3=B4t?=",
            Cc='"Maire, le" <m@x.fr>, p@x.fr',
            References="<a@x> <b@x>\r\n <c@x>",
        )
    )
    assert read.subject == "Dépôt"
    assert read.sender == Address("Jeanne Martin", "jeanne.martin@orange.fr")
    assert [str(one) for one in read.cc] == ["Maire, le <m@x.fr>", "p@x.fr"]
    assert (read.message_id, read.in_reply_to) == ("<a1@orange.fr>", ("<parvis.1@bellerive.example>",))
    assert read.references == ("<a@x>", "<b@x>", "<c@x>")
    assert read.date == datetime(2026, 11, 16, 9, 31, 7, tzinfo=UTC)
    assert read.to[0].tag == "4812.k2x"
    assert read_mail(mail("x", Date="hier")).date is None


def test_a_mail_of_many_parts_is_sorted() -> None:
    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content("Voir ci-joint.")
    message.add_alternative("<p>Voir <img src='cid:logo@x'></p>", subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(b"\x89PNG", "image", "png", cid="<logo@x>")  # type: ignore[union-attr]
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan d'été.pdf")
    message.add_attachment("a;b", subtype="csv", filename="liste.csv")
    inner = EmailMessage()
    inner["Subject"], inner["Message-ID"] = "dedans", "<in@x>"
    inner.set_content("Au 14.")
    message.add_attachment(inner)
    read = read_mail(message.as_bytes())
    assert (read.text.strip(), len(read.bodies)) == ("Voir ci-joint.", 1)
    assert [(one.name, one.data) for one in read.attachments] == [
        ("plan d'été.pdf", b"%PDF-1.7"),
        ("liste.csv", b"a;b\n"),
    ]
    assert [(one.content_id, one.data) for one in read.pictures] == [("logo@x", b"\x89PNG")]
    assert [(one.subject, one.text.strip()) for one in read.forwarded] == [("dedans", "Au 14.")]
    assert [one.subject for one in all_mails(read)] == ["x", "dedans"]
    assert (read.raw, read.forwarded[0].raw) == (message.as_bytes(), b"")


MIXED = "multipart/mixed; boundary=b"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"--b\r\n\r\nAu 14.\r\n--b--\r\nafter", "Au 14."),
        (b"before\r\n--b\r\n\r\nAu 14.", "Au 14."),  # no end
        (b"--b\r\n--b\r\n\r\nAu 14.\r\n--b--", "Au 14."),  # an empty part
        (b"--b\n\nAu 14.\n--b--\n", "Au 14."),
        (b"--b\r\rAu 14.\r--b--\r", "Au 14."),
        (b"--b \r\nContent-Type: text/plain\r\n\r\nAu 14.\r\n--bb\r\n--b--", "Au 14.\n--bb"),
        (b"--other\r\nContent-Type: text/plain\r\n\r\nAu 14.\r\n--other--", "Au 14."),  # not the boundary it said
        (b"Au 14.", "Au 14."),  # no part at all
        (b"", ""),
    ],
)
def test_parts_are_found_though_their_boundaries_are_broken(body: bytes, said: str) -> None:
    assert read_mail(coded(body, Content_Type=MIXED)).text.strip() == said


@pytest.mark.parametrize(
    ("body", "encoding", "said"),
    [
        (b"=C3=A9t=C3=A9 =\r\nchaud", "quoted-printable", "été chaud"),
        (b"=C3=A9t=C3=A9 = \r\nchaud", "Quoted-Printable", "été chaud"),
        (b"100 =% s=r =C3=A9", "quoted-printable", "100 =% s=r é"),
        (b"w6l0w6k=", "base64", "été"),
        (b"w6l0\r\n!!w6k", "BASE64", "été"),
        (b"w6k=\r\ndMOp", "base64", "été"),  # two pieces
        (b"begin 644 x\n#86)C\n`\nend\n", "x-uuencode", "abc"),
        (b"a\x00b", "8bit", "ab"),
        ("été".encode(), "nonsense", "été"),
    ],
)
def test_what_was_coded_for_the_way_is_decoded(body: bytes, encoding: str, said: str) -> None:
    assert read_mail(coded(body, Content_Transfer_Encoding=encoding)).text == said
    assert decode_base64(b"") == b""


def test_bare_returns_end_lines_too() -> None:
    assert read_mail(b"Subject: x\r\rBonjour\rAu 14.").text == "Bonjour\nAu 14."


@pytest.mark.parametrize(
    ("raw", "subject", "said"),
    [
        (b"From me Mon Nov 16 2026\nSubject: x\n\nAu 14.", "x", "Au 14."),
        (b"Subject: a\n b\n\tc\n\nAu 14.", "a b c", "Au 14."),
        (b"Subject: x\nnot a header\nTo: a@b.fr\n\nAu 14.", "x", "Au 14."),
        (b"Subject: x\nAu 14, je crois.\nEt au 15.", "x", "Au 14, je crois.\nEt au 15."),
        (b"SUBJECT : x\n\nAu 14.", "x", "Au 14."),
        (b"Au 14.", "", "Au 14."),
        (b"", "", ""),
    ],
)
def test_broken_headers_cost_no_words(raw: bytes, subject: str, said: str) -> None:
    read = read_mail(raw)
    assert (read.subject, read.text) == (subject, said)


def test_flowed_text_flows() -> None:
    assert join_flowed("un \ndeux\n> a \n> b\n>> c \nfin\n-- \nJeanne") == "un deux\n> a b\n>> c \nfin\n-- \nJeanne"
    assert join_flowed("你 \n好", delsp=True) == "你好"
    raw = mail("Le lun. \n16\n", kind="plain; format=flowed")
    assert read_mail(raw).text == "Le lun. 16\n"


def test_addresses_are_taken_apart() -> None:
    value = (
        '"Ville, de \\"B\\"" <v@x.fr> (mairie (la)), =?utf-8?q?=C3=89lise?= <e@x.fr>;'
        ' amis: a@x.fr, "b@x.fr" <b@x.fr>;, nobody'
    )
    assert [(one.name, one.email) for one in read_addresses(value)] == [
        ('Ville, de "B"', "v@x.fr"),
        ("Élise", "e@x.fr"),
        ("", "a@x.fr"),
        ("", "b@x.fr"),
    ]
    assert read_addresses("(" * 8_000 + "a@b.fr") == ()
    assert first_address(["", "<x@y.fr>"]) == Address("", "x@y.fr")
    assert normal_email("Élise@Mairie-Évry.FR") == "élise@xn--mairie-vry-h7a.fr"
    assert same_email("A@X.fr", "<a@x.fr>")
    assert not same_email("", "")


def tnef() -> bytes:
    def attribute(level: int, kind: int, data: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    long_name = "plan d'été.pdf".encode("utf-16-le") + b"\0\0"
    properties = struct.pack("<I", 1) + b"\x1f\x00\x07\x37" + struct.pack("<II", 1, len(long_name)) + long_name
    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
        + attribute(1, 0x0002800C, "Voilà.\0".encode("cp1252"))
        + attribute(2, 0x00069002, b"\0" * 14)
        + attribute(2, 0x00018010, b"PLANDE~1.PDF\0")
        + attribute(2, 0x0006800F, b"%PDF")
        + attribute(2, 0x00069005, properties)
        + attribute(2, 0x00069002, b"\0" * 14)
        + attribute(2, 0x00018010, b"photo.jpg\0")
        + attribute(2, 0x0006800F, b"\xff\xd8")
    )


def test_what_outlook_packed_is_unpacked() -> None:
    raw = coded(
        base64.b64encode(tnef()),
        Content_Type="application/ms-tnef; name=winmail.dat",
        Content_Transfer_Encoding="base64",
    )
    read = read_mail(raw)
    assert read.text == "Voilà."
    assert [(one.name, one.data) for one in read.attachments] == [
        ("plan d'été.pdf", b"%PDF"),
        ("photo.jpg", b"\xff\xd8"),
    ]
    cut = coded(tnef()[:30], Content_Type="application/ms-tnef; name=winmail.dat")
    assert [one.name for one in read_mail(cut).attachments] == ["winmail.dat"]


def test_what_nobody_can_have_written_is_a_file() -> None:
    read = read_mail(coded(b"x \n" * 1_000_000, Content_Type="text/plain; format=flowed"))
    assert read.bodies == ()
    assert [(one.name, len(one.data)) for one in read.attachments] == [("text-1.txt", 3_000_000)]


def test_names_of_files_are_made_harmless() -> None:
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("C:\\x\\plan\r\n.pdf") == "plan.pdf"
    assert clean_name("facture\u202efdp.exe") == "facturefdp.exe"
    assert len(clean_name("é" * 400 + ".pdf")) == 150
    assert clean_name("é" * 400 + ".pdf").endswith(".pdf")


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"x" * 2_001, TooManyBytes),
        (b"Subject: " + b"=?utf-8?q?a?= " * 40 + b"\n\nx", HeaderTooLong),
        (b"Subject: x\n" + b" y\n" * 300 + b"\nx", HeaderTooLong),
        (b"A: b\n" * 21 + b"\nx", TooManyHeaders),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 60, TooManyParts),
        (b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(8)), TooDeep),
        (b"Content-Type: message/rfc822\n\n" * 8 + b"Subject: x\n\nx", TooDeep),
    ],
)
def test_what_is_beyond_its_bounds_is_refused(raw: bytes, error: type[MailError]) -> None:
    bounds = Bounds(size=2_000, parts=50, depth=5, headers=20, header_bytes=500)
    with pytest.raises(error):
        read_mail(raw, bounds)
    assert issubclass(error, MailError)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nx", HeaderTooLong),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000, TooManyParts),
        (b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1_500)), TooDeep),
        (b"Content-Type: message/rfc822\n\n" * 1_500, TooDeep),
    ],
)
def test_what_breaks_other_parsers_is_refused(raw: bytes, error: type[MailError]) -> None:
    with pytest.raises(error):
        read_mail(raw)


HEADS = st.sampled_from(
    [
        *(
            b"Content-Type: multipart/mixed; boundary=b\n",
            b"Content-Type: message/rfc822\n",
            b"\n",
            b"\r",
            b" ",
            b"a" * 50,
        ),
        *(
            b"Content-Type: text/html; charset=x\n",
            b"Content-Transfer-Encoding: base64\n",
            b"From: (((<a@b>\n",
            b"Date: 99\n",
        ),
        *(
            b"Content-Disposition: attachment; filename*0*=a'b'%\n",
            b"--b\n",
            b"--b--\n",
            b"=?utf-8?b?=====?=",
            b"\xff\x00",
        ),
        b"\x78\x9f\x3e\x22",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(HEADS, st.binary(max_size=20)), max_size=40).map(b"".join))
def test_nothing_else_is_ever_raised(raw: bytes) -> None:
    try:
        read = read_mail(raw)
    except MailError:
        return
    assert "\x00" not in read.text
