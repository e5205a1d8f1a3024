"""Mails for tests: built from words, read from the tables in data/, compared by their words."""

import re
from email.message import EmailMessage
from pathlib import Path

DATA = Path(__file__).parent / "data"
LETTER = """Bonjour Madame Martin,

Votre signalement n° 2026-004812 « Dépôt sauvage rue des Lilas » a été pris en charge par le service Propreté.

Pourriez-vous nous préciser l'emplacement exact et, si possible, joindre une photo ?

Cordialement,
Le service Propreté
Ville de Bellerive
https://parvis.bellerive.example/suivi/2026-004812"""
QUOTED = "\n".join(f"> {line}".rstrip() for line in LETTER.split("\n"))


def mail(words: str, *, kind: str = "plain", **headers: str) -> bytes:
    """A mail with these words, as its sender's program would send it: 8 bits, UTF-8."""
    told = {
        "From": "Jeanne Martin <jeanne.martin@orange.fr>",
        "To": "suivi+4812.k2x@repondre.bellerive.example",
        "Subject": "Re: Votre signalement [#2026-004812]",
        "Date": "Mon, 16 Nov 2026 10:31:07 +0100",
        "Message-ID": "<a1@orange.fr>",
        "In-Reply-To": "<parvis.1@bellerive.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in told.items() if value is not None]
    lines += ["MIME-Version: 1.0", f"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return ("\r\n".join([*lines, "", ""]) + words.replace("\n", "\r\n")).encode()


def both_forms(text: str, html: str) -> bytes:
    """A mail with the same words as text and as HTML."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "j@orange.fr", "suivi@bellerive.example", "Re: x"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


def senders() -> list[tuple[str, str, bytes]]:
    """(kind, name, mail) of data/senders.txt; who else is from an author of ours."""
    cases = []
    for piece in re.split(r"^=== ", (DATA / "senders.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, told = piece.partition("\n")
        kind, _, name = title.partition(" ")
        author = "" if re.search("^From: ", told, re.MULTILINE) else "From: Jeanne Martin <jeanne@orange.fr>\n"
        cases.append((kind, name, f"{author}To: bounce+12@repondre.bellerive.example\n{told}".encode()))
    return cases


def table(name: str) -> list[tuple[str, str, str]]:
    """(name, what came in, the words that must come out) of a table in data/."""
    cases = []
    told = (DATA / name).read_text(encoding="utf-8").replace("[[letter]]", LETTER).replace("[[quoted]]", QUOTED)
    for piece in re.split(r"^=== ", told, flags=re.MULTILINE)[1:]:
        title, _, body = piece.partition("\n")
        came, parted, wanted = body.partition("\n--- words\n")
        came = came.rstrip("\n") if not parted else came
        cases.append((title, came, wanted if parted else came))
    return cases


def words(text: str) -> list[str]:
    """What counts: letters, numbers and signs, not how they are set."""
    return re.findall(r"[^\W_]+|[\U0001f300-\U0001faff]", text.replace("’", "'"))
