"""What staff fill in: citizens, their team."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hub.core.errors import Invalid
from hub.core.phones import normal_phone, readable_phone
from hub.people.asked import ADDRESS, PHONES, obey
from hub.people.forms import ProfileForm
from hub.people.models import STAFF_ROLES, Person, Role
from hub.towns.citizen_fields import asked_by
from hub.towns.models import Service, Town

_TEL = {"type": "tel", "autocomplete": "off"}
_ALWAYS_SEEN = 2  # phones; the others unfold


class CitizenForm(ProfileForm):
    """A citizen as staff know them (S8): what the town asks for (S11), an email address or a phone among it.

    `new`: what the town requires is required; gaps of a record that is there already are filled in later.
    """

    email = forms.EmailField(label=_("Courriel"), required=False, max_length=254)
    number = forms.CharField(label=_("Numéro"), required=False, max_length=12)
    street = forms.CharField(label=_("Rue"), required=False, max_length=160)
    postal_code = forms.CharField(label=_("Code postal"), required=False, max_length=12)
    city = forms.CharField(label=_("Ville"), required=False, max_length=120)

    def __init__(self, *args: Any, town: Town, new: bool = False, email_is_theirs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._town = town
        self.fields |= {name: _phone_field(place) for place, name in enumerate(PHONES, 1)}
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # it is somebody else who types
        self.fields["language"].help_text = _("Celle des courriels et des alertes qu’il ou elle reçoit.")
        obey(self, asked_by(town, "desk"), may_wait=not new)
        if email_is_theirs:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("Cette personne se connecte par cette adresse : elle seule la change.")

    def clean(self) -> dict[str, Any]:
        """Phones are numbers of the town's country; someone can be reached."""
        cleaned: dict[str, Any] = super().clean() or {}
        phones = [name for name in PHONES if name in self.fields]
        for name in phones:
            if number := cleaned.get(name, "").strip():
                cleaned[name] = self._normal(name, number)
        reached = cleaned.get("email") or any(self.data.get(name, "").strip() for name in phones)
        if not reached and not self.errors:
            self.add_error("email", _unreachable(bool(phones)))
        return cleaned

    def _normal(self, name: str, number: str) -> str:
        try:
            return normal_phone(number, self._town.country)
        except Invalid as error:
            self.add_error(name, str(error))
            return number

    @property
    def seen_phones(self) -> list[BoundField]:
        """The first numbers."""
        return [self[name] for name in PHONES[:_ALWAYS_SEEN] if name in self.fields]

    @property
    def more_phones(self) -> list[BoundField]:
        """Those that unfold."""
        return [self[name] for name in PHONES[_ALWAYS_SEEN:] if name in self.fields]

    @property
    def has_more_phones(self) -> bool:
        """Whether one of those holds something, or is wrong: then they stand open."""
        return any(phone.value() or phone.errors for phone in self.more_phones)

    @property
    def person_fields(self) -> dict[str, Any]:
        """What goes to the person's own row."""
        return {name: self.cleaned_data[name] for name in (*ProfileForm.Meta.fields, "email") if name in self.fields}

    @property
    def phones(self) -> list[str] | None:
        """The numbers that were given, in order; None where the town does not ask for them."""
        if PHONES[0] not in self.fields:
            return None
        return [self.cleaned_data[name] for name in PHONES if self.cleaned_data[name]]

    @property
    def postal_address(self) -> dict[str, str]:
        """What goes to the address, as far as the town asks for it."""
        return {name: self.cleaned_data[name] for name in ADDRESS if name in self.fields}


def _phone_field(place: int) -> forms.CharField:
    label = _("Téléphone") if place == 1 else format_lazy(_("Téléphone {place}"), place=place)
    hint = _("Le premier numéro est relié aux alertes.") if place == 1 else ""
    attributes = forms.TextInput(attrs=_TEL)
    return forms.CharField(label=label, required=False, max_length=30, widget=attributes, help_text=hint)


def _unreachable(by_phone: bool) -> Any:
    if by_phone:
        return _("Donnez un courriel ou un téléphone, pour pouvoir joindre cette personne.")
    return _("Donnez un courriel, pour pouvoir joindre cette personne.")


def known_of(person: Person) -> Mapping[str, Any]:
    """What a `CitizenForm` starts from, besides the person's own row."""
    phones = dict(zip(PHONES, (readable_phone(phone.number) for phone in person.phones.all()), strict=False))
    address = getattr(person, "address", None)
    return {"email": person.email, **phones, **{name: getattr(address, name, "") for name in ADDRESS}}


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
