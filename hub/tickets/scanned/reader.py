"""Looks at one scan: codes on its first pages, and the words that a PDF holds as words.

    python reader.py pdf < lettre.pdf
    {"codes": ["https://…/suivi/SA26-00042/"], "text": "…", "pages": 2, "refused": ""}

Run as a program, and never imported by the hub: what is made to hurt hurts this process alone, which is bounded in
memory and time. It knows nothing of the hub.
"""

import json
import resource
import signal
import sys
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image

PAGES = 5
SIDE_PX = 3_000
DOTS_PER_INCH = 200
CODES = 20
LETTERS = 20_000
SECONDS = 10
MEMORY = 1024 * 1024 * 1024

_FORMATS = zxingcpp.barcode_formats_from_str("QRCode")

Found = dict[str, "list[str] | str | int"]


def look(data: bytes, kind: str) -> Found:
    """`kind`: "pdf" or "picture". `refused`: "encrypted" or "unreadable"; "" when it was looked at."""
    try:
        return _pdf(data) if kind == "pdf" else _picture(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        return _found(refused="encrypted" if locked else "unreadable")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return _found(refused="unreadable")


def _found(codes: list[str] | None = None, text: str = "", pages: int = 0, refused: str = "") -> Found:
    return {"codes": codes or [], "text": text, "pages": pages, "refused": refused}


def _picture(data: bytes) -> Found:
    with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as source:
        source.draft("L", (SIDE_PX, SIDE_PX))  # a JPEG's decoder itself skips what is not looked at
        return _found(_codes(source.convert("L")), pages=1)


def _pdf(data: bytes) -> Found:
    document = pypdfium2.PdfDocument(data)
    codes: list[str] = []
    text = ""
    for number in range(min(len(document), PAGES)):
        page = document[number]
        words = page.get_textpage()
        if count := min(words.count_chars(), LETTERS):
            text += words.get_text_range(0, count) + "\n"
        longest = max(page.get_size())
        if longest > 0:
            drawn = page.render(scale=min(DOTS_PER_INCH / 72, SIDE_PX / longest), grayscale=True)
            codes += _codes(drawn.to_pil())
    return _found(codes[:CODES], text[:LETTERS], len(document))


def _codes(picture: Image.Image) -> list[str]:
    picture.thumbnail((SIDE_PX, SIDE_PX))
    read = zxingcpp.read_barcodes(picture, formats=_FORMATS)
    return [code.text[:500] for code in read[:CODES]]


def main() -> None:
    """One scan from stdin, what was found to stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(SECONDS)
    print(json.dumps(look(sys.stdin.buffer.read(), sys.argv[1])))


if __name__ == "__main__":
    main()
