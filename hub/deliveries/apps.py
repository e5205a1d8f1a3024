from django.apps import AppConfig
from prometheus_client import REGISTRY


class DeliveriesConfig(AppConfig):
    name = "hub.deliveries"

    def ready(self) -> None:
        """Tell Prometheus's page of the outbox."""
        from hub.deliveries.metrics import OutboxCollector  # models can't be imported before

        REGISTRY.register(OutboxCollector())
