"""What is filled in to make a group or to open a live chat; the actions say what is wrong with it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.conversations import words
from hub.conversations.actions.groups import MAX_ABOUT, MAX_TITLE


class GroupForm(forms.Form):
    """A group's title, and what it is about (S48)."""

    title = forms.CharField(
        label=_("Titre"), max_length=MAX_TITLE, help_text=_("En quelques mots : « Budget 2027 », « Marché du samedi ».")
    )
    about = forms.CharField(
        label=_("De quoi parle-t-on ?"),
        max_length=MAX_ABOUT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Les habitants le lisent avant d’entrer."),
    )


class LiveForm(forms.Form):
    """A live chat's title and pace (S67)."""

    title = forms.CharField(
        label=_("Titre"), max_length=MAX_TITLE, help_text=_("De quoi parlerez-vous ? « Vos questions sur le budget ».")
    )
    slow_s = forms.TypedChoiceField(
        label=_("Rythme"),
        coerce=int,
        initial=0,
        choices=words.paces,
        help_text=_("Quand beaucoup écrivent à la fois, un rythme ralenti laisse le temps de lire."),
    )
