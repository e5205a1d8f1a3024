"""Files that a person sent and that nothing refers to yet; the others are told with what they came with."""

from hub.files.actions import unattached
from hub.people.records import Asked, Kept, KeptFile


def collect(asked: Asked) -> Kept:
    """They are there for two days at most. Nothing for a town."""
    if asked.town is not None:
        return Kept([])
    found = list(unattached().filter(owner=asked.person).order_by("created_at"))
    return Kept(
        [{"name": one.name, "content_type": one.content_type, "at": one.created_at} for one in found],
        [KeptFile(f"{one.pk}-{one.name}", one.size_bytes, one.content) for one in found],
    )
