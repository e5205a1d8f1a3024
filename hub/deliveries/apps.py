from django.apps import AppConfig
from prometheus_client import REGISTRY


class DeliveriesConfig(AppConfig):
    name = "hub.deliveries"

    def ready(self) -> None:
        """Tell Prometheus's page of the outbox; what it keeps about a person is known."""
        from hub.deliveries import records, samples  # models can't be imported before
        from hub.deliveries.metrics import OutboxCollector
        from hub.deliveries.previews import learn as show
        from hub.people.records import learn

        REGISTRY.register(OutboxCollector())
        show(samples.build)
        learn("envois", records.collect)
        learn("sms-recus", records.collect_answers, records.forget_answers)
