"""Files that come along, and each mail as it came: for the town hall alone, harmless, and gone with who wrote it."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from hub.audit.models import Entry
from hub.deliveries.models import Delivery
from hub.people.models import Person, Role
from hub.people.records import Asked
from hub.tickets.actions import erase_requester
from hub.tickets.models import Ticket, TicketFile
from hub.tickets.tree import Tree
from hub.towns.models import Town
from inbound_email.models import InboundEmail, RawEmail, Status
from inbound_email.records import collect
from inbound_email.subjects import is_another, numbers_in, plain_subject
from inbound_email.suggesting import suggest
from tests import factories
from tests.inbound_email.coming_in import answer, kept, mail, read, reply_address
from tests.tickets.making import make_category, make_service, make_staff, make_ticket

ALICE = "alice@ailleurs.example"
EVIL = '<p onclick="alert(1)">Bonjour</p><script>alert(1)</script><img src="https://espion.example/x.gif">'


pytestmark = pytest.mark.usefixtures("at_their_word")


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return make_ticket(town, email=ALICE, public=True)


def picture(side: int, kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(out, kind)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.both_stores
def test_files_are_kept_by_what_they_are_and_refused_by_name(ticket: Ticket) -> None:
    files = [
        ("IMG_0001.JPG", "image/jpeg", picture(60, "JPEG")),
        ("photo", "image/png", picture(60)),
        ("plan.pdf", "application/pdf", b"%PDF-1.4 x"),
        ("programme.exe", "application/octet-stream", b"MZ"),
        ("faux.pdf", "application/pdf", b"MZ"),
        ("transfert.eml", "application/octet-stream", b"Subject: x"),
        ("gros.pdf", "application/pdf", b"%PDF-1.4" + b"x" * (10 * 1024 * 1024)),
        ("smime.p7s", "application/pkcs7-signature", b"x"),
    ]
    row = answer(ticket, "Voici.", sender=ALICE, files=files)
    names = [one.file.name for one in TicketFile.objects.filter(message=row.message).order_by("position")]
    assert names == ["IMG_0001.JPG", "photo.png", "plan.pdf"]
    told = Delivery.objects.get(dispatch__cause="mail_answer")
    assert told.address == ALICE
    for name in ("programme.exe", "faux.pdf", "transfert.eml", "gros.pdf"):
        assert name in told.text
    assert "10 Mo" in told.text
    assert "smime" not in told.text
    assert row.files[:2] == ["IMG_0001.JPG", "photo"]


@pytest.mark.django_db
def test_a_photo_alone_is_an_answer_and_a_logo_is_none(ticket: Ticket) -> None:
    alone = answer(ticket, "", sender=ALICE, files=[("vue.png", "image/png", picture(80))])
    assert (alone.status, alone.message is not None) == (Status.PLACED, True)
    inline = mail_with_pictures(ticket)
    assert [one.file.name for one in TicketFile.objects.filter(message=inline.message)] == ["vue.png"]


def mail_with_pictures(ticket: Ticket) -> InboundEmail:
    """One among the words, one in the signature, one in the quote, one that counts readers."""
    html = (
        '<div>Regardez :<br><img src="cid:vue"></div><div class="gmail_signature">Alice<br><img src="cid:logo"></div>'
        '<img src="cid:compte"><div class="gmail_quote"><div class="gmail_attr">Le 2 mars, Ville a écrit :</div>'
        '<blockquote class="gmail_quote">Où ?<img src="cid:ancien"></blockquote></div>'
    )
    boundary, parts = "zz", [f"Content-Type: text/html; charset=utf-8\r\n\r\n{html}".encode()]
    for name, side in (("vue", 90), ("logo", 90), ("ancien", 90), ("compte", 1)):
        head = f"Content-Type: image/png; name={name}.png\r\nContent-ID: <{name}>\r\nContent-Disposition: inline\r\n"
        parts.append(f"{head}Content-Transfer-Encoding: binary\r\n\r\n".encode() + picture(side))
    head = f"From: {ALICE}\r\nSubject: [#{ticket.number}]\r\nContent-Type: multipart/related; boundary={boundary}\r\n"
    joined = b"\r\n--zz\r\n".join([b"", *parts]) + b"\r\n--zz--\r\n"
    return read(head.encode() + joined, reply_address(ticket, ALICE))


@pytest.mark.django_db
def test_the_original_is_shown_and_does_nothing(client: Client, ticket: Ticket, town: Town) -> None:
    row = answer(
        ticket, "Bonjour <b>vous</b>", sender=f'"<i>Eve" <{ALICE}>', html=EVIL, X_Odd="<script>alert(2)</script>"
    )
    agent = make_staff(town, make_service(town))
    client.force_login(agent)
    panel = client.get(f"/mairie/{town.slug}/requetes/{ticket.number}/?onglet=suivis").content.decode()
    address = f"/mairie/{town.slug}/courriels/{row.pk}/"
    assert address in panel
    response = client.get(address)
    page = response.content.decode()
    assert "<script>alert(2)" not in page
    assert "Bonjour &lt;b&gt;vous" in page
    assert "no-store" in response["Cache-Control"]
    frame = client.get(f"{address}mise-en-page/")
    assert "espion.example" in frame.content.decode()
    policy = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "https:" not in policy
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    download = client.get(f"{address}source/")
    assert download.content == row.raw.data
    assert download["Content-Disposition"].startswith("attachment")
    client.get(address)
    assert Entry.objects.filter(act="mail.seen", subject=f"ticket.{ticket.number}").count() == 1


@pytest.mark.django_db
@pytest.mark.both_stores
def test_who_is_erased_takes_the_mails_along(town: Town, ticket: Ticket) -> None:
    answer(ticket, "Un.", sender=ALICE)
    other = answer(make_ticket(town), "Deux.", sender="bob@ailleurs.example", about="x@y.example")
    manager = factories.make_person("direction@mairie.example", town=town, roles=[Role.MANAGER])
    assert erase_requester(actor=manager, number=ticket.number) == 1
    assert list(InboundEmail.objects.all()) == [other]
    assert RawEmail.objects.count() == 1


@pytest.mark.django_db
def test_what_is_kept_about_somebody_is_given_to_them(town: Town, citizen: Person) -> None:
    mine = make_ticket(town, requester=citizen)
    answer(mine, "De moi.", sender=citizen.email)
    answer(mine, "D’une autre.", sender="eve@ailleurs.example", about=citizen.email)
    told = collect(Asked(citizen, citizen)).data
    assert [one["words"] for one in told] == ["De moi."]


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Re: RE : [#SA26-00042] Lampadaire", "Lampadaire"),
        ("TR: Réf : Fwd: AW: le banc", "le banc"),
        ("[EXTERNE] Re[2]: le banc [#SA26-00042]", "le banc"),
        ("Recyclage : quand ?", "Recyclage : quand ?"),
        ("Re :", ""),
        ("", ""),
    ],
)
def test_subjects_without_what_programs_put_there(subject: str, plain: str) -> None:
    assert plain_subject(subject) == plain


def test_another_subject() -> None:
    about = {"number": "SA26-00042", "known": ["Lampadaire éteint rue du Four"]}
    for same in ("Re: x [#sa26-00042]", "LAMPADAIRE ETEINT RUE DU FOUR", "Tr : Lampadaire éteint", "", "Re:"):
        assert not is_another(same, **about)
    for other in ("Ma poubelle", "Re: [#SA26-00043]", "Four"):
        assert is_another(other, **about)
    assert numbers_in("a [#SA26-00042] [# vb26-7 ]") == ["SA26-00042", "VB26-7"]


@pytest.mark.django_db
def test_a_category_is_suggested_by_the_words(town: Town) -> None:
    streets = make_category(town, "Rues et trottoirs")
    for name in ("Éclairage", "Déneigement", "Signalisation"):
        make_category(town, name, parent=streets)
    for name in ("Déchets", "Animaux", "Arbres et végétaux", "Stationnement", "Autre demande"):
        make_category(town, name)
    make_category(town, "Éclairage intérieur", for_citizens=False)
    found = {
        "Lampadaire en panne": "Éclairage",
        "La neige n’est pas enlevée, il y a du verglas": "Déneigement",
        "un panneau stop est tombé": "Signalisation",
        "mes ordures n’ont pas été ramassées": "Déchets",
        "CHIENS ERRANTS": "Animaux",
        "Une branche menace de tomber": "Arbres et végétaux",
        "Horaires de la piscine": "Autre demande",
        "Je vous écris car je cherche une salle": "Autre demande",  # no car stands here
        "": "Autre demande",
    }
    tree = Tree(town)
    told = {words: suggest(tree, subject=words, words="Bonjour, merci de faire le nécessaire.") for words in found}
    assert {words: category.name if category else "" for words, category in told.items()} == found
    assert suggest(Tree(factories.make_town()), subject="x", words="x") is None


@pytest.mark.django_db
def test_the_entry_of_the_desk_counts_what_waits(client: Client, town: Town, ticket: Ticket) -> None:
    agent = make_staff(town, make_service(town))
    client.force_login(agent)
    before = client.get(f"/mairie/{town.slug}/requetes/").content.decode()
    assert f'href="/mairie/{town.slug}/courriels/"' in before
    answer(ticket, "Moi.", sender="eve@ailleurs.example", about=ALICE)
    kept(mail("x", sender=ALICE), "personne@parvis.test")
    page = client.get(f"/mairie/{town.slug}/courriels/").content.decode()
    assert page.count('class="card case"') == 1
    assert "Expéditeur non vérifié" in page
