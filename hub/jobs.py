"""What the clock rings for besides the outbox: each a doorbell to one action. `hub/schedule.py` says when.

They stand above the apps, because a doorbell in an app's `tasks` can't call that app's `actions`.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from hub.alerts.actions import forget_codes
from hub.alerts.checkins import settle
from hub.alerts.keeping import keep_figures
from hub.alerts.models import Alert, Recipient
from hub.celery import app
from hub.conversations.actions import let_go
from hub.conversations.group_news import tell_group_news
from hub.conversations.unread_mail import mail_unread
from hub.conversations.unread_push import push_unread
from hub.core.errors import ParvisError
from hub.core.typography import phone
from hub.deliveries.actions import prune as prune_outbox
from hub.deliveries.listening import listen
from hub.files.actions import prune as prune_unattached
from hub.notifications.actions import prune as prune_told
from hub.notifications.digest import send_due
from hub.people.actions import forget_imports, forget_sessions, forget_unproven
from hub.streams.actions import prune as prune_events
from hub.tickets.actions import forget_unconfirmed
from hub.tickets.calling_back import create_call_back, known_keys
from hub.tickets.reminders import remind_services

log = structlog.get_logger(__name__)

UNPROVEN_FOR = timedelta(days=7)


@app.task(name="deliveries.listen")
def listen_to_answers() -> None:
    """Ask providers that keep what people answer by SMS."""
    listen()


@app.task(name="conversations.mail_unread")
def mail_unread_messages() -> None:
    """Tell people of private messages that they have not read."""
    mail_unread()


@app.task(name="conversations.push_unread")
def push_unread_messages() -> None:
    """Show messages that they have not read on people's devices."""
    push_unread()


@app.task(name="conversations.tell_group_news")
def tell_news_of_groups() -> None:
    """Notify members of what their groups have said."""
    tell_group_news()


@app.task(name="conversations.let_go")
def let_go_of_strangers() -> None:
    """Close the parts in groups of those who have left the town."""
    let_go()


@app.task(name="tickets.remind")
def remind_of_due_dates() -> None:
    """Tell services of tickets that are due soon, where it is the morning of a working day."""
    remind_services()


@app.task(name="tickets.prune_followers")
def prune_followers() -> None:
    """Forget who never confirmed that they want to follow a ticket."""
    forget_unconfirmed(older_than=UNPROVEN_FOR)


@app.task(name="alerts.call_back")
def call_back() -> None:
    """Take what calls to the register have said: a ticket for each who is to be called back."""
    settle(_tickets_for)


def _tickets_for(alert: Alert, people: Sequence[Recipient]) -> None:
    """Once for each. One that can't be made stops no other, and is tried again."""
    keys = {f"checkin.{one.pk}": one for one in people}
    for key in keys.keys() - known_keys(alert.town, keys):
        one = keys[key]
        assert one.person is not None
        with override("fr"):
            said = {"name": one.person.name, "phone": phone(one.voice), "number": alert.number}
            words = _(
                "Rappeler %(name)s au %(phone)s. Appelée par l’alerte %(number)s pour prendre de ses nouvelles, cette "
                "personne a demandé à être rappelée."
            )
        try:
            create_call_back(
                town=alert.town, actors=(alert.approver, alert.author), person=one.person, phone=one.voice,
                words=words % said, key=key,
            )  # fmt: skip
        except ParvisError as refusal:
            log.warning("alerts.call_back_failed", alert=alert.pk, recipient=one.pk, error=refusal.code)


@app.task(name="streams.prune")
def prune_streams() -> None:
    """Forget events that nobody will resume from."""
    prune_events(keep_days=settings.STREAM_KEEP_DAYS, keep_events=settings.STREAM_KEEP_EVENTS)


@app.task(name="files.prune")
def prune_files() -> None:
    """Forget files that were sent and never used."""
    prune_unattached()


@app.task(name="deliveries.prune")
def prune_deliveries() -> None:
    """Forget what left long ago, once the figures of alerts are kept."""
    keep_figures()
    prune_outbox()


@app.task(name="people.prune")
def prune_people() -> None:
    """Forget sign-ups whose address nobody proved: anyone can type anyone's; codes that nobody typed; files of citizens
    left lying; sessions that are over."""
    forget_unproven(older_than=UNPROVEN_FOR)
    forget_codes()
    forget_imports()
    forget_sessions()


@app.task(name="notifications.send_digests")
def send_digests() -> None:
    """The mail of the day, to those whose hour has come."""
    send_due()


@app.task(name="notifications.prune")
def prune_notifications() -> None:
    """Forget what people were told long ago."""
    prune_told()
