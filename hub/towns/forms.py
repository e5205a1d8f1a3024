"""What a town says of itself, and its departments."""

from typing import Any

from babel.dates import get_timezone_location
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.core.degrees import read_degrees
from hub.core.errors import Invalid
from hub.core.phones import normal_phone, readable_phone
from hub.towns.models import Service, Town
from hub.towns.rules import TIME_ZONES, clean_position

_LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
_DEGREES = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})  # some phones' numbers have no minus
_TEL = forms.TextInput(attrs={"type": "tel"})


def _phone_or_error(form: forms.BaseForm, country: str) -> str:
    number = str(form.cleaned_data["phone"]).strip()
    try:
        return normal_phone(number, country) if number else ""
    except Invalid as error:
        raise forms.ValidationError(str(error)) from error


class DegreesField(forms.CharField):
    """A latitude or a longitude, as people write it."""

    def clean(self, value: Any) -> Any:
        """In degrees; None for nothing."""
        try:
            return read_degrees(super().clean(value), field="degrees")
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error


class TownForm(forms.ModelForm):  # type: ignore[type-arg]
    """The town's settings."""

    languages = forms.MultipleChoiceField(
        label=_("Langues de la commune"),
        choices=_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Chaque habitant est servi dans la sienne ; le français en fait toujours partie."),
    )
    time_zone = forms.ChoiceField(label=_("Fuseau horaire"))
    latitude = DegreesField(label=_("Latitude"), required=False, max_length=20, widget=_DEGREES)
    longitude = DegreesField(label=_("Longitude"), required=False, max_length=20, widget=_DEGREES)

    class Meta:
        model = Town
        fields = (
            "name", "mayor_grammar", "emblem", "meeting_hours", "postal_address", "latitude", "longitude", "phone",
            "email", "languages", "time_zone", "staff_second_factor",
        )  # fmt: skip
        widgets = {"mayor_grammar": forms.RadioSelect, "emblem": forms.RadioSelect, "phone": _TEL}
        labels = {"name": _("Nom de la commune"), "mayor_grammar": _("On dit")}
        help_texts = {
            "meeting_hours": _("Par exemple : chaque samedi, de 10 h à midi, en mairie, sans rendez-vous."),
            "staff_second_factor": _(
                "Chaque membre de l’équipe, vous compris, l’activera avant de revenir à son bureau."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["phone"] = readable_phone(self.instance.phone)
        zones = dict.fromkeys([self.instance.time_zone, *TIME_ZONES[self.instance.country]])
        zone_field = self.fields["time_zone"]
        assert isinstance(zone_field, forms.ChoiceField)
        zone_field.choices = [(zone, get_timezone_location(zone, locale=get_language())) for zone in zones]

    def clean_languages(self) -> list[str]:
        """French is always among them, and first."""
        return ["fr", *(code for code in self.cleaned_data["languages"] if code != "fr")]

    def clean_phone(self) -> str:
        """In E.164, as of the town's country."""
        return _phone_or_error(self, self.instance.country)

    def clean(self) -> None:
        """Both coordinates, or none of them."""
        super().clean()
        if self.errors.keys() & {"latitude", "longitude"}:
            return
        try:
            clean_position(self.cleaned_data["latitude"], self.cleaned_data["longitude"])
        except Invalid as error:
            self.add_error(error.field, str(error))


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A department: its name, and how to reach it."""

    class Meta:
        model = Service
        fields = ("name", "email", "phone")
        widgets = {"phone": _TEL}
        labels = {"name": _("Nom du service")}
        help_texts = {"email": _("Il reçoit ce qui est confié au service ; sans lui, ses membres le reçoivent.")}

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._country = country
        self.initial["phone"] = readable_phone(self.instance.phone)

    def clean_phone(self) -> str:
        """In E.164, as of the town's country."""
        return _phone_or_error(self, self._country)
