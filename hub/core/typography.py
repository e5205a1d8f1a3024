"""How times, sizes and phone numbers are written: « 14 h 30 », « Aujourd’hui, dimanche 22 novembre », « 182 Ko ».

Pure. `locale` is a Babel name (`fr_CA`, `fr_FR`, `en_CA`, `en_GB`); times are given in the zone they are told in.
"""

import re
from datetime import date, datetime, timedelta

import phonenumbers
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from django.utils.translation import gettext as _

NBSP = "\u00a0"
_ENGLISH_DAYS = {
    "en_CA": ("EEEE, MMMM d", "EEEE, MMMM d, y"),
    "en_GB": ("EEEE d MMMM", "EEEE d MMMM y"),
}
_SIZE_UNITS = {"fr": ("octets", "Ko", "Mo", "Go"), "en": ("bytes", "KB", "MB", "GB")}


def locale_name(language: str, country: str) -> str:
    """The Babel locale of a reader's language in a town's country. English follows the French pattern of the town:
    Canadian in Canada, British in France, where the clock has 24 hours too."""
    if language == "en":
        return "en_CA" if country == "CA" else "en_GB"
    return "fr_CA" if country == "CA" else "fr_FR"


def clock(at: datetime, locale: str) -> str:
    """« 14 h 30 », « 9 h »; in English as the country writes it: 2:30 p.m., 14:30."""
    if locale.startswith("fr"):
        return f"{at.hour}{NBSP}h{NBSP}{at:%M}" if at.minute else f"{at.hour}{NBSP}h"
    return format_time(at, "short", locale=locale).replace("\u202f", NBSP)


def date_alone(day: date, locale: str, *, today: date) -> str:
    """« 22 novembre », « 1er mai 2020 »: without its name; the year only when it is another one."""
    if not locale.startswith("fr"):
        with_name = _ENGLISH_DAYS[locale][day.year != today.year]
        return format_date(day, with_name.removeprefix("EEEE").lstrip(", "), locale=locale)
    number = "1er" if day.day == 1 else str(day.day)
    year = f" {day.year}" if day.year != today.year else ""
    return f"{number}{NBSP}{format_date(day, 'MMMM', locale=locale)}{year}"


def plain_day(day: date, locale: str, *, today: date) -> str:
    """« dimanche 22 novembre », « vendredi 1er mai 2020 »: the year only when it is another one."""
    if not locale.startswith("fr"):
        pattern = _ENGLISH_DAYS[locale]
        return format_date(day, pattern[0] if day.year == today.year else pattern[1], locale=locale)
    return f"{format_date(day, 'EEEE', locale=locale)} {date_alone(day, locale, today=today)}"


def day(day: date, locale: str, *, today: date) -> str:
    """What separates days: « Aujourd’hui, dimanche 22 novembre », « Hier, … », « Vendredi 20 novembre »."""
    written = plain_day(day, locale, today=today)
    if day == today:
        return _("Aujourd’hui, %(day)s") % {"day": written}
    if day == today - timedelta(days=1):
        return _("Hier, %(day)s") % {"day": written}
    return written[0].upper() + written[1:]


def moment(at: datetime, locale: str, *, today: date) -> str:
    """« Samedi 21 novembre, 17 h 40 »."""
    written = plain_day(at.date(), locale, today=today)
    return f"{written[0].upper()}{written[1:]}, {clock(at, locale)}"


def brief(at: datetime, locale: str, *, today: date) -> str:
    """The shortest that tells when, for lists: « 14 h 32 », « Hier », « Ven. », « 12 nov. », « 12 nov. 2020 »."""
    age_days = (today - at.date()).days
    if age_days == 0:
        return clock(at, locale)
    if age_days == 1:
        return _("Hier")
    if 1 < age_days < 7:
        return format_date(at, "EEE", locale=locale).capitalize()
    return short_day(at.date(), locale, today=today)


def short_day(day: date, locale: str, *, today: date) -> str:
    """« 12 nov. », « 12 nov. 2020 »."""
    return format_skeleton("MMMd" if day.year == today.year else "yMMMd", day, locale=locale)


def count(number: int, locale: str) -> str:
    """« 1 204 » as the country separates thousands."""
    return format_decimal(number, locale=locale)


def size_units(locale: str) -> tuple[str, ...]:
    """What sizes are counted in: bytes, then thousands of them."""
    return _SIZE_UNITS[locale[:2]]


def file_size(size_bytes: int, locale: str) -> str:
    """« 182 Ko », « 1,4 Mo »: one decimal below ten, units of 1,000."""
    units = size_units(locale)
    value, unit = float(size_bytes), 0
    while value >= 999.5 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    pattern = "#,##0.#" if unit and value < 9.95 else "#,##0"
    return f"{format_decimal(value, format=pattern, locale=locale)}{NBSP}{units[unit]}"


def typeset(text: str) -> str:
    """Words that someone typed, with the spaces that must not break: « 9 h 30 », « ouvert : », « Où ? »."""
    glued = re.sub(r"(?<=\d) h(?: (?=\d\d\b)|\b)", lambda found: found[0].replace(" ", NBSP), text)
    return re.sub(r" (?=[?!;])", "\u202f", re.sub(r" (?=:)", NBSP, glued))


def phone(number: str) -> str:
    """A number in E.164 as its country reads it: « 02 61 91 00 10 », « 418 555-0110 »; others as they are."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return written.replace("(", "").replace(")", "").replace(" ", NBSP)
