"""What a town alerts about, who wants to be told, and its alerts."""

from hub.alerts.models.alerts import Alert, Danger, Purpose, Recipient, Rules, Status, Vulnerable, Zone
from hub.alerts.models.doors import CapDoor, RegisterRequest
from hub.alerts.models.subscriptions import NumberCode, Subscription, SubscriptionTheme, Theme

__all__ = [
    "Alert", "CapDoor", "Danger", "NumberCode", "Purpose", "Recipient", "RegisterRequest", "Rules", "Status",
    "Subscription", "SubscriptionTheme", "Theme", "Vulnerable", "Zone",
]  # fmt: skip
