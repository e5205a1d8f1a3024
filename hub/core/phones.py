"""Phone numbers, kept in E.164."""

import phonenumbers
from django.utils.translation import gettext as _

from hub.core.errors import Invalid


def normal_phone(number: str, country: str) -> str:
    """The number in E.164. Raises `Invalid` when it is none. `country`: where a national number belongs."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise Invalid(_("« %(number)s » n’est pas un numéro de téléphone.") % {"number": number}, field="phone")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def readable_phone(number: str) -> str:
    """A number in E.164 with its country and spaces, « +33 1 99 00 01 10 »: `normal_phone` reads it back."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def takes_sms(number: str) -> bool:
    """Whether a number in E.164 may be a mobile's. In North America nobody can tell by the number."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
    return kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
