"""Everything that changes tickets."""

from hub.tickets.actions.changing import Changes, change_ticket
from hub.tickets.actions.citizens import confirm_follow, follow, forget_unconfirmed, reopen_with, settle, unfollow
from hub.tickets.actions.erasing import erase_requester
from hub.tickets.actions.following_up import add_answer, add_follow_up, add_follow_up_of_box, note_words
from hub.tickets.actions.grouping import ask_again, group_under, split_ticket, ungroup
from hub.tickets.actions.making import create_ticket
from hub.tickets.actions.marks import delete_view, remember_board, save_view, star, watch
from hub.tickets.actions.talks import ticket_of_talk

__all__ = [
    "Changes",
    "add_answer",
    "add_follow_up",
    "add_follow_up_of_box",
    "ask_again",
    "change_ticket",
    "confirm_follow",
    "create_ticket",
    "delete_view",
    "erase_requester",
    "follow",
    "forget_unconfirmed",
    "group_under",
    "note_words",
    "remember_board",
    "reopen_with",
    "save_view",
    "settle",
    "split_ticket",
    "star",
    "ticket_of_talk",
    "unfollow",
    "ungroup",
    "watch",
]
