"""What the account says: mails by code and notice, and short messages on the page.

Keys are the names under which django-allauth asks for them. A mail is rendered in the recipient's language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.notifications.letter import Button, Letter

Context = Mapping[str, Any]

CODE_LIFE = timedelta(minutes=15)
NOTICE_LIFE = timedelta(days=2)


@dataclass(frozen=True)
class Notice:
    """One mail of the account. `life`: after that it is no longer worth sending."""

    letter: Letter
    life: timedelta = NOTICE_LIFE


def _link(label: str, name: str) -> list[Button]:
    return [Button(label, f"{settings.LINK_BASE}{reverse(name)}")]


def _code(subject: str, purpose: str, context: Context) -> Notice:
    letter = Letter(
        subject=subject,
        before=[purpose],
        code=str(context["code"]),
        after=[
            _("Il sert une seule fois, dans les 15 minutes."),
            _("Vous n’avez rien demandé ? Ignorez ce courriel : sans ce code, personne n’entre."),
        ],
    )
    return Notice(letter, CODE_LIFE)


def _login_code(context: Context) -> Notice:
    return _code(_("Votre code de connexion"), _("Voici votre code pour vous connecter :"), context)


def _password_code(context: Context) -> Notice:
    return _code(
        _("Votre code pour changer de mot de passe"),
        _("Voici votre code pour choisir un nouveau mot de passe :"),
        context,
    )


def _confirmation(context: Context) -> Notice:
    return _code(
        _("Confirmez votre adresse de courriel"),
        _("Voici votre code pour confirmer que cette adresse est bien la vôtre :"),
        context,
    )


def _already_exists(context: Context) -> Notice:
    letter = Letter(
        subject=_("Vous avez déjà un compte"),
        before=[
            _("Quelqu’un, vous sans doute, a voulu créer un compte avec cette adresse. Elle en a déjà un."),
            _("Pour entrer, demandez un code de connexion : nous l’enverrons à cette adresse."),
        ],
        buttons=_link(_("Recevoir un code"), "account_request_login_code"),
        after=[_("Ce n’était pas vous ? Ignorez ce courriel : rien n’a changé.")],
    )
    return Notice(letter, CODE_LIFE)


def _unknown(context: Context) -> Notice:
    letter = Letter(
        subject=_("Aucun compte à cette adresse"),
        before=[
            _("Quelqu’un, vous sans doute, a voulu se connecter avec cette adresse. Elle n’a pas de compte."),
            _("Essayez une autre de vos adresses, ou créez un compte : c’est gratuit."),
        ],
        buttons=_link(_("Créer un compte"), "account_signup"),
        after=[_("Ce n’était pas vous ? Ignorez ce courriel : rien n’a changé.")],
    )
    return Notice(letter, CODE_LIFE)


def _invitation(context: Context) -> Notice:
    names = {"town": context["town"].name, "actor": context["actor"].name, "role": context["role"]}
    letter = Letter(
        subject=_("%(town)s : bienvenue dans l’équipe municipale") % names,
        before=[
            _("%(actor)s vous ouvre les portes de l’équipe municipale de %(town)s. Votre rôle : %(role)s.") % names,
            _("Pour entrer, demandez un code de connexion avec cette adresse."),
        ],
        buttons=_link(_("Recevoir un code"), "account_request_login_code"),
        after=[_("Vous ne connaissez pas cette commune ? Ignorez ce courriel.")],
    )
    return Notice(letter)


def _follow_invitation(context: Context) -> Notice:
    names = {"town": context["town"].name}
    letter = Letter(
        subject=_("%(town)s voudrait vous compter parmi ses habitants") % names,
        before=[
            _("La mairie de %(town)s a voulu vous inscrire. Vous avez déjà un compte : à vous de choisir.") % names,
            _("Si vous suivez cette commune, sa mairie verra vos coordonnées et pourra vous répondre."),
        ],
        buttons=_link(_("Voir mes communes"), "towns"),
        after=[_("Si vous ne faites rien, cette mairie ne saura rien de vous.")],
    )
    return Notice(letter)


def _notice(subject: str, sentence: str) -> Notice:
    letter = Letter(
        subject=subject,
        before=[sentence],
        after=[
            _(
                "Ce n’était pas vous ? Changez tout de suite votre mot de passe : "
                "vos autres appareils seront déconnectés."
            )
        ],
        buttons=_link(_("Ouvrir connexion et sécurité"), "account_security"),
    )
    return Notice(letter)


def _email_changed(context: Context) -> Notice:
    sentence = _("L’adresse de votre compte a changé : %(old)s est remplacée par %(new)s.")
    return _notice(
        _("Votre adresse de courriel a changé"),
        sentence % {"old": context["from_email"], "new": context["to_email"]},
    )


def _email_deleted(context: Context) -> Notice:
    sentence = _("L’adresse %(email)s a été retirée de votre compte.")
    return _notice(_("Une adresse a été retirée"), sentence % {"email": context["deleted_email"]})


def _password_changed(context: Context) -> Notice:
    return _notice(_("Votre mot de passe a changé"), _("Le mot de passe de votre compte vient de changer."))


def _app_added(context: Context) -> Notice:
    return _notice(_("Double vérification activée"), _("Une application de codes protège maintenant votre compte."))


def _app_removed(context: Context) -> Notice:
    return _notice(_("Double vérification retirée"), _("L’application de codes ne protège plus votre compte."))


def _key_added(context: Context) -> Notice:
    return _notice(_("Nouvelle clé d’accès"), _("Une clé d’accès a été ajoutée à votre compte."))


def _key_removed(context: Context) -> Notice:
    return _notice(_("Clé d’accès retirée"), _("Une clé d’accès a été retirée de votre compte."))


def _codes_made(context: Context) -> Notice:
    return _notice(
        _("Nouveaux codes de secours"),
        _("De nouveaux codes de secours ont été créés. Les anciens ne valent plus."),
    )


LETTERS: dict[str, Callable[[Context], Notice]] = {
    "account/email/login_code": _login_code,
    "account/email/password_reset_code": _password_code,
    "account/email/email_confirmation": _confirmation,
    "account/email/email_confirmation_signup": _confirmation,
    "account/email/account_already_exists": _already_exists,
    "account/email/unknown_account": _unknown,
    "account/email/invitation": _invitation,
    "account/email/follow_invitation": _follow_invitation,
    "account/email/email_changed": _email_changed,
    "account/email/email_deleted": _email_deleted,
    "account/email/password_changed": _password_changed,
    "account/email/password_set": _password_changed,
    "account/email/password_reset": _password_changed,
    "mfa/email/totp_activated": _app_added,
    "mfa/email/totp_deactivated": _app_removed,
    "mfa/email/webauthn_added": _key_added,
    "mfa/email/webauthn_removed": _key_removed,
    "mfa/email/recovery_codes_generated": _codes_made,
}

# What isn't here is said by the page itself.
MESSAGES: dict[str, "Promise"] = {
    "account/messages/logged_out.txt": gettext_lazy("Vous avez quitté votre compte. À bientôt !"),
    "account/messages/email_confirmed.txt": gettext_lazy("L’adresse %(email)s est confirmée."),
    "account/messages/email_confirmation_failed.txt": gettext_lazy("L’adresse %(email)s appartient à un autre compte."),
    "account/messages/email_deleted.txt": gettext_lazy("L’adresse %(email)s est retirée."),
    "account/messages/cannot_delete_primary_email.txt": gettext_lazy(
        "%(email)s est votre adresse principale : elle ne peut pas être retirée."
    ),
    "account/messages/password_changed.txt": gettext_lazy(
        "Votre mot de passe est changé. Vos autres appareils sont déconnectés."
    ),
    "account/messages/password_set.txt": gettext_lazy("Votre mot de passe est choisi."),
    "mfa/messages/totp_activated.txt": gettext_lazy("L’application de codes est activée."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("L’application de codes est retirée."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("La clé d’accès est ajoutée."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("La clé d’accès est retirée."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("Vos nouveaux codes de secours sont prêts."),
}
