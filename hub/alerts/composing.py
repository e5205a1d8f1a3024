"""An alert as the desk's form has it: read, and shown again as it stands or as it was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from hub.alerts import lifecycle, outlines, ready_texts
from hub.alerts.alerting import AlertDraft
from hub.alerts.models import Alert, Danger
from hub.core.clock import now
from hub.core.errors import Invalid
from hub.core.ids import new_key
from hub.deliveries.models import Channel
from hub.towns.models import Town

LANGUAGES = ("fr", "en")
TEXTS = ("title", "body", "sms", "voice")
_NUMBERS_MOST = 200


@dataclass
class Fields:
    """What stands in the form. `whole`: the whole town; with nothing chosen beside, nobody. `points`: lines of a drawn
    zone; `words`: texts by « title_fr »; `later`, `date`, `time`: when it leaves, in the town's zone."""

    exercise: bool = False
    danger: str = ""
    emergency: bool = True
    theme: int | None = None
    whole: bool = True
    zones: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)
    register: bool = False
    points: str = ""
    channels: list[str] = field(default_factory=lambda: [channel.value for channel in lifecycle.ORDER])
    words: dict[str, str] = field(default_factory=dict)
    later: bool = False
    date: str = ""
    time: str = ""
    key: str = field(default_factory=new_key)

    @property
    def nobody(self) -> bool:
        """Whether nothing was chosen, not even the whole town."""
        chosen = self.zones or self.services or self.streets or self.register or self.points.strip()
        return not self.whole and not chosen


def of_post(data: QueryDict) -> Fields:
    """As it was typed, be it wrong."""
    return Fields(
        exercise=data.get("mode") == "exercise", danger=data.get("danger", "")[:10],
        emergency=data.get("scope", "emergency") != "theme", theme=next(iter(_numbers(data, "theme")), None),
        whole="whole" in data, zones=_numbers(data, "zones"), services=_numbers(data, "services"),
        streets=[street[:160] for street in data.getlist("streets")][:_NUMBERS_MOST], register="register" in data,
        points=data.get("points", "")[:20_000], channels=data.getlist("channels")[:8],
        words={name: data.get(name, "").replace("\r\n", "\n") for name in _word_names()},
        later=data.get("when") == "later", date=data.get("date", "")[:10], time=data.get("time", "")[:5],
        key=data.get("key", "")[:64],
    )  # fmt: skip


def _word_names() -> list[str]:
    return [f"{what}_{language}" for what in TEXTS for language in LANGUAGES]


def _numbers(data: QueryDict, name: str) -> list[int]:
    found = [one for one in data.getlist(name) if one.isascii() and one.isdecimal() and len(one) < 19]
    return [int(one) for one in found][:_NUMBERS_MOST]


def of_alert(alert: Alert) -> Fields:
    """As it is kept."""
    said: Mapping[str, Any] = alert.audience
    leaves = alert.send_at.astimezone(ZoneInfo(alert.town.time_zone)) if alert.send_at else None
    return Fields(
        exercise=alert.exercise, danger=alert.danger, emergency=alert.emergency, theme=alert.theme_id, whole=not said,
        zones=list(said.get("zones", [])), services=list(said.get("services", [])),
        streets=list(said.get("streets", [])), register=bool(said.get("register")),
        points=outlines.write_points(said.get("shape")), channels=list(alert.channels),
        words={f"{what}_{language}": getattr(alert, what).get(language, "") for what in TEXTS
               for language in LANGUAGES},
        later=leaves is not None, date=f"{leaves:%Y-%m-%d}" if leaves else "", time=f"{leaves:%H:%M}" if leaves else "",
        key=alert.key,
    )  # fmt: skip


def draft_of(fields: Fields, town: Town) -> AlertDraft:
    """What is kept of it. Raises `Invalid`, naming the field."""
    words = {what: {language: fields.words.get(f"{what}_{language}", "") for language in LANGUAGES} for what in TEXTS}
    audience: dict[str, Any] = {}
    if fields.nobody:
        audience = {"nobody": True}  # opened again, it is still to nobody, and not to everybody
    elif not fields.whole:
        audience = {
            "zones": fields.zones, "services": fields.services, "streets": fields.streets,
            "register": fields.register, "shape": outlines.read_points(fields.points),
        }  # fmt: skip
    return AlertDraft(
        channels=fields.channels, theme_id=None if fields.emergency else fields.theme, emergency=fields.emergency,
        exercise=fields.exercise, danger=fields.danger, audience=audience, send_at=_moment(fields, town),
        key=fields.key, title=words["title"], body=words["body"], sms=words["sms"], voice=words["voice"],
    )  # fmt: skip


def _moment(fields: Fields, town: Town) -> datetime | None:
    if not fields.later:
        return None
    try:
        naive = datetime.fromisoformat(f"{fields.date}T{fields.time}")
    except ValueError:
        raise Invalid(_("Donnez le jour et l’heure de l’envoi."), field="date") from None
    at = naive.replace(tzinfo=ZoneInfo(town.time_zone))
    if at <= now():
        raise Invalid(_("Cette heure est passée."), field="date")
    return at


def fill(fields: Fields, town: Town, languages: tuple[str, ...] = LANGUAGES) -> None:
    """Put the ready words of the danger where nothing stands yet, or other ready words."""
    for language in languages:
        said = ready_texts.ready(fields.danger, language, town=town.name)
        others = [ready_texts.ready(danger, language, town=town.name) for danger in Danger.values]
        for what in TEXTS:
            name = f"{what}_{language}"
            stands = fields.words.get(name, "").strip()
            if not stands or stands in {one[what].strip() for one in others}:
                fields.words[name] = said[what]


def begin_further(alert: Alert, purpose: str) -> AlertDraft:
    """The words that a further one begins with: of an end all of them, of an update its title alone."""
    told = {language: alert.said("title", language) for language in alert.title}
    ends = purpose == "end"
    over = {language: ready_texts.over(language, town=alert.town.name, title=told[language]) for language in told}
    texts: dict[str, dict[str, str]] = {
        what: {language: over[language][what] if ends else "" for language in told} for what in ("body", "sms", "voice")
    }
    channels = [channel for channel in alert.channels if channel != Channel.VOICE or ends]
    return AlertDraft(
        title=told, channels=channels, theme_id=alert.theme_id, emergency=alert.emergency, exercise=alert.exercise,
        danger=alert.danger, body=texts["body"], sms=texts["sms"], voice=texts["voice"],
    )  # fmt: skip
