"""A ticket that was typed in with a wrong address is not that address's owner's to read, once it is corrected."""

from hub.core.folding import folded
from hub.notifications.models import Notification
from hub.people.models import Person
from hub.tickets import mail, queries
from hub.tickets.actions.numbering import new_secret
from hub.tickets.models import Ticket


def hand_over(row: Ticket, former: str) -> None:
    """Staff have corrected the email of a ticket that they had typed in: whose it is follows the address.

    The receipt of the wrong address opens it no more; the right one gets its own. Somebody with an account, under whose
    name it still is, has merely another address. `row` has the new details, and is saved by the caller; `former`: the
    address before.
    """
    before = row.requester
    if not former or row.email == former or row.created_by_id == before.pk or row.anonymous or row.internal:
        return
    if before.email and folded(before.last_name) == folded(row.last_name):
        return
    row.requester = queries.owner_of(row.email) or Person.objects.create_user("", language=row.language)
    row.secret = new_secret()
    Notification.objects.filter(person=before, subject=row.topic).delete()
    mail.send_receipt(row)
