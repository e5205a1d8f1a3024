from django.apps import AppConfig
from django.db.backends.signals import connection_created

from hub.core.folding import teach


class CoreConfig(AppConfig):
    name = "hub.core"

    def ready(self) -> None:
        connection_created.connect(teach)
