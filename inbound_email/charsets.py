"""From bytes to characters, whatever the sender said the characters were.

What is declared is believed first, unless the bytes prove it wrong; then UTF-8, which hardly anything else looks like;
then Windows-1252, in which every byte is something.
"""

import codecs
import re

# What people's programs say, and what they mean: the right side has every character of the left one, and more.
# https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "cp950",
}
# Names that Python doesn't know.
_ALIASES = {
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "ks_c_5601-1987": "cp949",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ansi": "cp1252",
    "ansi_x3.110-1983": "cp1252",
    "default": "cp1252",
    "default_charset": "cp1252",
    "x-user-defined": "cp1252",
    "unknown-8bit": "utf-8",
    "x-unknown": "utf-8",
}
# Codecs of Python that make no characters (rot13), or that unpack (zlib): never by a stranger's word.
_TEXT = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,39}")
# 8-bit sets for which the bytes of UTF-8 are valid, if odd: here UTF-8 is asked first.
_EIGHT_BIT = re.compile(r"cp12|iso8859|latin|koi8|mac|cp874")


def decode_bytes(data: bytes, charset: str | None = None) -> str:
    """The characters of `data`; never raises, loses nothing that can be read. NUL is left out."""
    return _decode(data, codec_of(charset)).replace("\x00", "")


def codec_of(charset: str | None) -> str | None:
    """Python's name of the set meant by this name, or None for one that is unknown or makes no text."""
    name = (charset or "").strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not _TEXT.fullmatch(name):
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, UnicodeError, ValueError):
        return None
    if not getattr(found, "_is_text_encoding", True) or found.name in {"idna", "punycode", "undefined"}:
        return None
    return _MEANT.get(found.name, found.name)


def _decode(data: bytes, codec: str | None) -> str:
    if codec is None or _EIGHT_BIT.match(codec):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if codec is not None and codec != "utf-8":
        try:
            return data.decode(codec)
        except (UnicodeError, ValueError):
            pass
    # What isn't UTF-8 in it was pasted there by a program that knew Windows-1252 only.
    return data.decode("utf-8", "parvis-cp1252")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("parvis-cp1252", _as_cp1252)
