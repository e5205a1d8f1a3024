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


def parts_of_phone(number: str) -> tuple[str, str]:
    """The country's digits and those within the country, of a number in E.164: ("33", "199000110")."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return "", number.lstrip("+")
    return str(parsed.country_code), phonenumbers.national_significant_number(parsed)


def takes_sms(number: str, country: str = "") -> bool:
    """Whether a number in E.164 may be a mobile's. In North America nobody can tell by the number.

    `country`: and of this country, as FR or CA: some live on SMS that others have sent to far numbers of theirs.
    """
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    if country and phonenumbers.region_code_for_number(parsed) != country:
        return False
    kind = phonenumbers.number_type(parsed)
    return kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
