"""What leaves the town: adapters per channel, senders, links."""

from .home import DEMO, PARVIS_HOME, PUBLIC_URL, env

EMAIL_FROM = env.str("PARVIS_EMAIL_FROM", default="Parvis <parvis@localhost>")
DEFAULT_FROM_EMAIL = EMAIL_FROM
INBOUND_DOMAIN = env.str("PARVIS_INBOUND_DOMAIN", default="")
CAPTURE_DIR = PARVIS_HOME / "outbox"

# Adapters in order of preference per channel. A demo keeps everything (channels_adapters/capture.py).
_EMAIL_ADAPTER = env.str("PARVIS_EMAIL_ADAPTER", default="smtp")
# None by default: an SMS costs money, and what would have been told by it is told on the page.
_SMS_ADAPTER = env.str("PARVIS_SMS_ADAPTER", default="")
ADAPTERS: dict[str, list[str]] = {
    channel: ["capture"] if DEMO else [name] if name else []
    for channel, name in (("email", _EMAIL_ADAPTER), ("sms", _SMS_ADAPTER))
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
}
# Money: what one SMS, and a begun minute of a call, cost per country (hub/deliveries/prices.py).
SMS_PRICES = env.str("PARVIS_SMS_PRICES", default="FR=0.07 EUR, CA=0.02 CAD")
VOICE_PRICES = env.str("PARVIS_VOICE_PRICES", default="FR=0.10 EUR, CA=0.02 CAD")
LINK_BASE = PUBLIC_URL
# Whether webhooks may point to the town hall's own network, and to plain http.
WEBHOOK_PRIVATE = env.bool("PARVIS_WEBHOOK_PRIVATE", default=False)
# Nothing leaves a demo, unless one says that its own network is meant.
WEBHOOKS_LEAVE = WEBHOOK_PRIVATE or not DEMO
UNREAD_MAIL_AFTER_S = env.int("PARVIS_UNREAD_MAIL_AFTER_S", default=600)
