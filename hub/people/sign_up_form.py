"""« Créer un compte »: django-allauth's form in our words, with what the chosen town asks for (S1, S11)."""

from typing import Any

from allauth.account import forms as account
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.core.errors import Invalid
from hub.core.phones import normal_phone
from hub.people.actions import complete_sign_up
from hub.people.asked import ADDRESS, obey
from hub.people.forms import AddressForm, ProfileForm, checked_birth_date
from hub.people.models import Language, Person
from hub.people.sign_in_forms import EMAIL, say
from hub.towns.citizen_fields import asked_by
from hub.towns.models import Town

_FROM_PROFILE = ("title", "birth_date")


class SignupForm(account.SignupForm):  # type: ignore[misc]
    """A new citizen: who they are, their town, and a password if they want one.

    What else is asked for is the town's to say: it is there once the town is chosen, at the latest when the form
    comes back.
    """

    first_name = forms.CharField(
        label=_("Prénom"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Nom"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    town = forms.ModelChoiceField(
        label=_("Ma commune"),
        queryset=Town.objects.order_by("name"),
        to_field_name="slug",
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_("Vous pourrez en suivre d’autres ensuite."),
    )
    phone = forms.CharField(
        label=_("Téléphone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("Donner un portable, c’est accepter d’être alerté par message texte. Un code le vérifiera."),
    )
    language = forms.ChoiceField(label=_("Langue de vos messages"), choices=Language.choices, widget=forms.RadioSelect)
    consent = forms.BooleanField(
        label=_(
            "J’accepte que la mairie choisie et ce service se servent de ces renseignements "
            "pour me répondre et m’informer."
        )
    )
    field_order = ("first_name", "last_name", "email", "password1", "town", "language", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["email"], EMAIL)
        say(
            self.fields["password1"],
            _("Mot de passe"),
            _("10 caractères au moins. Sans mot de passe, vous entrerez par un code reçu par courriel."),
        )
        self.fields["language"].initial = get_language()
        profile = ProfileForm().fields
        self.fields |= {name: profile[name] for name in _FROM_PROFILE}
        self.fields |= AddressForm().fields
        self._obey_town()

    def _obey_town(self) -> None:
        """Ask for what the town in question does; the only one is chosen already."""
        towns = list(Town.objects.all()[:2])
        if len(towns) == 1:
            self.initial["town"] = towns[0].slug
        slug = str(self.data.get("town", "") if self.is_bound else self.initial.get("town", ""))
        obey(self, asked_by(Town.objects.filter(slug=slug).first() or Town(), "sign_up"))

    def clean_birth_date(self) -> Any:
        """As in one's own account."""
        return checked_birth_date(self.cleaned_data["birth_date"])

    def clean(self) -> dict[str, Any]:
        """The phone is a number of the town's country."""
        super().clean()
        number, town = self.cleaned_data.get("phone", "").strip(), self.cleaned_data.get("town")
        if number and town:
            try:
                self.cleaned_data["phone"] = normal_phone(number, town.country)
            except Invalid as refusal:
                self.add_error("phone", str(refusal))
        return dict(self.cleaned_data)

    def save(self, request: HttpRequest) -> Person:
        """The account, its town and its unproven address, or nothing at all."""
        with transaction.atomic():
            person: Person = super().save(request)
        return person

    def custom_signup(self, request: HttpRequest, user: Person) -> None:
        """What allauth leaves to us."""
        given = self.cleaned_data
        complete_sign_up(
            person=user,
            town=given["town"],
            fields={
                "language": given.get("language") or get_language() or Language.FRENCH,
                **{name: given[name] for name in _FROM_PROFILE if name in given},
            },
            phones=[given["phone"]] if given.get("phone") else (),
            address={name: given[name] for name in ADDRESS if name in given},
        )
