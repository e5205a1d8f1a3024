"""Everything that changes conversations. Pages, the API, sockets and mail all come here."""

from hub.conversations.actions.groups import (
    change_group,
    close,
    create_group,
    join,
    leave,
    let_go,
    mute,
    open_live,
    reopen,
    set_pace,
)
from hub.conversations.actions.messages import edit_message, pin_message, react, withdraw_message
from hub.conversations.actions.moderation import (
    hide_message,
    keep_message,
    lift_silence,
    remove_message,
    report_message,
    restore_message,
    silence,
)
from hub.conversations.actions.posting import Posted, post_message
from hub.conversations.actions.private import (
    invite_agent,
    open_conversation,
    remove_agent,
    take_back,
    write_to_citizen,
)
from hub.conversations.actions.reading import mark_delivered, mark_read, see_reports

__all__ = [
    "Posted",
    "change_group",
    "close",
    "create_group",
    "edit_message",
    "hide_message",
    "invite_agent",
    "join",
    "keep_message",
    "leave",
    "let_go",
    "lift_silence",
    "mark_delivered",
    "mark_read",
    "mute",
    "open_conversation",
    "open_live",
    "pin_message",
    "post_message",
    "react",
    "remove_agent",
    "remove_message",
    "reopen",
    "report_message",
    "restore_message",
    "see_reports",
    "set_pace",
    "silence",
    "take_back",
    "withdraw_message",
    "write_to_citizen",
]
