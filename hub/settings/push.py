"""Notifications in browsers and on telephones: by which way, and our own key towards push services."""

from email.utils import parseaddr

from channels_adapters.vapid import new_private_key

from .home import DEMO, env, kept_secret
from .outgoing import ADAPTER_OPTIONS, ADAPTERS, EMAIL_FROM

# In order of preference; each takes the devices that are its own. A demo keeps everything.
_PUSH_ADAPTERS = [name.strip() for name in env.str("PARVIS_PUSH_ADAPTER", default="web-push").split(",")]
ADAPTERS["push"] = ["capture"] if DEMO else [name for name in _PUSH_ADAPTERS if name]
# Browsers subscribe to this key: with another one, nobody who has subscribed is reached any more.
VAPID_PRIVATE_KEY = kept_secret("vapid-key", new_private_key)
# Where browsers may be reached, beside the known services (channels_adapters/push_services.py).
PUSH_SERVICES = env.list("PARVIS_PUSH_SERVICES", default=[])
ADAPTER_OPTIONS["web-push"] = {
    "private_key": VAPID_PRIVATE_KEY,
    "subject": env.str("PARVIS_VAPID_SUBJECT", default="") or f"mailto:{parseaddr(EMAIL_FROM)[1]}",
    "services": PUSH_SERVICES,
}
ADAPTER_OPTIONS["fcm"] = {"credentials_file": env.str("PARVIS_FCM_CREDENTIALS", default="")}
