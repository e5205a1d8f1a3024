"""What mail servers report goes to the delivery that it is about.

Two ways lead there. The address that a mail comes back to (VERP) names its delivery and can't be made up: what arrives
there is believed, and closes an address for good. A `Message-ID` that a report quotes, anybody can quote who has the
mail, or guesses: it is noted on that delivery, and closes nothing.
"""

import re

from channels_adapters.base import Became, Cause, Receipt
from hub.deliveries.bounce_addresses import delivery_of
from hub.deliveries.models import Delivery
from hub.deliveries.receipts import take_of
from inbound_email.addresses import same_email
from inbound_email.models import Reason, Status
from inbound_email.opened import Failure, Opened
from inbound_email.outcomes import Arrived, Outcome
from inbound_email.threads import Thread, by_address, delivery_named, of_delivery

_NOBODY = re.compile(
    r"unknown|no such|does ?n.t exist|not exist|invalid|no mailbox|not found|inconnu|n.existe pas|introuvable|disabled",
    re.IGNORECASE,
)


def take(arrived: Arrived) -> Outcome:
    """Write the report down where it belongs."""
    mail = arrived.mail
    proven = delivery_of(arrived.row.recipient)
    delivery = _delivery(proven, mail)
    complaint = any(one.fate == "complained" for one in mail.failures)
    reason = Reason.COMPLAINT if complaint else Reason.BOUNCE
    failure = _about(mail, delivery)
    detail = " ".join(filter(None, [failure.recipient, failure.status, failure.diagnostic]))[:500] if failure else ""
    if delivery is None:
        return _outcome(reason, detail, by_address(arrived.row.recipient))
    if failure is not None and (receipt := _receipt(failure, proven=proven is not None)) is not None:
        take_of(delivery.pk, receipt)
    return _outcome(reason, detail, of_delivery(delivery), delivery)


def _delivery(proven: int | None, mail: Opened) -> Delivery | None:
    if proven is not None:
        return Delivery.objects.select_related("content", "dispatch__town").filter(pk=proven).first()
    return delivery_named(mail.about, [one.recipient for one in mail.failures]) if mail.about else None


def _about(mail: Opened, delivery: Delivery | None) -> Failure | None:
    """The report's line on that delivery's recipient. One that was forwarded fails under another address."""
    own = (one for one in mail.failures if delivery is not None and same_email(one.recipient, delivery.address))
    return next(own, None) or next(iter(mail.failures), None)


def _receipt(failure: Failure, *, proven: bool) -> Receipt | None:
    """As providers say it; None: they go on trying."""
    reason = " ".join(filter(None, [failure.status, failure.diagnostic])) or "returned"
    if failure.fate == "delivered":
        return Receipt("", Became.DELIVERED)
    if failure.fate == "complained":
        return Receipt("", Became.DELIVERED, Cause.BLOCKED if proven else None, reason)
    if failure.fate != "failed":
        return None
    cause = _cause(failure)
    return Receipt("", Became.UNDELIVERABLE, cause if proven or cause is not Cause.ADDRESS else None, reason)


def _cause(failure: Failure) -> Cause | None:
    """By the enhanced status code (RFC 3463), else by the words. What may be otherwise tomorrow closes no address."""
    status = failure.status
    if status.startswith("5.1.") or status == "5.2.1":
        return Cause.ADDRESS
    if status.startswith("5.2."):
        return Cause.FULL
    if status.startswith(("5.7.", "5.6.")):
        return Cause.CONTENT
    if status in {"", "5.0.0"} and _NOBODY.search(failure.diagnostic):
        return Cause.ADDRESS
    return Cause.DOWN if status.startswith(("5.3.", "5.4.")) else None


def _outcome(reason: Reason, detail: str, thread: Thread | None, delivery: Delivery | None = None) -> Outcome:
    if thread is not None:
        return Outcome(Status.NOTED, reason, detail, thread.conversation.town, thread.conversation)
    return Outcome(Status.NOTED, reason, detail, delivery.dispatch.town if delivery is not None else None)
