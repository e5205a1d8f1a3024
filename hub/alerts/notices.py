"""Of each alert that a town tells everybody, a notice to who asks for one, by mail or on their devices (S30).

The alert itself goes to those whom it concerns, by the means that they chose for alerts; where it reaches somebody so,
they are not told a second time. A notice is news: it waits for the morning, and counts nowhere in the alert's figures.
"""

from django.db.models import Exists, F, OuterRef, QuerySet

from hub.alerts import audience
from hub.alerts.models import Alert, Recipient
from hub.deliveries.models import Channel, Dispatch
from hub.deliveries.queries import channel_is_open
from hub.notifications.models import Kind
from hub.notifications.queries import wants
from hub.people.models import Membership, Person, Role
from hub.people.queries import may_be_mailed

CAUSE = "alert.notice"
# Which steps of the expansion are theirs (`hub.alerts.leaving`), after all that is the alert's own.
STEPS = {"tell_push": Channel.PUSH, "tell_email": Channel.EMAIL}


def key_of(alert: Alert) -> str:
    """Of the dispatch of an alert's notices: whatever happens twice, there is one."""
    return f"alert.{alert.pk}.notices"


def steps_of(alert: Alert) -> list[str]:
    """What is to be written of it; of an exercise nobody is told."""
    return [] if alert.exercise else [step for step, channel in STEPS.items() if channel_is_open(channel)]


def dispatch_of(alert: Alert) -> Dispatch:
    """The cause of its notices; by their link one leaves this kind of news."""
    about = {"kind": Kind.NEW_ALERT.value}
    found, _made = Dispatch.objects.get_or_create(
        key=key_of(alert), defaults={"cause": CAUSE, "town": alert.town, "about": about}
    )
    return found


def readers(alert: Alert, channel: Channel) -> QuerySet[Person]:
    """Who follows the town, wants it by this means, and does not get the alert itself so; where, as `reaches`."""
    follows = Membership.objects.filter(person=OuterRef("pk"), town=alert.town_id).exclude(role=Role.OPERATOR)
    theirs = Recipient.objects.filter(alert=alert, person=OuterRef("pk"))
    if channel == Channel.PUSH:
        asked = Person.objects.filter(Exists(follows), wants(Kind.NEW_ALERT, "push", "pk"), is_active=True)
        return audience.on_devices(asked.exclude(Exists(theirs.filter(devices__gt=0))))
    asked = Person.objects.filter(
        Exists(follows), wants(Kind.NEW_ALERT, "email", "pk"), may_be_mailed(), is_active=True
    )
    return asked.exclude(Exists(theirs.exclude(email=""))).annotate(reaches=F("email"))
