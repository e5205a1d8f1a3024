"""Photos of people: made anew, and shown to those who may see them."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from hub.core.errors import Invalid
from hub.people.actions import choose_drawing, close_account, remove_photo, set_photo
from hub.people.actions.details import PHOTO_MAX_BYTES
from hub.people.models import Person
from hub.people.portraits import PORTRAITS
from hub.towns.models import Town
from tests.factories import make_person, make_town
from tests.people.steps import post, text_of

PLACE = "48.85 N 2.35 E"


def camera(width: int = 1600, height: int = 1200) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = PLACE
    out = BytesIO()
    Image.new("RGB", (width, height), (90, 120, 60)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def upload(data: bytes, name: str = "moi.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def test_a_photo_is_kept_small_and_without_its_place(client: Client, citizen: Person) -> None:
    client.force_login(citizen)
    assert PLACE.encode() in camera()
    page = post(client, "account_photo", photo=upload(camera(), "../../moi.jpg"))
    assert "Votre photo est changée" in text_of(page)
    citizen.refresh_from_db()

    served = client.get(citizen.photo_url)
    assert served["Content-Type"] == "image/jpeg"
    assert PLACE.encode() not in served.content
    assert Image.open(BytesIO(served.content)).size == (512, 384)
    assert "moi" not in citizen.photo.name


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", b"GIF89a", b"MZ\x90\x00"])
def test_what_is_no_picture_is_refused_on_the_page(client: Client, citizen: Person, data: bytes) -> None:
    client.force_login(citizen)
    page = post(client, "account_photo", photo=upload(data))
    assert "Cette image n’a pas pu être lue" in text_of(page)
    citizen.refresh_from_db()
    assert not citizen.photo


def test_a_photo_is_not_too_heavy(citizen: Person) -> None:
    with pytest.raises(Invalid, match="dépasse 10\u00a0Mo"):
        set_photo(person=citizen, data=b"\xff" * (PHOTO_MAX_BYTES + 1))


def test_a_new_photo_has_a_new_address_and_the_old_file_goes(
    citizen: Person, django_capture_on_commit_callbacks: Any
) -> None:
    set_photo(person=citizen, data=camera())
    first, address = citizen.photo.name, citizen.photo_url
    with django_capture_on_commit_callbacks(execute=True):
        set_photo(person=citizen, data=camera(800, 800))
    assert citizen.photo_url != address
    assert not default_storage.exists(first)
    assert default_storage.exists(citizen.photo.name)


def test_a_photo_can_be_taken_away(client: Client, citizen: Person, django_capture_on_commit_callbacks: Any) -> None:
    set_photo(person=citizen, data=camera())
    name = citizen.photo.name
    client.force_login(citizen)
    with django_capture_on_commit_callbacks(execute=True):
        post(client, "account_photo", remove="1")
    citizen.refresh_from_db()
    assert not citizen.photo
    assert not default_storage.exists(name)


def test_it_is_seen_by_oneself_and_by_who_shares_a_town(client: Client, town: Town, citizen: Person) -> None:
    set_photo(person=citizen, data=camera())
    neighbour = make_person(town=town)
    for viewer in (citizen, neighbour):
        client.force_login(viewer)
        served = client.get(citizen.photo_url)
        assert served.status_code == 200
        assert served["Cache-Control"] == "private, max-age=86400"
        assert served["X-Content-Type-Options"] == "nosniff"


def test_to_others_it_is_as_if_there_were_none(client: Client, town: Town, citizen: Person) -> None:
    set_photo(person=citizen, data=camera())
    stranger = make_person(town=make_town("ailleurs"))
    nothing = reverse("person_photo", args=[citizen.pk + 1000])
    for viewer in (None, stranger):
        if viewer:
            client.force_login(viewer)
        refused, missing = client.get(citizen.photo_url), client.get(nothing)
        assert refused.status_code == missing.status_code == 404


def test_the_mayors_photo_is_for_everyone(client: Client, mayor: Person) -> None:
    set_photo(person=mayor, data=camera())
    assert client.get(mayor.photo_url).status_code == 200
    remove_photo(person=mayor)
    assert client.get(reverse("person_photo", args=[mayor.pk])).status_code == 404


def test_a_closed_account_shows_no_photo(client: Client, town: Town, citizen: Person) -> None:
    set_photo(person=citizen, data=camera())
    address = citizen.photo_url
    close_account(person=citizen)
    client.force_login(make_person(town=town))
    assert client.get(address).status_code == 404


def test_one_may_be_shown_by_a_drawing(client: Client, citizen: Person) -> None:
    client.force_login(citizen)
    post(client, "account_drawing", drawing=PORTRAITS[0])
    citizen.refresh_from_db()
    assert citizen.drawing == PORTRAITS[0]
    post(client, "account_drawing", drawing="../secret")
    citizen.refresh_from_db()
    assert citizen.drawing == PORTRAITS[0]
    choose_drawing(person=citizen, drawing="")
    assert citizen.drawing == ""
