"""What people fill in about themselves, and staff about citizens."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.core.clock import now
from hub.people.models import Address, Person
from hub.people.portraits import PORTRAITS
from hub.people.rules import plausible_birth_date

_DATE = forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d")


def checked_birth_date(day: date | None) -> date | None:
    """The day, or none. Raises a `ValidationError` when nobody alive was born then."""
    if day and not plausible_birth_date(day, now().date()):
        raise forms.ValidationError(_("Vérifiez cette date de naissance."))
    return day


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, birth date, language."""

    class Meta:
        model = Person
        fields = ("title", "first_name", "last_name", "birth_date", "language")
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "birth_date": _DATE,
            "language": forms.RadioSelect,
        }
        help_texts = {"language": _("Celle des courriels et des alertes que vous recevez.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = self.fields["last_name"].required = True
        title = self.fields["title"]
        assert isinstance(title, forms.TypedChoiceField)
        title.choices = [("", _("Non précisée")), *Person._meta.get_field("title").flatchoices]

    def clean_birth_date(self) -> Any:
        """A day in the past, within a human life."""
        return checked_birth_date(self.cleaned_data["birth_date"])


def known_details(person: Person) -> set[str]:
    """Which details (of `hub.towns.citizen_fields`) are kept about somebody."""
    address = getattr(person, "address", None)
    kept = {
        "title": person.title,
        "birth_date": person.birth_date,
        "language": person.language,
        "phone": person.phones.exists(),
        "address": address and (address.number or address.street or address.city),
        "postal_code": address and address.postal_code,
    }
    return {detail for detail, value in kept.items() if value}


class PhotoForm(forms.Form):
    """A photo from the device."""

    photo = forms.FileField(
        label=_("Nouvelle photo"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG ou WebP, 10 Mo au plus. Le lieu et l’appareil n’y sont pas gardés."),
    )


class DrawingForm(forms.Form):
    """A drawn portrait, or initials when empty."""

    drawing = forms.ChoiceField(choices=[("", ""), *((name, name) for name in PORTRAITS)], required=False)


class PhoneForm(forms.Form):
    """One more phone number; the action says whether it is one."""

    number = forms.CharField(
        label=_("Ajouter un numéro"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where they live (S8, S14)."""

    class Meta:
        model = Address
        fields = ("number", "street", "postal_code", "city")
        widgets = {
            "postal_code": forms.TextInput(attrs={"autocomplete": "postal-code"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
        }


class TokenForm(forms.Form):
    """What an API token is for."""

    name = forms.CharField(
        label=_("À quoi servira ce jeton"),
        max_length=80,
        help_text=_("Par exemple : affichage de l’accueil, tableur du greffe."),
    )


class CloseForm(forms.Form):
    """A deliberate yes, before what can't be undone."""

    sure = forms.BooleanField(label=_("Je comprends que mon compte ne pourra pas être rouvert."))
