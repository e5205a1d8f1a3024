"""Files are checked, kept under random names, given back safely, and forgotten when nothing uses them."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from hub.conversations.actions import post_message
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Invalid, NotFound, RateLimited
from hub.files import actions, rules
from hub.files.actions import store_file
from hub.files.models import StoredFile
from hub.files.serving import file_response
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories
from tests.files import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """A folder of the test's own."""
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = storages
    return tmp_path


def _kept(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", samples.DOCUMENTS)
def test_a_document_is_kept_as_it_came(citizen: Person, media: Path, name: str) -> None:
    data = samples.DOCUMENTS[name]
    file = store_file(owner=citizen, name=name, content=SimpleUploadedFile(name, data))
    assert StoredFile.objects.get() == file
    assert (file.name, file.size_bytes, file.owner) == (name, len(data), citizen)
    assert file.content_type == rules.kind_of(name).content_type
    (kept,) = _kept(media)
    assert kept.read_bytes() == data
    assert name not in str(kept)
    assert kept.suffix == ".bin"
    assert kept.stat().st_mode & 0o077 == 0


def test_a_picture_is_made_anew_with_a_thumbnail(citizen: Person, media: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "devant chez moi"
    data = samples.picture(size=(4000, 3000), exif=exif)
    file = store_file(owner=citizen, name="IMG.JPG", content=data)
    assert (file.width_px, file.height_px, file.content_type) == (1920, 2560, "image/jpeg")
    with file.content.open() as source:
        kept = source.read()
    assert file.size_bytes == len(kept)
    assert b"devant chez moi" not in kept
    assert dict(Image.open(BytesIO(kept)).getexif()) == {}
    with file.thumbnail.open() as source:
        assert Image.open(source).size == (360, 480)
    assert len(_kept(media)) == 2


def test_a_picture_that_is_named_wrong_gets_its_own_extension(citizen: Person) -> None:
    file = store_file(owner=citizen, name="photo.jpg", content=samples.picture("PNG"))
    assert (file.name, file.content_type) == ("photo.png", "image/png")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"MZ", "file_type"),
        ("a.pdf", b"MZ", "file_content"),
        ("a.pdf", b"", "file_empty"),
        ("a.txt", b"a" * (rules.MAX_BYTES + 1), "file_too_large"),
        ("a.jpg", b"\xff\xd8\xff nonsense", "picture_unreadable"),
        ("a.png", samples.picture()[:500], "picture_unreadable"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(citizen: Person, media: Path, name: str, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        store_file(owner=citizen, name=name, content=data)
    assert refused.value.code == code
    assert _kept(media) == []
    assert not StoredFile.objects.exists()


def test_a_picture_that_unfolds_to_a_bomb_is_refused(citizen: Person) -> None:
    bomb = samples.picture("PNG", size=(15_000, 15_000))
    assert len(bomb) < rules.MAX_BYTES
    with pytest.raises(Invalid) as refused:
        store_file(owner=citizen, name="a.png", content=bomb)
    assert refused.value.code == "picture_too_large"


def test_ten_megabytes_are_allowed(citizen: Person) -> None:
    assert store_file(owner=citizen, name="a.txt", content=b"a" * rules.MAX_BYTES).size_bytes == rules.MAX_BYTES


def test_one_person_sends_so_many_at_once(citizen: Person, mayor: Person) -> None:
    for _ in range(limits.UPLOADS.amount):
        store_file(owner=citizen, name="a.txt", content=b"a")
    with pytest.raises(RateLimited):
        store_file(owner=citizen, name="a.txt", content=b"a")
    store_file(owner=mayor, name="a.txt", content=b"a")


def test_a_document_is_given_back_as_an_attachment(citizen: Person) -> None:
    file = store_file(owner=citizen, name="été « clé ».pdf", content=samples.PDF)
    answer = file_response(file)
    assert answer.content == samples.PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%A9t%C3%A9%20%C2%AB%20cl%C3%A9")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Cache-Control"].startswith("private")


def test_a_picture_may_show_in_a_page_and_its_thumbnail_too(citizen: Person) -> None:
    file = store_file(owner=citizen, name='a "b".png', content=samples.picture("PNG"))
    whole, small = file_response(file), file_response(file, thumbnail=True)
    assert whole["Content-Disposition"] == 'inline; filename="a \\"b\\".png"'
    assert Image.open(BytesIO(whole.content)).size == (900, 600)
    assert Image.open(BytesIO(small.content)).size == (480, 320)


def test_what_has_no_thumbnail_or_no_bytes_is_not_there(citizen: Person, media: Path) -> None:
    file = store_file(owner=citizen, name="a.pdf", content=samples.PDF)
    with pytest.raises(NotFound):
        file_response(file, thumbnail=True)
    _kept(media)[0].unlink()
    with pytest.raises(NotFound):
        file_response(file)


@pytest.mark.django_db(transaction=True)
def test_files_that_nothing_took_in_two_days_are_forgotten(
    citizen: Person, mayor: Person, town: Town, media: Path
) -> None:
    conversation = factories.make_conversation(town, citizen)
    used, loose, recent = (
        store_file(owner=citizen, name=f"{name}.png", content=samples.picture("PNG")) for name in ("u", "l", "r")
    )
    post_message(actor=citizen, conversation_id=conversation.pk, key="k", body="", file_ids=[str(used.pk)])
    long_ago = now() - timedelta(days=rules.KEEP_UNATTACHED_DAYS, minutes=1)
    StoredFile.objects.filter(pk__in=[used.pk, loose.pk]).update(created_at=long_ago)
    assert actions.prune() == 1
    assert set(StoredFile.objects.all()) == {used, recent}
    assert len(_kept(media)) == 4
    assert actions.prune() == 0
