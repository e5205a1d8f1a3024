"""What is attached in the demo: the photo of a broken bench, and the paper of those who mend it."""

from io import BytesIO

from PIL import Image, ImageDraw

_WIDTH, _HEIGHT = 960, 640
_GROUND = 400
_WOOD, _WOOD_DARK, _IRON = "#9c5b36", "#7d4427", "#26323a"


def photo() -> bytes:
    """A bench on a square; one of its slats hangs down. JPEG."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), "#c3d7d6")
    draw = ImageDraw.Draw(image)
    draw.ellipse((-200, 260, 640, 700), fill="#9fb77f")
    draw.ellipse((420, 290, 1300, 720), fill="#8caa6d")
    draw.rectangle((150, 150, 178, _GROUND), fill="#7a6a55")
    for box in ((30, 10, 250, 190), (90, -40, 330, 150), (110, 60, 310, 230)):
        draw.ellipse(box, fill="#6f8f57")
    _paving(draw)
    _bench(draw)
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _paving(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, _GROUND, _WIDTH, _HEIGHT), fill="#dccdb2")
    for row in range(_GROUND, _HEIGHT, 40):
        draw.line((0, row, _WIDTH, row), fill="#c7b592", width=3)
        for column in range(-40 + row % 80, _WIDTH, 150):
            draw.line((column, row, column - 18, row + 40), fill="#c7b592", width=3)


def _bench(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((300, 500, 800, 540), fill="#b9a884")
    for foot in (350, 730):
        draw.rectangle((foot, 250, foot + 16, 520), fill=_IRON)
        draw.rectangle((foot - 6, 400, foot + 60, 414), fill=_IRON)
        draw.rectangle((foot + 46, 400, foot + 60, 525), fill=_IRON)
    draw.rectangle((310, 262, 790, 290), fill=_WOOD)
    draw.rectangle((310, 392, 800, 412), fill=_WOOD)
    draw.rectangle((318, 420, 808, 440), fill=_WOOD_DARK)
    # The slat in the middle: half of it holds, the other half has come down.
    draw.polygon(((310, 316), (560, 316), (548, 330), (566, 344), (310, 344)), fill=_WOOD)
    draw.polygon(((600, 330), (770, 420), (756, 446), (588, 354), (604, 344)), fill=_WOOD_DARK)


def work_order() -> bytes:
    """Who comes, and when. PDF."""
    return paper("Bon d’intervention : banc du square, mardi 8 h 30")


def paper(line: str) -> bytes:
    """One line on one page. PDF (ISO 32000)."""
    shown = line.replace("\\", "").replace("(", "").replace(")", "").encode("cp1252", "replace")
    words = b"BT /F 14 Tf 60 760 Td (" + shown + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
