"""django-allauth's forms in our words: sign-in, codes, passwords, second factor."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

EMAIL = _("Adresse de courriel")
_NEW_PASSWORD_HINT = _("10 caractères au moins. Une courte phrase fait un bon mot de passe.")


def say(field: forms.Field, label: Any, hint: Any = "", **attributes: str) -> None:
    """Our label and hint, and no placeholder: it vanishes as soon as one types."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


def _say_code(field: forms.Field, label: Any, hint: Any = "") -> None:
    as_code = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input--code"}
    say(field, label, hint, **as_code)


class LoginForm(account.LoginForm):  # type: ignore[misc]
    """Address and password (contract: fields `login` and `password`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["login"], EMAIL, autocomplete="username")
        say(self.fields["password"], _("Mot de passe"))

    def clean(self) -> dict[str, Any]:
        """What is wrong stands under the password, and not above the form."""
        try:
            super().clean()
        except forms.ValidationError as refusal:
            self.add_error("password", refusal)
        return dict(self.cleaned_data)


class RequestLoginCodeForm(account.RequestLoginCodeForm):  # type: ignore[misc]
    """The address to which a code is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["email"], EMAIL, autocomplete="username")


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    """The address whose password is forgotten."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["email"], EMAIL, autocomplete="username")


class _CodeForm(forms.Form):
    """What every form with a mailed code shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("Code reçu par courriel"), _("Huit chiffres, avec ou sans tiret."))


class ConfirmLoginCodeForm(_CodeForm, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that signs in."""


class ConfirmEmailForm(_CodeForm, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code that proves an address."""


class ConfirmPasswordResetCodeForm(_CodeForm, account.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The code that opens the choice of a new password."""


class AddEmailForm(account.AddEmailForm):  # type: ignore[misc]
    """The account's new address; it replaces the present one once it is proven."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["email"], _("Nouvelle adresse de courriel"))


class _NewPasswordForm(forms.Form):
    """What every form with a new password shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["password1"], _("Nouveau mot de passe"), _NEW_PASSWORD_HINT)
        say(self.fields["password2"], _("Nouveau mot de passe, encore une fois"))

    def clean(self) -> dict[str, Any] | None:
        cleaned = forms.Form.clean(self)
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("Les deux mots de passe ne sont pas les mêmes."))
        return cleaned


class ChangePasswordForm(_NewPasswordForm, account.ChangePasswordForm):  # type: ignore[misc]
    """The present password, and a new one twice (S14)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["oldpassword"], _("Mot de passe actuel"))


class SetPasswordForm(_NewPasswordForm, account.SetPasswordForm):  # type: ignore[misc]
    """A first password for who signs in by codes."""


class ResetPasswordKeyForm(_NewPasswordForm, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password after a forgotten one."""


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    """The password again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["password"], _("Mot de passe"))


_SECOND_CODE_HINT = _("Celui de votre application de codes, ou l’un de vos codes de secours.")


class SecondFactorForm(mfa.AuthenticateForm):  # type: ignore[misc]
    """The second factor's code at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("Code"), _SECOND_CODE_HINT)


class SecondFactorAgainForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second factor's code, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("Code"), _SECOND_CODE_HINT)


class ActivateTOTPForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """A first code, to show that the application knows the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("Code affiché par l’application"), _("Six chiffres."))


_KEY_NAME_HINT = _("Par exemple : téléphone, ordinateur de la mairie.")


class AddWebAuthnForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or a security key; the browser fills in the credential."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["name"], _("Nom de la clé"), _KEY_NAME_HINT, maxlength="60")
        say(
            self.fields["passwordless"],
            _("Me connecter avec cette clé seule"),
            _("L’appareil demandera une empreinte, votre visage ou son code. Sinon, la clé s’ajoute au mot de passe."),
        )
        self.fields["passwordless"].initial = True


class EditWebAuthnForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["name"], _("Nom de la clé"), _KEY_NAME_HINT, maxlength="60")
