"""django-allauth's second factor in our words."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.people.models import Person


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Our sentences and names; Parvis is who asks."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy("Cette protection ne peut pas être retirée."),
        "cannot_generate_recovery_codes": gettext_lazy("Activez d’abord une application de codes ou une clé d’accès."),
        "incorrect_code": gettext_lazy("Ce code n’est pas le bon. Attendez le suivant, puis réessayez."),
        "unverified_email": gettext_lazy("Confirmez d’abord votre adresse de courriel."),
    }

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        """A first name for a new key; its owner may change it."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Clé d’accès %(number)d") % {"number": count + 1} if count else _("Clé d’accès")

    def _get_site_name(self) -> str:
        return "Parvis"
