"""What staff fill in: citizens, their team."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.core.errors import Invalid
from hub.core.phones import normal_phone, readable_phone
from hub.people.forms import ProfileForm
from hub.people.models import STAFF_ROLES, Person, Role
from hub.towns.models import Service, Town

_PHONES = ("phone_1", "phone_2", "phone_3")
_ADDRESS = ("number", "street", "postal_code", "city")
_TEL = {"type": "tel", "autocomplete": "off"}


class CitizenForm(ProfileForm):
    """A citizen as staff know them (S8): an email address or a phone, the rest as it comes."""

    email = forms.EmailField(label=_("Courriel"), required=False, max_length=254)
    phone_1 = forms.CharField(
        label=_("Téléphone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=_TEL),
        help_text=_("Le premier numéro est relié aux alertes."),
    )
    phone_2 = forms.CharField(
        label=_("Autre téléphone"), required=False, max_length=30, widget=forms.TextInput(attrs=_TEL)
    )
    phone_3 = forms.CharField(
        label=_("Autre téléphone encore"), required=False, max_length=30, widget=forms.TextInput(attrs=_TEL)
    )
    number = forms.CharField(label=_("Numéro"), required=False, max_length=12)
    street = forms.CharField(label=_("Rue"), required=False, max_length=160)
    postal_code = forms.CharField(label=_("Code postal"), required=False, max_length=12)
    city = forms.CharField(label=_("Ville"), required=False, max_length=120)

    def __init__(self, *args: Any, town: Town, email_is_theirs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._town = town
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # it is somebody else who types
        self.fields["language"].help_text = _("Celle des courriels et des alertes qu’il ou elle reçoit.")
        if email_is_theirs:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("Cette personne se connecte par cette adresse : elle seule la change.")

    def clean(self) -> dict[str, Any]:
        """Phones are numbers of the town's country; someone can be reached."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in _PHONES:
            if number := cleaned.get(name, "").strip():
                cleaned[name] = self._normal(name, number)
        reached = cleaned.get("email") or any(self.data.get(name, "").strip() for name in _PHONES)
        if not reached and not self.errors:
            self.add_error("email", _("Donnez un courriel ou un téléphone, pour pouvoir joindre cette personne."))
        return cleaned

    def _normal(self, name: str, number: str) -> str:
        try:
            return normal_phone(number, self._town.country)
        except Invalid as error:
            self.add_error(name, str(error))
            return number

    @property
    def person_fields(self) -> dict[str, Any]:
        """What goes to the person's own row."""
        return {name: self.cleaned_data[name] for name in (*ProfileForm.Meta.fields, "email")}

    @property
    def phones(self) -> list[str]:
        """The numbers that were given, in order."""
        return [self.cleaned_data[name] for name in _PHONES if self.cleaned_data[name]]

    @property
    def postal_address(self) -> dict[str, str]:
        """What goes to the address."""
        return {name: self.cleaned_data[name] for name in _ADDRESS}


def known_of(person: Person) -> Mapping[str, Any]:
    """What a `CitizenForm` starts from, besides the person's own row."""
    phones = dict(zip(_PHONES, (readable_phone(phone.number) for phone in person.phones.all()), strict=False))
    address = getattr(person, "address", None)
    return {"email": person.email, **phones, **{name: getattr(address, name, "") for name in _ADDRESS}}


def _role_choices() -> list[tuple[str, Any]]:
    return [(role.value, role.label) for role in Role if role in STAFF_ROLES]


class MemberForm(forms.Form):
    """What someone does at the town hall."""

    roles = forms.MultipleChoiceField(
        label=_("Rôles"),
        choices=_role_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sans aucun rôle, cette personne quitte l’équipe."),
    )
    services = forms.ModelMultipleChoiceField(
        label=_("Services"),
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ceux dont cette personne reçoit les demandes."),
    )

    def __init__(self, *args: Any, town: Town, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = self.fields["services"]
        assert isinstance(services, forms.ModelMultipleChoiceField)
        services.queryset = town.services.all()


class InviteForm(MemberForm):
    """Someone new in the team: they get a mail, and sign in by a code."""

    field_order = ("email", "first_name", "last_name", "role", "services")

    roles = None  # type: ignore[assignment]
    email = forms.EmailField(label=_("Adresse de courriel"), max_length=254)
    first_name = forms.CharField(label=_("Prénom"), max_length=80)
    last_name = forms.CharField(label=_("Nom"), max_length=80)
    role = forms.ChoiceField(label=_("Rôle"), choices=_role_choices, initial=Role.AGENT, widget=forms.RadioSelect)
