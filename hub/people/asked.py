"""Forms about people obey what a town asks for (S11, `hub.towns.citizen_fields`)."""

from django import forms

from hub.people.rules import PHONES_MAX
from hub.towns.citizen_fields import Ask, Asked

PHONES = tuple(f"phone_{place}" for place in range(1, PHONES_MAX + 1))
ADDRESS = ("number", "street", "postal_code", "city")

# The form fields that stand for a detail, and those of them that are filled in when it must be given.
_FIELDS = {
    "phone": ("phone", *PHONES),
    "address": ("number", "street", "city"),
}
_NEEDED = {
    "phone": ("phone", "phone_1"),
    "address": ("street", "city"),
}


def fields_of(detail: str) -> tuple[str, ...]:
    """The names of a detail's fields in our forms."""
    return _FIELDS.get(detail, (detail,))


def obey(form: forms.BaseForm, asked: Asked, *, may_wait: bool = False) -> None:
    """Leave out what is not shown, and require what must be given.

    `may_wait`: nothing more is required; gaps of a record that is there already are filled in later (S8).
    """
    for detail, ask in asked.items():
        for name in fields_of(detail):
            if ask == Ask.HIDDEN:
                form.fields.pop(name, None)
        for name in _NEEDED.get(detail, (detail,)):
            if ask == Ask.REQUIRED and not may_wait and name in form.fields:
                form.fields[name].required = True


def shown_when_known(asked: Asked, known: set[str]) -> Asked:
    """For one's own account: what is kept about somebody is shown to them, asked for or not."""
    return {
        detail: Ask.OPTIONAL.value if ask == Ask.HIDDEN and detail in known else ask for detail, ask in asked.items()
    }
