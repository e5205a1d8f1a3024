"""Everything that changes people, their roles and their keys."""

from hub.people.actions.accounts import (
    close_account,
    forget_password,
    forget_sessions,
    forget_unproven,
    issue_token,
    open_account,
    revoke_token,
)
from hub.people.actions.citizens import complete_sign_up, register_citizen, update_citizen
from hub.people.actions.details import (
    add_phone,
    choose_drawing,
    prove_phone,
    raise_phone,
    remove_phone,
    remove_photo,
    set_address,
    set_phones,
    set_photo,
    update_profile,
)
from hub.people.actions.devices import note_devices, register_device, retire_device
from hub.people.actions.imports import confirm_import, drop_import, forget_imports, verify_import
from hub.people.actions.lists import ask_for_workbook, export_citizens, keep_view
from hub.people.actions.records import export_citizen, export_own
from hub.people.actions.roles import (
    follow_town,
    grant_role,
    invite_member,
    revoke_role,
    set_member_roles,
    unfollow_town,
)

__all__ = [
    "add_phone",
    "ask_for_workbook",
    "choose_drawing",
    "close_account",
    "complete_sign_up",
    "confirm_import",
    "drop_import",
    "export_citizen",
    "export_citizens",
    "export_own",
    "follow_town",
    "forget_imports",
    "forget_password",
    "forget_sessions",
    "forget_unproven",
    "grant_role",
    "invite_member",
    "issue_token",
    "keep_view",
    "note_devices",
    "open_account",
    "prove_phone",
    "raise_phone",
    "register_citizen",
    "register_device",
    "remove_phone",
    "remove_photo",
    "retire_device",
    "revoke_role",
    "revoke_token",
    "set_address",
    "set_member_roles",
    "set_phones",
    "set_photo",
    "unfollow_town",
    "update_citizen",
    "update_profile",
    "verify_import",
]
