"""Letters on paper, scanned and dropped on the desk: each joins the request that it names, or begins one."""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from uuid import uuid4

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from fpdf import FPDF
from PIL import Image
from pytest_django import Settings

from hub.conversations.actions import post_message
from hub.conversations.models import Message, Via
from hub.core.clock import now
from hub.core.ids import new_key
from hub.files.actions import prune, store_file
from hub.files.models import StoredFile
from hub.people.models import Person, Role
from hub.tickets.actions import group_under
from hub.tickets.models import Ticket, TicketFile
from hub.tickets.scanned import looking
from hub.tickets.scanned.looking import look
from hub.tickets.scanned.references import numbers_in
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_requester, make_service, make_staff, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def desk(agent: Person) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def code(number: str, host: str = "https://hub.example") -> Image.Image:
    """Our code, as a printer draws it."""
    out = BytesIO()
    segno.make(f"{host}/suivi/{number}/", error="m", micro=False).save(out, kind="png", scale=6)
    return Image.open(out).convert("RGB")


def pdf(*pages: "Image.Image | str | None", encrypted: bool = False) -> bytes:
    """A page for each: a scan that is all picture, words, or nothing."""
    made = FPDF()
    for page in pages:
        made.add_page()
        if isinstance(page, str):
            made.set_font("Helvetica", size=11)
            made.text(20, 40, page)
        elif page is not None:
            made.image(page, 150, 20, 28)
    if encrypted:
        made.set_encryption(owner_password="o", user_password="u")
    return bytes(made.output())


def photo(number: str, turned: float = 0) -> bytes:
    """A sheet of paper with our code in a corner, held askew."""
    sheet, out = Image.new("RGB", (1654, 2339), "white"), BytesIO()
    sheet.paste(code(number), (1200, 150))
    sheet.rotate(turned, expand=True, fillcolor="grey").save(out, "JPEG", quality=60)
    return out.getvalue()


def drop(desk: Client, town: Town, data: bytes, name: str = "lettre.pdf") -> HttpResponse:
    answer = desk.post(f"/mairie/{town.slug}/requetes/lettres/", {"scan": SimpleUploadedFile(name, data)})
    assert isinstance(answer, HttpResponse)
    return answer


def of(town: Town, scan: StoredFile) -> str:
    return f"/mairie/{town.slug}/requetes/lettres/{scan.pk}/"


def read(desk: Client, at: str) -> str:
    answer = desk.get(at)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_letter_with_our_code_joins_its_request_by_one_press(town: Town, agent: Person, desk: Client) -> None:
    ticket = make_ticket(town, first_name="Alice", last_name="Moreau")
    assert "Déposer une lettre scannée" in read(desk, f"/mairie/{town.slug}/requetes/lettres/")
    answer = drop(desk, town, photo(ticket.number, turned=8), "lettre de Mme Moreau.jpg")
    page = read(desk, answer["Location"])
    assert f"Cette lettre concerne {ticket.number}" in page
    assert "Alice Moreau" in page
    scan = StoredFile.objects.get(owner=agent)
    assert desk.get(f"/mairie/{town.slug}/requetes/lettres/{scan.pk}/fichier/")["Content-Type"] == "image/jpeg"
    for _press in range(2):
        pressed = desk.post(
            f"/mairie/{town.slug}/requetes/lettres/{scan.pk}/ajouter/",
            {"number": ticket.number, "body": "Elle remercie."},
        )
        assert pressed["Location"] == f"/mairie/{town.slug}/requetes/{ticket.number}/"
    message = Message.objects.get(conversation=ticket.conversation_id)
    assert (message.body, message.via, message.side, message.author) == (
        "Elle remercie.", Via.LETTER, "requester", agent,
    )  # fmt: skip
    kept = TicketFile.objects.get(ticket=ticket)
    assert (kept.file, kept.message, kept.by_town) == (scan, message, False)
    assert desk.get(f"/mairie/{town.slug}/requetes/lettres/{scan.pk}/?n={ticket.number}")["Location"].endswith(
        f"{ticket.number}/"
    )


def test_the_surest_comes_first_and_each_named_one_is_offered(town: Town, desk: Client) -> None:
    one, two, three = (make_ticket(town) for _ticket in range(3))
    data = pdf(f"Voir {three.number}, et ma lettre [#{two.number}]", code(one.number))
    answer = drop(desk, town, data)
    assert answer["Location"].endswith(f"?n={one.number},{two.number},{three.number}")
    page = read(desk, answer["Location"])
    assert re.findall(r'name="number" value="(.*?)"', page) == [one.number, two.number, three.number]
    assert "Cette lettre nomme plusieurs requêtes" in page


def test_a_letter_about_a_duplicate_is_read_by_who_wrote_it_and_by_nobody_who_asked_before(
    town: Town, mayor: Person, desk: Client
) -> None:
    duplicate, first = make_ticket(town), make_ticket(town)
    group_under(actor=mayor, number=duplicate.number, parent=first.number, merged=True)
    offered = drop(desk, town, pdf(code(duplicate.number)))["Location"]
    assert offered.endswith(f"?n={duplicate.number}")
    desk.post(offered.partition("?")[0] + "ajouter/", {"number": duplicate.number, "body": "Merci."})
    assert Message.objects.get(body="Merci.").conversation_id == duplicate.conversation_id
    Ticket.objects.filter(pk=first.pk).update(status="closed_done", closed_at=now())
    assert "?lettre=" in drop(desk, town, pdf(code(duplicate.number)))["Location"]


def begins(desk: Client, answer: HttpResponse, town: Town) -> str:
    """The form of a new request, with the letter on it."""
    assert answer["Location"].startswith(f"/mairie/{town.slug}/requetes/nouvelle/?lettre=")
    page = read(desk, answer["Location"])
    assert "La lettre scannée, jointe à la requête" in page
    assert re.search(r'name="source" value="letter"[^>]*checked', page)
    return page


def test_a_letter_without_reference_begins_a_request_that_holds_it(town: Town, agent: Person, desk: Client) -> None:
    make_category(town)
    answer = drop(desk, town, pdf("Madame, Monsieur"))
    assert "ne porte la référence d’aucune requête" in begins(desk, answer, town)
    said = {
        "key": new_key(), "source": "letter", "category": "éclairage", "description": "Plus de lumière.",
        "last_name": "Roy", "priority": "important", "kind": "request", "address": "12, rue du Four",
    }  # fmt: skip
    at = answer["Location"]
    assert desk.post(at, {**said, "category": ""}).status_code == 400
    for _press in range(2):
        assert "/requetes/" in desk.post(at, said)["Location"]
    made = Ticket.objects.get()
    assert made.source == "letter"
    scan = StoredFile.objects.get()
    assert [(one.file, one.by_town) for one in made.files.all()] == [(scan, False)]
    assert desk.get(at)["Location"] == f"/mairie/{town.slug}/requetes/{made.number}/"


@pytest.mark.parametrize("which", ["another town’s", "no such", "out of reach", "anonymous", "internal"])
def test_what_is_not_theirs_to_add_to_is_as_good_as_none(town: Town, agent: Person, desk: Client, which: str) -> None:
    if which == "another town’s":
        other = factories.make_town()
        agent.memberships.create(town=other, role=Role.AGENT)  # they work there, too
        number = make_ticket(other).number
    elif which == "out of reach":
        number = make_ticket(town, service=make_service(town, "État civil")).number
    elif which == "no such":
        number = "TE26-99999"
    else:
        number = make_ticket(town, **{which: True}).number
    answer = drop(desk, town, pdf(code(number)))
    begins(desk, answer, town)
    scan = StoredFile.objects.get(name="lettre.pdf")
    assert desk.get(f"/mairie/{town.slug}/requetes/lettres/{scan.pk}/?n={number}")["Location"] == answer["Location"]
    assert desk.post(f"/mairie/{town.slug}/requetes/lettres/{scan.pk}/ajouter/", {"number": number}).status_code == 404
    assert not TicketFile.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lambda: b"%PDF-1.7\nrien de plus", "n’a pas pu être lu"),
        (lambda: pdf("secret", encrypted=True), "protégé par un mot de passe"),
        (lambda: pdf(*[None] * 5, code("TE26-00001")), "ne porte la référence"),  # on the sixth page
    ],
    ids=["broken", "encrypted", "too many pages"],
)
def test_what_can_not_be_read_begins_a_request_and_says_why(
    town: Town, desk: Client, data: Callable[[], bytes], said: str
) -> None:
    make_ticket(town, number="TE26-00001")
    assert said in begins(desk, drop(desk, town, data()), town)


def test_one_that_takes_too_long_is_let_go(town: Town, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_MOST_S", 0.01)
    assert "a été trop longue" in begins(desk, drop(desk, town, pdf("x")), town)


def bomb() -> bytes:
    """60 million pixels, in some kilobytes."""
    out = BytesIO()
    Image.new("1", (10_000, 6_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("lettre.docx", b"PK", "Ce type de fichier"), ("lettre.pdf", b"GIF89a", "n’est pas celui"),
        ("lettre.png", b"\x89PNG\r\n\x1a\nrien", "n’a pas pu être lue"), ("lettre.pdf", b"", "vide"),
        ("lettre.pdf", b"%PDF-" + b" " * (10 * 1024 * 1024), "dépasse 10"), ("lettre.png", bomb, "trop grande"),
    ],
    ids=["type", "content", "broken", "empty", "heavy", "huge"],
)  # fmt: skip
def test_what_is_no_letter_is_refused_and_not_kept(
    town: Town, desk: Client, name: str, data: "bytes | Callable[[], bytes]", said: str
) -> None:
    answer = drop(desk, town, data if isinstance(data, bytes) else data(), name)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert not StoredFile.objects.exists()
    assert desk.post(f"/mairie/{town.slug}/requetes/lettres/").status_code == 400


def test_a_letter_is_its_finders_alone_until_it_is_placed_and_forgotten_else(
    town: Town, agent: Person, desk: Client
) -> None:
    ticket = make_ticket(town)
    drop(desk, town, pdf("x"))
    scan = StoredFile.objects.get()
    colleague = Client()
    colleague.force_login(make_staff(town, email="collegue@saint-test.example"))
    paths = [
        f"/mairie/{town.slug}/requetes/lettres/{scan.pk}/",
        f"/mairie/{town.slug}/requetes/lettres/{scan.pk}/fichier/",
    ]
    for path in [*paths, f"/mairie/{town.slug}/requetes/nouvelle/?lettre={scan.pk}"]:
        assert (colleague.get(path).status_code, desk.get(path).status_code in {200, 302}) == (404, True)
    assert colleague.post(f"{paths[0]}ajouter/", {"number": ticket.number}).status_code == 404
    for wrong in ("rien", str(uuid4())):
        assert desk.get(f"/mairie/{town.slug}/requetes/nouvelle/?lettre={wrong}").status_code == 404
    StoredFile.objects.update(created_at="2026-01-01T00:00Z")
    assert prune() == 1


def test_a_file_of_a_conversation_is_no_letter(town: Town, mayor: Person, citizen: Person) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    file = store_file(owner=mayor, name="plan.pdf", content=pdf("x"))
    post_message(actor=mayor, conversation_id=talk.pk, key=new_key(), body="Voici.", file_ids=[str(file.pk)])
    client = Client()
    client.force_login(mayor)
    assert client.get(f"/mairie/{town.slug}/requetes/lettres/{file.pk}/fichier/").status_code == 404


def test_citizens_have_no_such_page(town: Town, citizen: Person) -> None:
    client = Client()
    client.force_login(citizen)
    assert client.get(f"/mairie/{town.slug}/requetes/lettres/").status_code in {403, 404}


@pytest.mark.parametrize(
    ("codes", "text", "numbers"),
    [
        (["https://ancien.example/suivi/SA26-00042/?c=X"], "", ["SA26-00042"]),
        (["SA26-00042"], "", ["SA26-00042"]),
        (["https://x.example/SA26-00042", "WIFI:S:mairie;;"], "", []),
        ([], "Réf. [#SA26-00042] et SA26-00007.", ["SA26-00042", "SA26-00007"]),
        ([], "FR76-00001-SA26-00042 VWXSA26-00042 SA26-000421234 sa26-00042", []),
        ([], " ".join(f"SA26-{count:05}" for count in range(50)), [f"SA26-{count:05}" for count in range(10)]),
    ],
)
def test_what_is_a_reference(codes: Iterable[str], text: str, numbers: list[str]) -> None:
    assert numbers_in(codes, text) == numbers


def test_the_bounds_hold() -> None:
    page = FPDF(format=(20_000, 20_000))
    page.add_page()
    looked = look(bytes(page.output()), "application/pdf")
    assert (looked.pages, looked.refused) == (1, "")
    assert look(bomb(), "image/png").refused == ""  # small enough, once a bit is a byte
    assert look(b"\x89PNG\r\n\x1a\n", "image/png").refused == "unreadable"
    long = look(pdf(*["mot " * 30] * 30), "application/pdf")
    assert (long.pages, len(long.text) <= 20_000) == (30, True)


def test_our_papers_carry_the_code_without_the_secret(town: Town, desk: Client, settings: Settings) -> None:
    settings.LINK_BASE = "https://hub.saint-test.example"
    ticket = make_ticket(town)
    assert "Imprimer un accusé de réception" in read(desk, f"/mairie/{town.slug}/requetes/{ticket.number}/")
    slip = read(desk, f"/mairie/{town.slug}/requetes/{ticket.number}/accuse/")
    assert ticket.secret not in slip
    tracked = Client().get(f"/suivi/{ticket.number}/?c={ticket.secret}", follow=True).content.decode()
    for page in (slip, tracked):
        (drawn,) = re.findall(r'<span class="ticket-code".*?</span>', page)
        (code,) = look(_as_picture(drawn), "image/png").codes
        assert (code, numbers_in([code], "")) == (
            f"https://hub.saint-test.example/suivi/{ticket.number}/", [ticket.number],
        )  # fmt: skip
    internal = make_ticket(town, internal=True, requester=make_requester())
    assert desk.get(f"/mairie/{town.slug}/requetes/{internal.number}/accuse/").status_code == 404


def _as_picture(svg: str) -> bytes:
    """The code drawn again from its lines: horizontal strokes of one unit."""
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1]) // 3  # type: ignore[index]
    picture = Image.new("L", (side, side), 255)
    x = y = 0.0
    for letter, given in re.findall(r"([Mmh])([-\d. ]+)", svg.partition('stroke="#000" d="')[2]):
        numbers = [float(one) for one in given.split()]
        if letter == "M":
            x, y = numbers
        elif letter == "m":
            x, y = x + numbers[0], y + numbers[1]
        else:
            for step in range(int(numbers[0])):
                picture.putpixel((int(x) + step, int(y)), 0)
            x += numbers[0]
    out = BytesIO()
    picture.resize((side * 8, side * 8), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()
