"""When the mayors of the demo read, and what the hub says for one of them meanwhile."""

from hub.towns.actions import set_answer_hours
from hub.towns.hours import DAYS
from hub.towns.models import Town

_DAY, _LONG_DAY, _MORNING = [["09:00", "18:00"]], [["08:30", "12:00"], ["14:00", "19:00"]], [["10:00", "12:00"]]
_SAINT_AURELE = dict.fromkeys(DAYS[:5], _DAY)
_VALBOURG = {**dict.fromkeys(DAYS[:5], _LONG_DAY), "sat": _MORNING}
_WORDS = {
    "fr": "Merci de m’avoir écrit. Je lis moi-même chaque message, en semaine et en journée."
    " En cas de danger immédiat, appelez le 911.",
    "en": "Thank you for writing. I read every message myself, on weekdays during the day."
    " In immediate danger, call 911.",
}


def set_hours(towns: dict[str, Town]) -> None:
    """Once the talks have been told: what was said of an evening has got no automatic answer."""
    for slug, hours, automatic, text in (
        ("saint-aurele", _SAINT_AURELE, True, _WORDS),
        ("valbourg", _VALBOURG, False, {}),
    ):
        fields = {
            "answer_hours": hours, "away_from": None, "away_until": None,
            "automatic_answer": automatic, "automatic_answer_text": text,
        }  # fmt: skip
        set_answer_hours(town=towns[slug], fields=fields)
