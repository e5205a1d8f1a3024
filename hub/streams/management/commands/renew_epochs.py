"""After a restore: clients must not resume by numbers that were given out since the backup."""

from typing import Any

from django.core.management.base import BaseCommand

from hub.streams.actions import renew_epochs


class Command(BaseCommand):
    help = "To be run once after a restore: every client then reloads what it shows."

    def handle(self, *args: Any, **options: Any) -> None:
        count = renew_epochs()
        self.stdout.write(f"{count} streams begin a new life: clients reload their pages' contents.")
