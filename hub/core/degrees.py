"""Latitude and longitude as people write them (WGS 84)."""

from django.utils.translation import gettext as _

from hub.core.errors import Invalid

DIGITS = 6  # 0.1 m


def read_degrees(written: object, *, field: str) -> float | None:
    """« 48,85837 », « −71.2 »; None for nothing. Raises `Invalid` (`field`) for what is no number."""
    text = "" if written is None else str(written).strip().replace(",", ".").replace("\u2212", "-")
    if not text:
        return None
    try:
        return round(float(text), DIGITS)
    except ValueError:
        raise Invalid(_("Écrivez les coordonnées en degrés, comme 48,85837."), field=field) from None
