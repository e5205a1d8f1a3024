"""What a town alerts about, who wants to be told, and its alerts."""

from hub.alerts.models.alerts import Alert, Danger, Purpose, Recipient, Rules, Status, Vulnerable, Zone
from hub.alerts.models.subscriptions import NumberCode, Subscription, SubscriptionTheme, Theme

__all__ = [
    "Alert", "Danger", "NumberCode", "Purpose", "Recipient", "Rules", "Status", "Subscription", "SubscriptionTheme",
    "Theme", "Vulnerable", "Zone",
]  # fmt: skip
