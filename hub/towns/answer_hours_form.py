"""What a mayor says of their presence: a row for each day of the week, an absence, the automatic answer."""

from copy import copy
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import Invalid
from hub.towns.hours import DAYS, MIDNIGHT, RANGES_A_DAY, clean_absence, clean_day, clean_range
from hub.towns.models import Town
from hub.towns.rules import MAX_AUTOMATIC_ANSWER, clean_automatic_answer, next_gap
from hub.towns.words import default_answer

_NUMBERS = range(1, RANGES_A_DAY + 1)
_DATE = {"type": "date", "autocomplete": "off"}


@dataclass(frozen=True)
class Row:
    """One day: its name, two ranges of two fields each, and « Comme lundi »."""

    day: str
    name: str
    ranges: list[tuple[BoundField, BoundField]]
    like_monday: BoundField | None

    @property
    def has_second(self) -> bool:
        """Whether there is something to see in the second range."""
        return any(field.value() or field.errors for field in self.ranges[1])


class AnswerHoursForm(forms.Form):
    """Field names: `mon_1_from`, `mon_1_until`, …, `tue_like_monday`, `text_fr`. A time input has no 24:00: the
    midnight that ends a day is written 00:00."""

    away_from = forms.DateField(
        label=gettext_lazy("Premier jour"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    away_until = forms.DateField(
        label=gettext_lazy("Dernier jour, inclus"),
        required=False,
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
    )
    automatic_answer = forms.BooleanField(
        label=gettext_lazy("Répondre automatiquement en dehors de ces heures"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )

    def __init__(self, data: QueryDict | None, *, town: Town) -> None:
        super().__init__(data, initial=_initial(town, _today(town)))
        self._town = town
        for day in DAYS:
            for number in _NUMBERS:
                self.fields[f"{day}_{number}_from"] = _time_field(pgettext_lazy("de 9 h à 18 h", "de"))
                self.fields[f"{day}_{number}_until"] = _time_field(pgettext_lazy("de 9 h à 18 h", "à"))
            if day != DAYS[0]:
                self.fields[f"{day}_like_monday"] = forms.BooleanField(
                    label=gettext_lazy("Comme lundi"), required=False
                )
        for language in town.languages:
            self.fields[f"text_{language}"] = _text_field(town, language)

    @property
    def rows(self) -> list[Row]:
        """The days, as the page shows them."""
        names = get_day_names("wide", locale=get_language())
        return [
            Row(
                day,
                names[number].capitalize(),
                [(self[f"{day}_{n}_from"], self[f"{day}_{n}_until"]) for n in _NUMBERS],
                self[f"{day}_like_monday"] if number else None,
            )
            for number, day in enumerate(DAYS)
        ]

    @property
    def texts(self) -> list[BoundField]:
        """The mayor's words, one field for each language of the town."""
        return [self[f"text_{language}"] for language in self._town.languages]

    @property
    def town_as_typed(self) -> Town:
        """The town as it will be once this is saved; as it is, when something is wrong."""
        typed = copy(self._town)
        for name, value in self.cleaned_data.items() if self.is_valid() else ():
            setattr(typed, name, value)
        return typed

    def clean(self) -> dict[str, Any]:
        """`cleaned_data` becomes what `actions.set_answer_hours` takes."""
        super().clean()
        week: dict[str, list[list[str]]] = {}
        for day in DAYS:
            week[day] = week[DAYS[0]] if self._is_like_monday(day) else self._day(day)
        self._check_absence()
        return {
            "answer_hours": {day: ranges for day, ranges in week.items() if ranges},
            "away_from": self.cleaned_data.get("away_from"),
            "away_until": self.cleaned_data.get("away_until"),
            "automatic_answer": self.cleaned_data.get("automatic_answer", False),
            "automatic_answer_text": {code: self._text(code) for code in self._town.languages},
        }

    def _is_like_monday(self, day: str) -> bool:
        if not self.cleaned_data.get(f"{day}_like_monday"):
            return False
        for number in _NUMBERS:  # what else was typed in this row doesn't matter
            self.errors.pop(f"{day}_{number}_from", None)
            self.errors.pop(f"{day}_{number}_until", None)
        return True

    def _day(self, day: str) -> list[list[str]]:
        ranges = [pair for number in _NUMBERS if (pair := self._range(f"{day}_{number}"))]
        try:
            return clean_day(ranges)
        except Invalid as error:
            self.add_error(f"{day}_{RANGES_A_DAY}_from", str(error))
            return []

    def _range(self, name: str) -> list[str]:
        """One range as it is kept; empty when nothing, or nothing sensible, was typed."""
        begin, end = f"{name}_from", f"{name}_until"
        start, until = self.cleaned_data.get(begin), self.cleaned_data.get(end)
        if begin in self.errors or end in self.errors or start is until is None:
            return []
        if start is None:
            self.add_error(begin, _("Donnez aussi l’heure de début."))
        elif until is None:
            self.add_error(end, _("Donnez aussi l’heure de fin."))
        else:
            try:
                return clean_range([f"{start:%H:%M}", f"{until:%H:%M}" if until != time() else MIDNIGHT])
            except Invalid as error:
                self.add_error(end, str(error))
        return []

    def _check_absence(self) -> None:
        first, last = self.cleaned_data.get("away_from"), self.cleaned_data.get("away_until")
        if "away_from" in self.errors or "away_until" in self.errors:
            return
        try:
            clean_absence(first, last, today=_today(self._town))
        except Invalid as error:
            self.add_error(error.field, str(error))

    def _text(self, language: str) -> str:
        name = f"text_{language}"
        try:
            return clean_automatic_answer(self.cleaned_data.get(name, ""))
        except Invalid as error:
            self.add_error(name, str(error))
            return ""


def _today(town: Town) -> date:
    return now().astimezone(ZoneInfo(town.time_zone)).date()


def _initial(town: Town, today: date) -> dict[str, Any]:
    """What the form starts from. An absence that is over is no longer shown, nor kept when the form is saved."""
    over = town.absence is not None and town.absence.last < today
    initial: dict[str, Any] = {
        "away_from": None if over else town.away_from,
        "away_until": None if over else town.away_until,
        "automatic_answer": town.automatic_answer,
    }
    for day, ranges in town.answer_hours.items():
        for number, (start, end) in enumerate(ranges, 1):
            initial[f"{day}_{number}_from"] = start
            initial[f"{day}_{number}_until"] = end if end != MIDNIGHT else "00:00"
    return initial | {f"text_{language}": text for language, text in town.automatic_answer_text.items()}


def _time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def _text_field(town: Town, language: str) -> forms.CharField:
    default = default_answer(town, language, next_gap(town, now()))
    hint = _("Sans texte de votre part : « {text} »")
    return forms.CharField(
        label={"fr": _("Votre texte en français"), "en": _("Votre texte en anglais")}.get(language, language),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_AUTOMATIC_ANSWER, "lang": language}),
        help_text=format_html(hint, text=format_html('<span lang="{}">{}</span>', language, default)),
    )
