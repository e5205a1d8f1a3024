"""/compte/: sign-in (django-allauth's views under our addresses) and one's own account."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from hub.core.access import public, signed_in
from hub.people.portal import profile, security, sign_up

_sign_in = [
    path("connexion/", public(account.login), name="account_login"),
    path("connexion/code/", public(account.request_login_code), name="account_request_login_code"),
    path("connexion/code/confirmer/", public(account.confirm_login_code), name="account_confirm_login_code"),
    path("connexion/cle/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("connexion/verifier/", public(mfa.authenticate), name="mfa_authenticate"),
    path("deconnexion/", public(security.sign_out), name="account_logout"),
    path("inscription/", public(sign_up.SignUpView.as_view()), name="account_signup"),
    path("ferme/", public(account.account_inactive), name="account_inactive"),
    path("courriel/confirmer/", public(account.email_verification_sent), name="account_email_verification_sent"),
    path("mot-de-passe/oublie/", public(account.password_reset), name="account_reset_password"),
    path(
        "mot-de-passe/oublie/code/",
        public(account.confirm_password_reset_code),
        name="account_confirm_password_reset_code",
    ),
    path(
        "mot-de-passe/oublie/nouveau/",
        public(account.complete_password_reset),
        name="account_complete_password_reset",
    ),
    path(
        "mot-de-passe/oublie/fait/",
        public(account.password_reset_from_key_done),
        name="account_password_reset_completed",
    ),
]

_security = [
    path("securite/", security.security, name="account_security"),
    path("courriel/", signed_in(account.email), name="account_email"),
    path("mot-de-passe/", signed_in(account.password_change), name="account_change_password"),
    path("mot-de-passe/choisir/", signed_in(account.password_set), name="account_set_password"),
    path("confirmer/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("confirmer/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("confirmer/cle/", signed_in(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("double-verification/", signed_in(security.SecondFactorView.as_view()), name="mfa_index"),
    path("double-verification/application/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "double-verification/application/retirer/",
        signed_in(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "double-verification/codes-de-secours/",
        signed_in(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "double-verification/codes-de-secours/nouveaux/",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "double-verification/codes-de-secours/telecharger/",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("cles/", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("cles/ajouter/", signed_in(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("cles/<int:pk>/nom/", signed_in(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("cles/<int:pk>/retirer/", signed_in(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("jetons/", security.tokens, name="account_tokens"),
    path("jetons/<int:token_id>/supprimer/", security.token_revoke, name="account_token_revoke"),
    path("donnees/", security.records, name="account_records"),
    path("fermer/", security.close, name="account_close"),
]

_profile = [
    path("", profile.profile, name="account"),
    path("photo/", profile.photo, name="account_photo"),
    path("portrait/", profile.drawing, name="account_drawing"),
    path("photo/<int:person_id>/", profile.person_photo, name="person_photo"),
    path("coordonnees/", profile.contact, name="account_contact"),
    path("telephones/", profile.phone_add, name="account_phone_add"),
    path("telephones/<int:phone_id>/monter/", profile.phone_up, name="account_phone_up"),
    path("telephones/<int:phone_id>/retirer/", profile.phone_remove, name="account_phone_remove"),
]

urlpatterns = _sign_in + _security + _profile
