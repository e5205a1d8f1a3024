"""Pictures that people send, made anew: no metadata, no hidden bytes, no larger than asked."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from hub.core.errors import Invalid

# What a browser or a phone sends. Only these decoders of Pillow ever see a stranger's bytes.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# A drawing keeps its sharp edges as PNG; a GIF becomes its first picture.
_WRITTEN_AS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "GIF": "PNG"}
_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 85, "method": 4},
}

MAX_SIDE_PX = 20_000
MAX_PIXELS = 50_000_000  # a phone's 48 megapixels pass; 150 MB once unfolded

_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error)


@dataclass(frozen=True)
class Picture:
    """An encoded picture that holds nothing but its pixels."""

    data: bytes
    width_px: int
    height_px: int
    content_type: str


def reencode(data: bytes, *, max_px: int) -> Picture:
    """`data` upright, fitted into `max_px` × `max_px` (never enlarged), encoded anew in sRGB.

    EXIF (place, device, thumbnail), comments, profiles and whatever follows the picture are left behind.
    JPEG, PNG, WebP; of a GIF, the first picture as PNG. The size is checked before a pixel is unfolded.
    Raises `Invalid`: `picture_unreadable` (broken, or another format), `picture_too_large`.
    """
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as source:
            _check_size(source)
            written_as = _WRITTEN_AS[str(source.format)]
            upright = _upright(source, max_px)
            return _encode(_plain(upright, keep_alpha=written_as != "JPEG"), written_as)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except _BROKEN as error:
        raise Invalid(
            _("Cette image n’a pas pu être lue. Envoyez une photo JPEG, PNG ou WebP."),
            code="picture_unreadable",
        ) from error


def _check_size(source: Image.Image) -> None:
    width, height = source.size
    if max(width, height) > MAX_SIDE_PX or width * height > MAX_PIXELS:
        raise _too_large()


def _too_large() -> Invalid:
    return Invalid(
        _("Cette image est trop grande (50 mégapixels au plus). Réduisez-la, puis réessayez."),
        code="picture_too_large",
    )


def _upright(source: Image.Image, max_px: int) -> Image.Image:
    profile = source.info.get("icc_profile")
    if source.format == "JPEG":
        source.draft("RGB", (max_px, max_px))  # the decoder itself skips what won't be kept
    picture = ImageOps.exif_transpose(source)
    picture.thumbnail((max_px, max_px), Image.Resampling.LANCZOS)
    return _in_srgb(picture, profile)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as they were meant, once the profile is dropped. An unreadable profile is ignored."""
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK"}:
        return picture
    try:
        meant = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = "RGB" if picture.mode == "CMYK" else picture.mode
        turned = ImageCms.profileToProfile(picture, meant, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return picture
    return turned or picture


def _plain(picture: Image.Image, *, keep_alpha: bool) -> Image.Image:
    """The pixels alone, in a new picture: no palette, no metadata."""
    mode = "RGBA" if keep_alpha and picture.has_transparency_data else "RGB"
    pixels = picture.convert(mode)
    plain = Image.new(mode, pixels.size)
    plain.paste(pixels)
    return plain


def _encode(picture: Image.Image, written_as: str) -> Picture:
    out = BytesIO()
    picture.save(out, written_as, **_OPTIONS[written_as])
    return Picture(out.getvalue(), picture.width, picture.height, f"image/{written_as.lower()}")
