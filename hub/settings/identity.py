"""Who may sign in, and how (django-allauth)."""

from .home import PUBLIC_URL, env

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

CODE_LIFE_S = 15 * 60

ACCOUNT_ADAPTER = "hub.notifications.account_mail.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Without a password one signs in by a code.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Codes: « 1234-5678 », easy on a phone's keys; three tries, 15 minutes.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_LIFE_S
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_LIFE_S
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_LIFE_S
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PUBLIC_URL.startswith("https") else "http"

ACCOUNT_FORMS = {
    "login": "hub.people.sign_in_forms.LoginForm",
    "signup": "hub.people.sign_up_form.SignupForm",
    "request_login_code": "hub.people.sign_in_forms.RequestLoginCodeForm",
    "confirm_login_code": "hub.people.sign_in_forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "hub.people.sign_in_forms.ConfirmEmailForm",
    "confirm_password_reset_code": "hub.people.sign_in_forms.ConfirmPasswordResetCodeForm",
    "reset_password": "hub.people.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "hub.people.sign_in_forms.ResetPasswordKeyForm",
    "change_password": "hub.people.sign_in_forms.ChangePasswordForm",
    "set_password": "hub.people.sign_in_forms.SetPasswordForm",
    "add_email": "hub.people.sign_in_forms.AddEmailForm",
    "reauthenticate": "hub.people.sign_in_forms.ReauthenticateForm",
}

MFA_ADAPTER = "hub.people.second_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "hub.people.sign_in_forms.SecondFactorForm",
    "reauthenticate": "hub.people.sign_in_forms.SecondFactorAgainForm",
    "activate_totp": "hub.people.sign_in_forms.ActivateTOTPForm",
    "add_webauthn": "hub.people.sign_in_forms.AddWebAuthnForm",
    "edit_webauthn": "hub.people.sign_in_forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_PASSKEY_LOGIN_ENABLED = True
# Passkeys need https; browsers accept plain http on localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_URL.startswith("https")

# How many proxies stand in front and append to X-Forwarded-For: 0 on a small machine, 1 behind nginx.
TRUSTED_PROXIES = env.int("PARVIS_TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
if not env.bool("PARVIS_RATE_LIMITS", default=True):
    ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False

# One person per address holds whatever the letter case: a constraint on Lower("email"), which this check can not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
