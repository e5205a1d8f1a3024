"""Everything that changes themes, subscriptions, and what is known of a number."""

from hub.alerts.actions.numbers import confirm_number, forget_codes, send_code
from hub.alerts.actions.subscribing import (
    leave,
    set_subscription,
    subscribe_newcomer,
    take_device_for_push,
    take_number_for_sms,
)
from hub.alerts.actions.themes import add_theme, archive_theme, change_theme, restore_theme, shift_theme

__all__ = [
    "add_theme",
    "archive_theme",
    "change_theme",
    "confirm_number",
    "forget_codes",
    "leave",
    "restore_theme",
    "send_code",
    "set_subscription",
    "shift_theme",
    "subscribe_newcomer",
    "take_device_for_push",
    "take_number_for_sms",
]
