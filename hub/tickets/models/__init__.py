"""What tickets are made of."""

from hub.tickets.models.desk import BoardMemory, CannedReply, DeskSettings, Favourite, SavedView, Watcher
from hub.tickets.models.doors import ApiKey, Off, Webhook, WebhookCall
from hub.tickets.models.taxonomy import Answering, Category, Question
from hub.tickets.models.ticket import (
    CLOSED,
    OPEN,
    Change,
    Counter,
    Follower,
    Priority,
    Source,
    Status,
    Ticket,
    TicketFile,
    TicketKind,
)

__all__ = [
    "CLOSED",
    "OPEN",
    "Answering",
    "ApiKey",
    "BoardMemory",
    "CannedReply",
    "Category",
    "Change",
    "Counter",
    "DeskSettings",
    "Favourite",
    "Follower",
    "Off",
    "Priority",
    "Question",
    "SavedView",
    "Source",
    "Status",
    "Ticket",
    "TicketFile",
    "TicketKind",
    "Watcher",
    "Webhook",
    "WebhookCall",
]
