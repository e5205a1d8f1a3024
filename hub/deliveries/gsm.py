"""Text that fits the phone network's own alphabet of 7 bits (3GPP TS 23.038, 6.2.1). Pure.

In it an SMS holds 160 characters; one sign from elsewhere makes it 70. « ê », « ç » and « ’ » are from elsewhere,
« é », « è », « à » and « ù » are not.
"""

import unicodedata

ONE_SMS = 160  # what one holds
EACH_OF_SEVERAL = 153  # what each holds when they are several, put together again by the phone

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")  # two places each

_PLAIN = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "\u2011": "-", "…": "...",
    "°": "o", "œ": "oe", "Œ": "OE", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ",
}  # fmt: skip


def plain(text: str) -> str:
    """The text in that alphabet: plain apostrophes and spaces, « c » for « ç », no picture."""
    inside = text.replace("«\u00a0", "«").replace("\u00a0»", "»").replace("« ", "«").replace(" »", "»")
    return "".join(_plain(letter) for letter in inside)


def _plain(letter: str) -> str:
    if letter in BASIC or letter in EXTENDED:
        return letter
    if letter in _PLAIN:
        return _PLAIN[letter]
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if part in BASIC)


def length(text: str) -> int:
    """How many of the 160 places a text of that alphabet takes."""
    return sum(2 if letter in EXTENDED else 1 for letter in text)
