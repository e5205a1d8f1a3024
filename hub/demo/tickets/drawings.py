"""Photos of the demo's tickets, drawn: a dozen scenes of a street."""

from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from hub.core.pictures import Picture
from hub.files.rules import THUMBNAIL_PX

_WIDTH, _HEIGHT = 800, 600
_HORIZON, _KERB = 250, 430
_ASPHALT, _ASPHALT_DARK, _PAVING, _PAVING_LINE = "#767c80", "#4a4f53", "#c9c2b4", "#b3ab9b"
_GRASS, _SNOW, _SNOW_SHADE, _IRON, _WOOD = "#93ab72", "#eef3f6", "#cfdbe3", "#2c363d", "#9c5b36"

Draw = ImageDraw.ImageDraw


def _street(draw: Draw, *, sky: str = "#c6d8df", ground: str = _GRASS) -> None:
    """Houses far off, a road, a pavement in front."""
    draw.rectangle((0, 0, _WIDTH, _HORIZON + 20), fill=sky)
    for left, top, wall in ((20, 120, "#d8c3a5"), (230, 150, "#b9a58c"), (470, 110, "#cbb79a"), (660, 145, "#d2bfa8")):
        draw.rectangle((left, top, left + 150, _HORIZON + 20), fill=wall)
        draw.polygon(((left - 12, top), (left + 75, top - 60), (left + 162, top)), fill="#7b5648")
        draw.rectangle((left + 56, top + 60, left + 92, top + 110), fill="#5d6f78")
    draw.rectangle((0, _HORIZON + 20, _WIDTH, _HORIZON + 50), fill=ground)
    draw.rectangle((0, _HORIZON + 50, _WIDTH, _KERB), fill=_ASPHALT)
    draw.rectangle((0, _KERB, _WIDTH, _KERB + 14), fill="#dcd6ca")
    draw.rectangle((0, _KERB + 14, _WIDTH, _HEIGHT), fill=_PAVING)
    for column in range(-60, _WIDTH + 120, 130):
        draw.line((column, _KERB + 14, column - 70, _HEIGHT), fill=_PAVING_LINE, width=3)


def _park(draw: Draw) -> None:
    draw.rectangle((0, 0, _WIDTH, 380), fill="#c3d7d6")
    draw.ellipse((-220, 180, 560, 620), fill="#9fb77f")
    draw.ellipse((320, 200, 1120, 660), fill="#8caa6d")
    draw.rectangle((0, 380, _WIDTH, _HEIGHT), fill="#d8c8a6")


def _pothole(draw: Draw) -> None:
    _street(draw)
    draw.rectangle((0, _HORIZON + 50, _WIDTH, _HEIGHT), fill=_ASPHALT)
    draw.polygon(
        ((210, 430), (300, 370), (460, 362), (590, 410), (620, 470), (480, 520), (290, 510)), fill=_ASPHALT_DARK
    )
    draw.polygon(((260, 440), (330, 398), (450, 392), (550, 430), (540, 466), (440, 490), (310, 482)), fill="#35393c")
    for x, y in ((190, 400), (640, 440), (350, 540), (540, 350), (250, 530)):
        draw.polygon(((x, y), (x + 26, y - 12), (x + 34, y + 8), (x + 10, y + 16)), fill="#5b6064")


def _sidewalk(draw: Draw) -> None:
    _street(draw)
    draw.polygon(((330, 444), (480, 444), (450, 600), (260, 600)), fill="#a9a294")
    draw.polygon(((330, 470), (500, 440), (520, 470), (350, 520)), fill="#ded7c9")
    draw.line((350, 522, 522, 472), fill="#6d675d", width=10)
    draw.line((120, 500, 220, 560, 300, 548), fill="#6d675d", width=6)


def _snow(draw: Draw) -> None:
    _street(draw, sky="#dfe6ea", ground=_SNOW)
    draw.rectangle((0, _KERB - 30, _WIDTH, _HEIGHT), fill=_SNOW)
    draw.ellipse((-160, 340, 420, 700), fill=_SNOW_SHADE)
    draw.ellipse((-180, 330, 390, 690), fill=_SNOW)
    draw.ellipse((330, 300, 980, 760), fill=_SNOW_SHADE)
    draw.ellipse((360, 292, 1000, 740), fill=_SNOW)
    for x in (250, 300, 350):
        draw.ellipse((x, 560 - (x - 250) // 2, x + 26, 574 - (x - 250) // 2), fill=_SNOW_SHADE)


def _lamp(draw: Draw) -> None:
    _street(draw, sky="#26323f")
    draw.rectangle((0, _HORIZON + 20, _WIDTH, _HEIGHT), fill="#2f3a42")
    for left, top in ((20, 120), (230, 150), (470, 110), (660, 145)):
        draw.rectangle((left + 56, top + 60, left + 92, top + 110), fill="#e9c46a")
    draw.rectangle((386, 60, 402, 520), fill="#0f161b")
    draw.line((394, 66, 500, 44), fill="#0f161b", width=12)
    draw.polygon(((486, 34), (560, 44), (548, 74), (480, 60)), fill="#0f161b")
    draw.rectangle((370, 510, 418, 536), fill="#0f161b")


def _bin(draw: Draw) -> None:
    _street(draw)
    for left, body, lid in ((240, "#2f5d50", "#274d43"), (430, "#3d4a52", "#323d44")):
        draw.polygon(((left, 330), (left + 150, 330), (left + 136, 540), (left + 16, 540)), fill=body)
        draw.polygon(((left - 10, 306), (left + 150, 262), (left + 158, 290), (left - 4, 332)), fill=lid)
        draw.ellipse((left + 10, 520, left + 52, 562), fill=_IRON)
    for box in ((254, 286, 330, 340), (330, 292, 386, 336), (446, 284, 540, 340)):
        draw.ellipse(box, fill="#efe9dc")
    draw.ellipse((600, 470, 720, 570), fill="#1f2529")


def _graffiti(draw: Draw) -> None:
    draw.rectangle((0, 0, _WIDTH, 470), fill="#b8795c")
    for row in range(0, 470, 34):
        draw.line((0, row, _WIDTH, row), fill="#a3684d", width=3)
        for column in range(-40 + (row // 34 % 2) * 40, _WIDTH, 80):
            draw.line((column, row, column, row + 34), fill="#a3684d", width=3)
    draw.rectangle((0, 470, _WIDTH, _HEIGHT), fill=_PAVING)
    draw.line((120, 330, 170, 150, 250, 300, 320, 140, 360, 320), fill="#1d3557", width=26, joint="curve")
    draw.arc((380, 150, 540, 330), 20, 340, fill="#1d3557", width=26)
    draw.line((560, 160, 640, 320, 700, 150), fill="#1d3557", width=26, joint="curve")
    draw.line((110, 372, 700, 352), fill="#e63946", width=14)


def _tree(draw: Draw) -> None:
    _park(draw)
    draw.polygon(((360, 560), (380, 220), (440, 220), (470, 560)), fill="#6b4f3a")
    for box in ((180, 20, 470, 220), (330, -40, 640, 190), (420, 70, 650, 260)):
        draw.ellipse(box, fill="#5f8249")
    draw.line((400, 260, 240, 420, 110, 470), fill="#6b4f3a", width=26, joint="curve")
    for box in ((40, 400, 190, 530), (130, 380, 260, 480)):
        draw.ellipse(box, fill="#708f57")
    draw.polygon(((388, 236), (420, 268), (392, 300), (376, 262)), fill="#e0c39a")


def _leak(draw: Draw) -> None:
    _street(draw)
    draw.rectangle((0, _HORIZON + 50, _WIDTH, _HEIGHT), fill=_ASPHALT)
    draw.polygon(((340, 360), (470, 350), (560, 600), (180, 600)), fill="#8fb4c9")
    draw.polygon(((370, 372), (440, 368), (500, 600), (290, 600)), fill="#b4d0de")
    draw.ellipse((330, 330, 480, 390), fill="#d7e7ef")
    for x in (360, 400, 440):
        draw.line((x, 350, x + (x - 400) // 2, 270), fill="#d7e7ef", width=12)


def _drain(draw: Draw) -> None:
    _street(draw)
    draw.rectangle((0, _HORIZON + 50, _WIDTH, _HEIGHT), fill=_ASPHALT)
    draw.ellipse((60, 330, 760, 590), fill="#7f98a6")
    draw.rectangle((300, 400, 520, 520), fill=_IRON)
    for x in range(320, 510, 28):
        draw.rectangle((x, 412, x + 12, 508), fill="#0f1417")
    for x, y in ((310, 420), (360, 470), (430, 430), (470, 490), (400, 510), (280, 480)):
        draw.ellipse((x, y, x + 60, y + 26), fill="#a8672c")


def _sign(draw: Draw) -> None:
    _street(draw)
    draw.line((250, 540, 560, 250), fill="#8b9499", width=16)
    corners = ((520, 150), (600, 150), (656, 206), (656, 286), (600, 342), (520, 342), (464, 286), (464, 206))
    draw.polygon(corners, fill="#f4f1ea")
    draw.polygon([(560 + (x - 560) * 0.9, 246 + (y - 246) * 0.9) for x, y in corners], fill="#b3261e")
    draw.ellipse((220, 524, 300, 556), fill="#a49c8d")


def _bench(draw: Draw) -> None:
    _park(draw)
    for foot in (250, 560):
        draw.rectangle((foot, 230, foot + 14, 510), fill=_IRON)
        draw.rectangle((foot, 390, foot + 64, 404), fill=_IRON)
    draw.rectangle((210, 246, 620, 274), fill=_WOOD)
    draw.polygon(((210, 300), (420, 300), (408, 328), (210, 328)), fill=_WOOD)
    draw.polygon(((470, 310), (610, 396), (598, 420), (458, 334)), fill="#7d4427")
    draw.rectangle((214, 380, 640, 402), fill=_WOOD)


def _swing(draw: Draw) -> None:
    _park(draw)
    for left, right in ((140, 220), (660, 580)):
        draw.line((left, 540, (left + right) // 2, 110), fill="#c2452d", width=18)
        draw.line((right, 540, (left + right) // 2, 110), fill="#c2452d", width=18)
    draw.line((180, 114, 620, 114), fill="#c2452d", width=20)
    draw.line((280, 120, 280, 420), fill=_IRON, width=6)
    draw.line((360, 120, 360, 420), fill=_IRON, width=6)
    draw.rectangle((262, 416, 378, 434), fill="#2b2f33")
    draw.line((460, 120, 460, 300), fill=_IRON, width=6)
    draw.line((540, 120, 540, 470, 470, 520), fill=_IRON, width=6)
    draw.polygon(((430, 500), (540, 530), (534, 548), (424, 518)), fill="#2b2f33")


def _dump(draw: Draw) -> None:
    _park(draw)
    draw.polygon(((160, 400), (470, 360), (500, 470), (190, 520)), fill="#e3ddd0")
    draw.line((175, 450, 485, 412), fill="#bfb7a5", width=6)
    for box in ((470, 400, 620, 550), (90, 450, 200, 560), (380, 470, 500, 580)):
        draw.ellipse(box, fill="#22282c")
    draw.ellipse((516, 446, 574, 504), fill="#d8c8a6")
    draw.rectangle((250, 480, 360, 570), fill="#a97c50")


_SCENES: dict[str, Callable[[Draw], None]] = {
    "pothole": _pothole, "sidewalk": _sidewalk, "snow": _snow, "lamp": _lamp, "bin": _bin, "graffiti": _graffiti,
    "tree": _tree, "leak": _leak, "drain": _drain, "sign": _sign, "bench": _bench, "swing": _swing, "dump": _dump,
}  # fmt: skip
NAMES = tuple(_SCENES)


@cache
def draw(name: str) -> tuple[Picture, Picture]:
    """The picture of that name, and its thumbnail. JPEG, as an upload would be kept."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT))
    _SCENES[name](ImageDraw.Draw(image))
    small = image.resize((THUMBNAIL_PX, THUMBNAIL_PX * _HEIGHT // _WIDTH))
    return _encoded(image), _encoded(small)


def _encoded(image: Image.Image) -> Picture:
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return Picture(out.getvalue(), image.width, image.height, "image/jpeg")
