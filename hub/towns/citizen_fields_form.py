"""« Champs des fiches »: which details of citizens are asked for, place by place (S11)."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from hub.towns.citizen_fields import FIELDS, PLACES, Ask, Asked, asked_by, choices_of
from hub.towns.models import Town

_LABELS = {
    "title": _("Civilité"),
    "birth_date": _("Date de naissance"),
    "language": _("Langue"),
    "email": _("Courriel"),
    "phone": _("Téléphone"),
    "address": _("Adresse"),
    "postal_code": _("Code postal"),
}


class CitizenFieldsForm(forms.Form):
    """A choice for each detail at each place."""

    def __init__(self, *args: Any, town: Town, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in PLACES:
            now = asked_by(town, place)
            for field in now:
                choices = [(ask.value, _word(field, ask)) for ask in choices_of(place, field)]
                self.fields[f"{place}_{field}"] = forms.ChoiceField(
                    label=_LABELS[field], choices=choices, initial=now[field]
                )

    @property
    def said(self) -> dict[str, Asked]:
        """What the town says: `{place: {field: ask}}`."""
        return {
            place: {field: self.cleaned_data[f"{place}_{field}"] for field in FIELDS if choices_of(place, field)}
            for place in PLACES
        }

    def _fields_at(self, place: str) -> list[BoundField]:
        return [self[f"{place}_{field}"] for field in FIELDS if choices_of(place, field)]

    @property
    def desk(self) -> list[BoundField]:
        """What the desk's form asks for."""
        return self._fields_at("desk")

    @property
    def sign_up(self) -> list[BoundField]:
        """What the sign-up page asks for."""
        return self._fields_at("sign_up")

    @property
    def account(self) -> list[BoundField]:
        """What one's own account asks for."""
        return self._fields_at("account")


def _word(field: str, ask: Ask) -> Any:
    """A language is always chosen: there it is shown or not."""
    return _("Affiché") if field == "language" and ask == Ask.OPTIONAL else ask.label
