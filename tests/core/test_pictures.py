"""Pictures from strangers: what comes out holds nothing but its pixels."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from hub.core.errors import Invalid
from hub.core.pictures import MAX_SIDE_PX, reencode

SECRET = b"48.85 N, 2.35 E, at home"


def encoded(picture: Image.Image, written_as: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, written_as, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def photo(width: int = 1200, height: int = 800, *, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()  # ImageDescription
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    return encoded(Image.new("RGB", (width, height), (180, 60, 20)), "JPEG", exif=exif, comment=SECRET, quality=90)


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises a huge picture in a few bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def test_what_a_camera_wrote_about_the_place_is_gone() -> None:
    sent = photo() + b"<script>alert(1)</script>"
    assert SECRET in sent

    kept = reencode(sent, max_px=512)

    assert SECRET not in kept.data
    assert b"script" not in kept.data
    assert not opened(kept.data).getexif()
    assert kept.content_type == "image/jpeg"


def test_it_fits_the_box_and_keeps_its_shape() -> None:
    kept = reencode(photo(3000, 1500), max_px=512)
    assert (kept.width_px, kept.height_px) == (512, 256)
    assert opened(kept.data).size == (512, 256)


def test_a_small_picture_is_not_enlarged() -> None:
    kept = reencode(photo(40, 30), max_px=512)
    assert (kept.width_px, kept.height_px) == (40, 30)


def test_a_phone_held_upright_gives_an_upright_picture() -> None:
    kept = reencode(photo(900, 600, orientation=6), max_px=300)
    assert (kept.width_px, kept.height_px) == (200, 300)


def test_a_drawing_keeps_its_transparency() -> None:
    drawing = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    kept = reencode(encoded(drawing, "PNG"), max_px=512)
    assert kept.content_type == "image/png"
    assert opened(kept.data).getpixel((3, 3))[3] == 0


def test_text_hidden_in_a_png_is_gone() -> None:
    notes = PngInfo()
    notes.add_text("Comment", SECRET.decode())
    sent = encoded(Image.new("P", (20, 20)), "PNG", pnginfo=notes)
    assert SECRET in sent
    assert SECRET not in reencode(sent, max_px=512).data


def test_of_a_moving_picture_the_first_one_stays() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue")]
    sent = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    kept = reencode(sent, max_px=512)
    assert kept.content_type == "image/png"
    assert opened(kept.data).convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_webp_stays_webp() -> None:
    assert reencode(encoded(Image.new("RGB", (9, 9)), "WEBP"), max_px=512).content_type == "image/webp"


def test_printers_colours_become_screen_colours() -> None:
    kept = reencode(encoded(Image.new("CMYK", (30, 30)), "JPEG"), max_px=512)
    assert opened(kept.data).mode == "RGB"


def test_an_unreadable_colour_profile_is_ignored() -> None:
    sent = encoded(Image.new("RGB", (30, 30)), "JPEG", icc_profile=b"not a profile")
    assert reencode(sent, max_px=512).width_px == 30


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        photo()[:200],
        photo()[:-600],
        encoded(Image.new("RGB", (30, 30)), "BMP"),
        encoded(Image.new("RGB", (30, 30)), "TIFF"),
    ],
    ids=["empty", "cut gif", "svg", "pdf", "header only", "cut short", "bmp", "tiff"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        reencode(data, max_px=512)
    assert refusal.value.code == "picture_unreadable"


@pytest.mark.parametrize("size", [(19_000, 19_000), (MAX_SIDE_PX + 1, 1), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_unfolds(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid) as refusal:
        reencode(png_header(*size), max_px=512)
    assert refusal.value.code in {"picture_too_large", "picture_unreadable"}


def test_text_that_inflates_without_end_is_refused() -> None:
    body = b"Comment\0\0" + zlib.compress(b"a" * 80_000_000, 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    good = encoded(Image.new("RGB", (9, 9)), "PNG")
    with pytest.raises(Invalid):
        reencode(good[:33] + chunk + good[33:], max_px=512)
