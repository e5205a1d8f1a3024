"""Which requests a letter names: by our code on it, or by the number among its words. Pure."""

import re
from collections.abc import Iterable

_MOST = 10
_NUMBER = r"([A-Z]{2,4}\d{2}-\d{5,6})"
# On whatever host: the hub may have had another address when it was printed, and a number opens nothing by itself.
_LINK = re.compile(rf"/suivi/{_NUMBER}(?:[/?#]|$)")
_TAG = re.compile(rf"\[#{_NUMBER}\]")  # as at the end of our mails' subjects
_BARE = re.compile(rf"(?<![A-Za-z0-9-]){_NUMBER}(?![A-Za-z0-9-])")


def numbers_in(codes: Iterable[str], text: str) -> list[str]:
    """The numbers, the surest first: of our codes, of our subjects, of what merely looks like one."""
    codes = list(codes)
    found = [number for code in codes for number in _LINK.findall(code)]
    for pattern in (_TAG, _BARE):
        found += pattern.findall(text)
    found += [code for code in codes if re.fullmatch(_NUMBER, code)]
    return list(dict.fromkeys(found))[:_MOST]
