"""Mails of the account (codes to sign in, address to confirm) leave by the same door as all others."""

from dataclasses import replace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hub.deliveries.actions import queue_email
from hub.notifications.account_words import LETTERS, MESSAGES
from hub.notifications.mail import laid_out
from hub.people.landing import landing_page
from hub.people.models import Person
from hub.people.queries import has_proven_address, person_of_address, second_factors_of
from hub.people.visitor import signed_in_person

# One sentence for a wrong address and a wrong password: nobody learns who has an account.
_NO_MATCH = _("Ce mot de passe ne correspond pas à cette adresse.")
_NO_MORE = _("Trop d’essais. Attendez cinq minutes, ou recevez un code par courriel.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """django-allauth's adapter: its mails become deliveries, its words are ours, people land where they work."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est fermé."),
        "duplicate_email": _("C’est déjà l’adresse de ce compte."),
        "email_password_mismatch": _NO_MATCH,
        "email_taken": _("Cette adresse appartient à un autre compte."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _("Ce code n’est pas le bon. Vérifiez-le, ou demandez-en un autre."),
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
        "same_as_current": _("C’est déjà votre adresse."),
        "too_many_login_attempts": _NO_MORE,
        "rate_limited": _("Vous allez un peu vite. Réessayez dans une minute."),
    }
    _tries_left: int | None = None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail, in the language of whom it is for."""
        person = person_of_address(email)
        with translation.override(person.language if person else translation.get_language()):
            notice = LETTERS[template_prefix](context)
            mail = laid_out(replace(notice.letter, greeting=_greeting(person)), None)
        queue_email(
            cause=template_prefix.rpartition("/")[2],
            to=email,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            person=person,
            expires_in=notice.life,
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words; what has none isn't said."""
        if message_template in MESSAGES:
            message = str(MESSAGES[message_template]) % (message_context or {})
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note how many tries the limiter still allows, for the sentence that follows."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        self._tries_left = _tries_left(request, key)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The sentence for `code`; after a wrong password, with the tries that are left."""
        if code != "email_password_mismatch" or self._tries_left is None:
            sentence: ValidationError = super().validation_error(code, *args)
            return sentence
        if self._tries_left == 0:
            return ValidationError([_NO_MATCH, _NO_MORE], code=code)
        left = ngettext("Il vous reste %(left)d essai.", "Il vous reste %(left)d essais.", self._tries_left)
        return ValidationError(f"{_NO_MATCH} {left % {'left': self._tries_left}}", code=code)

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        """Ways to show once more that it is you, the easiest first: a paper code comes after the key in one's hand."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        only_paper = "totp" not in second_factors_of(user) if user.is_authenticated else False
        return sorted(methods, key=lambda method: only_paper and method["id"] == "mfa_reauthenticate")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff land at their desk (S2), a newcomer where towns are chosen, everyone else at home."""
        return landing_page(signed_in_person(request))

    get_signup_redirect_url = get_login_redirect_url

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_security")


def _greeting(person: Person | None) -> str:
    """A stranger's sign-up can't put words into a mail: the name is used once the address is proven."""
    if person and person.first_name and has_proven_address(person):
        return translation.gettext("Bonjour %(name)s,") % {"name": person.first_name}
    return translation.gettext("Bonjour,")


def _tries_left(request: HttpRequest, key: str) -> int | None:
    """How many more times this address may be tried; None when nothing limits it."""
    left = []
    for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
        counted = ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key)
        left.append(max(0, rate.amount - len(cache.get(counted, []))))
    return min(left, default=None)
