"""What is filled in about other programs. What may stand in an address is asked where it is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.tickets.calling.addresses import MAX_URL
from hub.tickets.programs_desk.words import events


class KeyForm(forms.Form):
    """A key of Open311."""

    name = forms.CharField(
        label=_("Application"), max_length=80, help_text=_("Pour la reconnaître dans cette liste, le jour venu.")
    )


class WebhookForm(forms.Form):
    """An address, and what it is told of."""

    url = forms.CharField(
        label=_("Adresse du programme"),
        max_length=MAX_URL,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Ce qui lui est annoncé"), choices=events, widget=forms.CheckboxSelectMultiple
    )
