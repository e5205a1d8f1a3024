"""What is read of a device: the name that people know it by, and what tells it from others. Pure."""

import hashlib
import re

from channels_adapters.push_services import read_subscription
from hub.people.models import DeviceKind

TARGET_MAX = 2_000
_TOKEN = re.compile(r"[\x21-\x7e]+")
# In this order: each names itself by several, the later ones for the sake of old pages.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Vivaldi", "Vivaldi"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrom", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def named_by(user_agent: str) -> tuple[str, str]:
    """The browser and the system behind a `User-Agent`; "" for what it doesn't tell."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return browser, system


def digest_of(kind: str, target: str, services: list[str]) -> str:
    """SHA-256, in hexadecimal, of where the device is reached: a browser's page can say its own.

    `services`: push services beside the known ones. Raises `ValueError` when it can't be reached there.
    """
    if len(target) > TARGET_MAX:
        raise ValueError("too long")
    if kind == DeviceKind.WEB:
        return _digest(read_subscription(target, services).endpoint)
    if not _TOKEN.fullmatch(target) or target.startswith("{"):
        raise ValueError("not a token")
    return _digest(target)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
