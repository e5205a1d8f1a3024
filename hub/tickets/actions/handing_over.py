"""A ticket that was typed in with a wrong address or number is not its owner's to read, once it is corrected."""

from hub.core.folding import folded
from hub.notifications.models import Notification
from hub.people.models import Person
from hub.tickets import mail, queries, reaching
from hub.tickets.actions.numbering import new_secret
from hub.tickets.models import Ticket


def hand_over(row: Ticket, former: str) -> None:
    """Staff have corrected where the receipt of a ticket that they had typed in went: whose it is follows the address.

    The receipt of the wrong one opens it no more; the right one gets its own. Somebody who is known besides, and under
    whose name it still is, has merely another address. `row` has the new details, and is saved by the caller; `former`:
    what `reached_at` said before.
    """
    before = row.requester
    if not former or row.created_by_id == before.pk or row.anonymous or row.internal:
        return
    if former == (row.email if "@" in former else _mobile(row)):
        return
    known = before.email or before.phones.exists()
    if known and folded(before.last_name) == folded(row.last_name):
        return
    row.requester = queries.owner_of(row.email) or Person.objects.create_user("", language=row.language)
    row.secret = new_secret()
    Notification.objects.filter(person=before, subject=row.topic).delete()
    mail.send_receipt(row)


def reached_at(row: Ticket) -> str:
    """Where its receipt goes: an address, or the number of a mobile phone; "" for nowhere."""
    return row.email or _mobile(row)


def _mobile(row: Ticket) -> str:
    return reaching.mobile_of(row, row.town.country)
