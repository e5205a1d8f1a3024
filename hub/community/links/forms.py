"""What is filled in about a link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.community.links.addresses import clean_address
from hub.community.links.icons import DEFAULT, ICONS
from hub.community.links.models import Group, Link
from hub.core.errors import Invalid
from hub.towns.models import Town

_ADDRESS = {"inputmode": "url", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}

_LINES = forms.Textarea(attrs={"rows": 2})


class LinkForm(forms.ModelForm):  # type: ignore[type-arg]
    """One link. English is asked for where the town speaks it; the action has the last word."""

    group = forms.ChoiceField(
        label=_("Où"),
        choices=Group.choices,
        initial=Group.SERVICE,
        widget=forms.RadioSelect,
        help_text=_("Les services en ligne se montrent aussi sur l’accueil de la commune."),
    )
    icon = forms.ChoiceField(
        label=_("Image"), choices=list(ICONS.items()), initial=DEFAULT, required=False, widget=forms.RadioSelect
    )

    class Meta:
        model = Link
        fields = ("group", "title", "title_en", "description", "description_en", "address", "icon", "shown")
        # Browsers would refuse « ville.example », which we understand.
        widgets = {"address": forms.TextInput(attrs=_ADDRESS), "description": _LINES, "description_en": _LINES}
        labels = {"address": _("Adresse du site"), "shown": _("Affiché aux habitants")}
        help_texts = {
            "description": _("Une phrase : ce qu’on y fait, ce qu’il faut avoir sous la main."),
            "address": _("Copiez-la depuis votre navigateur. Elle commence par https://."),
        }

    def __init__(self, *args: Any, town: Town, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "en" not in town.languages:
            del self.fields["title_en"], self.fields["description_en"]

    def clean_address(self) -> str:
        """Whole, and of a page that is read in secret."""
        try:
            return clean_address(self.cleaned_data["address"])
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error
