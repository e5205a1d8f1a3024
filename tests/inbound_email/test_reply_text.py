"""The words that a person wrote are found, whatever their program puts around them; and none of them is lost."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbound_email.errors import MailError
from inbound_email.lines import comparable
from inbound_email.mime import read_mail
from inbound_email.quotes import MARKERS
from inbound_email.reply_text import Kind, extract_reply, reply_of
from inbound_email.signatures import is_device_line
from tests.inbound_email.letters import both_forms, mail, table, words
from tests.inbound_email.world_mails import ANNOUNCEMENTS, BLOCKS, NO_PHONES, PHONES, RULES

SAID = "Some words of mine.\n\nAnd others."


@pytest.mark.parametrize(
    ("title", "came", "wanted"),
    [
        pytest.param(*case, id=case[0])
        for name in ("french_mails.txt", "more_mails.txt", "odd_mails.txt")
        for case in table(name)
    ],
)
def test_a_mail_gives_its_words(title: str, came: str, wanted: str) -> None:
    assert words(extract_reply(mail(came))) == words(wanted)


@pytest.mark.parametrize(
    ("title", "came", "wanted"), [pytest.param(*case, id=case[0]) for case in table("french_html.txt")]
)
def test_html_gives_its_words_in_their_lines(title: str, came: str, wanted: str) -> None:
    lines = [line.replace("\xa0", " ").strip() for line in extract_reply(mail(came, kind="html")).split("\n")]
    assert [line for line in lines if line] == wanted.strip().split("\n")


@pytest.mark.parametrize("language", ANNOUNCEMENTS)
def test_a_quote_is_announced_in_any_language(language: str) -> None:
    said = ANNOUNCEMENTS[language]
    assert extract_reply(mail(f"{SAID}\n\n{said}\n\n> quoted\n> more")) == SAID
    assert extract_reply(mail(f"{SAID}\n\n{said}\n\nquoted\nmore")) == SAID
    wrapped = said.replace("<town", "<\ntown")
    assert extract_reply(mail(f"{SAID}\n\n{wrapped}\n\nquoted\nmore")) == SAID


@pytest.mark.parametrize("language", BLOCKS)
def test_headers_above_a_quote_are_known_in_any_language(language: str) -> None:
    sender, sent, to, subject = BLOCKS[language]
    for who in ("Town <town@example.org>", "Town"):
        block = f"{sender}: {who}\n{sent}: 16/11/2026 09:12\n{to}: Jane\n{subject}: Hello"
        assert extract_reply(mail(f"{SAID}\n\n{block}\n\nquoted")) == SAID


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_above_a_quote_is_known(rule: str) -> None:
    assert extract_reply(mail(f"{SAID}\n\n{rule}\n\nquoted")) == SAID


@pytest.mark.parametrize("line", PHONES)
def test_what_a_phone_says_of_itself_is_left_out(line: str) -> None:
    assert is_device_line(comparable(line))
    assert extract_reply(mail(f"{SAID}\n\n{line}\n")) == SAID


@pytest.mark.parametrize("line", NO_PHONES)
def test_what_a_person_says_of_a_phone_stays(line: str) -> None:
    assert words(extract_reply(mail(f"{SAID}\n\n{line}\n"))) == words(f"{SAID} {line}")


@pytest.mark.parametrize("language", MARKERS)
def test_nothing_below_our_line_is_the_persons(language: str) -> None:
    strange = f"{SAID}\n\nXyz qrst uvw (town@example.org):\n\n{MARKERS[language]}\n\nOur words."
    assert extract_reply(mail(strange)) == SAID
    assert extract_reply(mail(f"{MARKERS[language]}\n\nOur words.")) == ""


def test_only_html_may_tell_where_the_quote_begins() -> None:
    text = "Au 14.\n\nVille, hier soir\nOù est-ce ?"
    html = "<div>Au 14.</div><div class='yahoo_quoted'><div>Ville, hier soir</div><div>Où est-ce ?</div></div>"
    assert extract_reply(both_forms(text, html)) == "Au 14."
    assert extract_reply(both_forms(text, html.replace("Au 14.", "Autre chose."))) == text.strip()


def test_an_empty_text_beside_the_html_is_no_text() -> None:
    assert extract_reply(both_forms("\n", "<p>Au 14.</p>")) == "Au 14."


@pytest.mark.parametrize(
    ("came", "kind"),
    [
        ("Au 14.", Kind.ALONE),
        ("Au 14.\n\nLe lun. 16 nov. 2026 à 09:12, V <v@x.fr> a écrit :\n\n> Où ?", Kind.TOP),
        ("Le lun. 16 nov. 2026 à 09:12, V <v@x.fr> a écrit :\n\n> Où ?\n\nAu 14.", Kind.BOTTOM),
        ("> Où ?\n>\n\nAu 14.\n\n> Quand ?\n\nLundi.", Kind.INTERLEAVED),
        ("Le lun. 16 nov. 2026 à 09:12, V <v@x.fr> a écrit :\n\n> Où ?", Kind.NONE),
        ("", Kind.NONE),
    ],
)
def test_it_is_known_where_the_words_stand(came: str, kind: Kind) -> None:
    assert reply_of(read_mail(mail(came))).kind is kind


def test_what_is_cut_is_said() -> None:
    reply = reply_of(
        read_mail(
            mail("Au 14.\n\nEnvoyé de mon iPhone\n\n-- \nJeanne\n\nDe : V <v@x.fr>\nEnvoyé : 16/11/2026 09:12\n\nOù ?")
        )
    )
    assert reply.words == "Au 14."
    assert reply.footer == "Envoyé de mon iPhone"
    assert reply.signature == "-- \nJeanne".replace("-- ", "--")
    assert reply.quote.endswith("Où ?")
    assert not reply.forwarded


def test_a_mail_that_is_handed_on_is_told_from_one_that_is_answered() -> None:
    came = "Pour vous.\n\n---------- Forwarded message ---------\nDe : V <v@x.fr>\nDate: lun. 16 nov. 2026\n\nOù ?"
    reply = reply_of(read_mail(mail(came)))
    assert (reply.words, reply.forwarded) == ("Pour vous.", True)


def test_headers_that_leaked_into_the_words_are_left_out() -> None:
    came = "Received: by 10.0.0.1\n with SMTP\nMessage-ID: <1@x>\nX-Mailer: y\n\nAu 14."
    assert extract_reply(mail(came)) == "Au 14."


PIECES = st.sampled_from(
    [
        *("> ", "\n", "\r", " ", "--", "-- \n", "<", ">", "@", ":", "é", "\u200b", "mot ", "Cordialement,\n"),
        *("On Mon, Nov 16, 2026 at 9:12 AM Town <t@x.org> wrote:\n", "Le 16/11/2026 à 09:12, ", "a écrit :\n"),
        *("De : x@y.fr\n", "Envoyé : 16/11/2026 09:12\n", "_____________________\n", "-----Message d'origine-----\n"),
        *("Envoyé de mon iPhone\n", "<div>", "</div>", "<blockquote>", "<p class='gmail_quote'>"),
        "##- Merci de répondre au-dessus de cette ligne -##\n",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(["plain", "html", "plain; format=flowed"]))
def test_no_mixture_of_what_programs_write_breaks_it(came: str, kind: str) -> None:
    reply = reply_of(read_mail(mail(came, kind=kind)))
    assert set(words(reply.words)) <= set(words(came)) | {"1", "2"}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2_000))
def test_no_bytes_break_it(raw: bytes) -> None:
    for came in (raw, b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + raw):
        try:
            extract_reply(came)
        except MailError:
            continue


COSTLY = [
    *("> ", ">\n", " ", "\n", "--\n", "<\n", "-----\n", "x:\n", "mot\n", "> a\nb\n", "a@", "1:", "é", "De : x@y.fr\n"),
    *("On Mon, Nov 16, 2026 at 9:12 AM Town wrote:\n", "a écrit :\n", "De : \n\n", "_____________________\nMerci\n"),
    "Mes réponses en rouge.\nDe : \n",
    *("envoyé de mon mon mon iphone\n", "confidentiel pièce jointe\n", "Le lun. 16 nov. 2026 à 09:12, X <a@b.fr>\n"),
]


@pytest.mark.parametrize("piece", COSTLY)
def test_time_grows_with_the_length_only(piece: str) -> None:
    """A megabyte of what costs most. Here ten times what an idle machine takes; quadratic would be hundreds."""
    raw = mail((piece * (1_000_000 // len(piece.encode()) + 1))[:1_000_000])
    began = time.process_time()
    extract_reply(raw)
    assert time.process_time() - began < 8
