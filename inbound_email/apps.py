from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from prometheus_client import REGISTRY


class InboundEmailConfig(AppConfig):
    name = "inbound_email"
    verbose_name = _("Courriels reçus")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The desk gets its entry, the trail its sentences, Prometheus's page its figures; what is kept about a person
        is known, and forgotten."""
        from django.db.models.signals import post_save

        from hub.conversations.moderation_words import learn  # models can’t be imported before
        from hub.deliveries.previews import learn as show
        from hub.people import records as of_people
        from hub.people.desk.entries import learn as enter
        from hub.tickets.models import Change
        from inbound_email import records, samples
        from inbound_email.entry import entry
        from inbound_email.metrics import InboundCollector
        from inbound_email.trail_words import ACTS

        REGISTRY.register(InboundCollector())

        learn(ACTS)
        show(samples.build)
        enter(entry)
        of_people.learn("courriels", records.collect, records.forget)
        post_save.connect(records.forget_of_ticket, sender=Change, dispatch_uid="inbound_email.records")
