"""What leaves the town: adapters per channel, senders, links."""

from .home import DEMO, PARVIS_HOME, PUBLIC_URL, env

EMAIL_FROM = env.str("PARVIS_EMAIL_FROM", default="Parvis <parvis@localhost>")
DEFAULT_FROM_EMAIL = EMAIL_FROM
CAPTURE_DIR = PARVIS_HOME / "outbox"


def _in_order(names: str) -> list[str]:
    """Adapters by their names, with commas. A demo keeps everything (channels_adapters/capture.py)."""
    return ["capture"] if DEMO else [name.strip() for name in names.split(",") if name.strip()]


# Adapters in order of preference per channel.
ADAPTERS: dict[str, list[str]] = {
    "email": _in_order(env.str("PARVIS_EMAIL_ADAPTER", default="smtp")),
    # None by default: an SMS costs money, and what would have been told by it is told on the page.
    "sms": _in_order(env.str("PARVIS_SMS_ADAPTER", default="")),
    "voice": _in_order(env.str("PARVIS_VOICE_ADAPTER", default="")),
}
_TWILIO = {
    "account_sid": env.str("PARVIS_TWILIO_ACCOUNT_SID", default=""),
    "auth_token": env.str("PARVIS_TWILIO_AUTH_TOKEN", default=""),
    "api_key": env.str("PARVIS_TWILIO_API_KEY", default=""),
    "api_secret": env.str("PARVIS_TWILIO_API_SECRET", default=""),
    "url": env.str("PARVIS_TWILIO_URL", default="https://api.twilio.com"),
    "timeout_s": env.float("PARVIS_TWILIO_TIMEOUT_S", default=15.0),
    "at_once": env.int("PARVIS_TWILIO_AT_ONCE", default=20),
}
ADAPTER_OPTIONS = {
    "capture": {"directory": str(CAPTURE_DIR)},
    "smtp": {
        "host": env.str("PARVIS_SMTP_HOST", default="127.0.0.1"),
        "port": env.int("PARVIS_SMTP_PORT", default=25),
        "username": env.str("PARVIS_SMTP_USERNAME", default=""),
        "password": env.str("PARVIS_SMTP_PASSWORD", default=""),
        # "none", "starttls" or "tls"
        "security": env.str("PARVIS_SMTP_SECURITY", default="starttls"),
        "timeout_s": env.float("PARVIS_SMTP_TIMEOUT_S", default=30.0),
        # An authority of the town's own, beside those that the machine trusts.
        "ca_file": env.str("PARVIS_SMTP_CA_FILE", default=""),
        # How many lines to the relay each worker keeps open, at most.
        "at_once": env.int("PARVIS_SMTP_AT_ONCE", default=20),
    },
    # A second relay, asked when the first has failed.
    "smtp2": {
        "host": env.str("PARVIS_SMTP2_HOST", default="127.0.0.1"),
        "port": env.int("PARVIS_SMTP2_PORT", default=25),
        "username": env.str("PARVIS_SMTP2_USERNAME", default=""),
        "password": env.str("PARVIS_SMTP2_PASSWORD", default=""),
        "security": env.str("PARVIS_SMTP2_SECURITY", default="starttls"),
        "timeout_s": env.float("PARVIS_SMTP2_TIMEOUT_S", default=30.0),
        "ca_file": env.str("PARVIS_SMTP2_CA_FILE", default=""),
        "at_once": env.int("PARVIS_SMTP2_AT_ONCE", default=20),
    },
    "twilio": {
        **_TWILIO,
        "messaging_service_sid": env.str("PARVIS_TWILIO_MESSAGING_SERVICE_SID", default=""),
        "sender": env.str("PARVIS_TWILIO_SENDER", default=""),
    },
    "twilio-voice": {**_TWILIO, "caller": env.str("PARVIS_TWILIO_CALLER", default="")},
}
ADAPTER_OPTIONS["ovh"] = {
    "application_key": env.str("PARVIS_OVH_APPLICATION_KEY", default=""),
    "application_secret": env.str("PARVIS_OVH_APPLICATION_SECRET", default=""),
    "consumer_key": env.str("PARVIS_OVH_CONSUMER_KEY", default=""),
    "service_name": env.str("PARVIS_OVH_SERVICE_NAME", default=""),
    "sender": env.str("PARVIS_OVH_SENDER", default=""),
    "endpoint": env.str("PARVIS_OVH_ENDPOINT", default="ovh-eu"),
    # OVH signs nothing: what it says is believed by this in the address that it calls.
    "hook_secret": env.str("PARVIS_OVH_HOOK_SECRET", default=""),
}
# Money: what one SMS, and a begun minute of a call, cost per country (hub/deliveries/prices.py).
SMS_PRICES = env.str("PARVIS_SMS_PRICES", default="FR=0.07 EUR, CA=0.02 CAD")
VOICE_PRICES = env.str("PARVIS_VOICE_PRICES", default="FR=0.10 EUR, CA=0.02 CAD")
# Which countries' numbers SMS and calls may go to, the French ones overseas among them (hub/deliveries/allowance.py).
SMS_COUNTRIES = env.str("PARVIS_SMS_COUNTRIES", default="FR,CA,US,GP,MQ,GF,RE,YT,PM,BL,MF,NC,PF,WF")
# A day's most, to one number and of one town (emergencies are not counted there); 0: no limit.
SMS_PER_NUMBER = env.int("PARVIS_SMS_PER_NUMBER", default=30)
CALLS_PER_NUMBER = env.int("PARVIS_CALLS_PER_NUMBER", default=10)
SMS_PER_TOWN = env.int("PARVIS_SMS_PER_TOWN", default=20000)
CALLS_PER_TOWN = env.int("PARVIS_CALLS_PER_TOWN", default=2000)
# The hub's most per day and currency, by the prices above; then all but emergencies waits until tomorrow.
DAILY_SPENDING = env.str("PARVIS_DAILY_SPENDING", default="EUR=500, CAD=750")
LINK_BASE = PUBLIC_URL
# Whether webhooks may point to the town hall's own network, and to plain http.
WEBHOOK_PRIVATE = env.bool("PARVIS_WEBHOOK_PRIVATE", default=False)
# Nothing leaves a demo, unless one says that its own network is meant.
WEBHOOKS_LEAVE = WEBHOOK_PRIVATE or not DEMO
UNREAD_MAIL_AFTER_S = env.int("PARVIS_UNREAD_MAIL_AFTER_S", default=600)
