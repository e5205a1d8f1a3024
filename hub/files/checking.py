"""Whether a file would be kept, before anybody says that it is."""

from collections.abc import Collection

from hub.core.pictures import reencode
from hub.files import contents, rules


def check_file(name: str, data: bytes, extensions: Collection[str] = rules.USUAL) -> None:
    """Raises `Invalid` as `hub.files.actions.store_file` would. Keeps nothing."""
    rules.check_size(len(data))
    kind = rules.kind_of(rules.clean_name(name), extensions)
    if kind.is_picture:
        reencode(data, max_px=rules.THUMBNAIL_PX)
    else:
        contents.check(data, kind)
