"""Everything that changes stored files."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta

import structlog
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet

from hub.core import limits
from hub.core.clock import now
from hub.core.ids import new_key
from hub.core.pictures import reencode
from hub.files import contents, rules
from hub.files.models import StoredFile
from hub.people.models import Person

log = structlog.get_logger(__name__)


def store_file(
    *, owner: Person, name: str, content: "bytes | File[bytes]", extensions: Collection[str] = rules.USUAL
) -> StoredFile:
    """Check what a person sends and keep it, under a random name. It shows up once something refers to it.

    Pictures are made anew (upright, no metadata, 2560 px at most) and get a thumbnail.
    Raises `Invalid` (`file_type`, `file_content`, `file_empty`, `file_too_large`, `picture_unreadable`,
    `picture_too_large`), `RateLimited`.
    """
    limits.hit(limits.UPLOADS, owner.pk)
    rules.check_size(len(content) if isinstance(content, bytes) else content.size)
    data = content if isinstance(content, bytes) else content.read()
    file = StoredFile(owner=owner, name=rules.clean_name(name), size_bytes=len(data))
    kind = rules.kind_of(file.name, extensions)
    if kind.is_picture:
        _keep_picture(file, data)
    else:
        contents.check(data, kind)
        file.content_type = kind.content_type
        _keep(file, data)
    return file


def _keep_picture(file: StoredFile, data: bytes) -> None:
    picture = reencode(data, max_px=rules.PICTURE_PX)
    thumbnail = reencode(picture.data, max_px=rules.THUMBNAIL_PX)
    file.content_type, file.size_bytes = picture.content_type, len(picture.data)
    file.name = rules.named_as(file.name, picture.content_type)
    file.width_px, file.height_px = picture.width_px, picture.height_px
    _keep(file, picture.data, thumbnail.data)


def _keep(file: StoredFile, data: bytes, thumbnail: bytes | None = None) -> None:
    """The bytes first, then the row: a row never points to nothing."""
    file.content.save(_random_name(), ContentFile(data), save=False)
    try:
        if thumbnail is not None:
            file.thumbnail.save(_random_name(), ContentFile(thumbnail), save=False)
        file.save(force_insert=True)
    except Exception:
        _forget_bytes(file)
        raise


def _random_name() -> str:
    name = new_key()
    return f"{name[:2]}/{name}.bin"


def _forget_bytes(file: StoredFile) -> None:
    for kept in (file.content, file.thumbnail):
        if kept:
            kept.delete(save=False)


def prune() -> int:
    """Forget files that nothing has referred to for two days. Returns how many. Safe beside people who attach."""
    before = now() - timedelta(days=rules.KEEP_UNATTACHED_DAYS)
    forgotten = 0
    for file in unattached().filter(created_at__lt=before).iterator(chunk_size=200):
        # Attached in between: the database refuses, and the file stays.
        with suppress(IntegrityError, ProtectedError), transaction.atomic():
            forgotten += file.delete()[0]
            transaction.on_commit(lambda file=file: _forget_bytes(file), robust=True)  # type: ignore[misc]
    log.info("files.pruned", count=forgotten)
    return forgotten


def unattached() -> QuerySet[StoredFile]:
    """Files that no row of any app refers to: whoever stands above is asked through the models' own relations."""
    found = StoredFile.objects.all()
    for relation in StoredFile._meta.related_objects:
        found = found.filter(**{f"{relation.name}__isnull": True})
    return found
