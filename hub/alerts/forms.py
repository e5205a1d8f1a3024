"""What is filled in about themes and numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.alerts.icons import DEFAULT, ICONS
from hub.alerts.models import Theme
from hub.towns.models import Town


class CodeForm(forms.Form):
    """The six digits that came."""

    code = forms.CharField(
        label=_("Code reçu"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input--code", "data-otp": ""}
        ),
    )


class ThemeForm(forms.ModelForm):  # type: ignore[type-arg]
    """One theme. English is asked for where the town speaks it; the action says what is wrong with it."""

    icon = forms.ChoiceField(
        label=_("Image"), choices=list(ICONS.items()), initial=DEFAULT, required=False, widget=forms.RadioSelect
    )

    class Meta:
        model = Theme
        fields = ("name", "name_en", "icon")

    def __init__(self, *args: Any, town: Town, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "en" not in town.languages:
            del self.fields["name_en"]
