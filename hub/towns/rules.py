"""What a town's country decides, and what follows of its mayor's hours."""

from datetime import datetime

from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.towns.hours import is_open, next_closing
from hub.towns.models import Country, Town
from hub.towns.words import default_answer

# The zones where municipalities of each country are (IANA names).
TIME_ZONES: dict[str, tuple[str, ...]] = {
    Country.FRANCE: (
        "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon",
        "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis",
    ),
    Country.CANADA: ("America/Toronto", "America/Halifax", "America/Blanc-Sablon"),
}  # fmt: skip

MAX_AUTOMATIC_ANSWER = 1_000


def mayor_reads(town: Town, at: datetime) -> bool:
    """Whether the mayor usually reads their messages at that instant."""
    return is_open(town.answer_hours, at, town.time_zone, town.absence)


def answering(town: Town, at: datetime) -> bool:
    """Whether the hub answers by itself who writes at that instant: the mayor asked for it, and doesn't read then."""
    return town.automatic_answer and not mayor_reads(town, at)


def next_gap(town: Town, at: datetime) -> datetime | None:
    """The first instant from `at` on at which the mayor doesn't usually read; None when there is none."""
    return next_closing(town.answer_hours, at, town.time_zone, town.absence) if mayor_reads(town, at) else at


def automatic_text(town: Town, language: str, at: datetime | None = None) -> str:
    """What the hub then answers: the mayor's own words in that language, or else the hub's (`words.default_answer`).

    `at`: when the citizen has written; now, unless given.
    """
    return str(town.automatic_answer_text.get(language) or default_answer(town, language, at))


def clean_automatic_answer(text: str) -> str:
    """The mayor's words as they are kept, without NUL and edge white space. Raises `Invalid` above 1,000 characters."""
    cleaned = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(cleaned) > MAX_AUTOMATIC_ANSWER:
        raise Invalid(
            _("Ce texte est trop long : %(count)d caractères, pour %(max)d au plus.")
            % {"count": len(cleaned), "max": MAX_AUTOMATIC_ANSWER}
        )
    return cleaned


def clean_position(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Where the town is, in degrees (WGS 84); None where it doesn't say. Raises `Invalid` (`latitude`, `longitude`)."""
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        raise Invalid(_("Donnez la latitude et la longitude, ou aucune des deux."), field=missing)
    if not abs(latitude) <= 90:  # what is no number at all isn't, either
        raise Invalid(_("Une latitude va de −90 à 90 degrés."), field="latitude")
    if not abs(longitude) <= 180:
        raise Invalid(_("Une longitude va de −180 à 180 degrés."), field="longitude")
    return latitude, longitude
