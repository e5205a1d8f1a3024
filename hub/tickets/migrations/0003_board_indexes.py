"""The board reads few rows whatever it is asked: an index for each list and order."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0007_words_of_tickets"),
        ("tickets", "0002_words_are_found"),
        ("towns", "0003_citizen_fields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status", "not_transferred")),
                fields=["town", "created_at", "id"],
                name="tickets_held",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["closed_done", "closed_refused"])),
                fields=["town", "created_at", "id"],
                include=(
                    "service",
                    "category",
                    "assignee",
                    "created_by",
                    "public",
                    "internal",
                    "priority",
                    "source",
                    "kind",
                ),
                name="tickets_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["closed_done", "closed_refused"])),
                fields=["town", "due_on", "id"],
                name="tickets_closed_due",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["closed_done", "closed_refused"])),
                fields=["town", "priority", "created_at", "id"],
                name="tickets_closed_priority",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["closed_done", "closed_refused"])),
                fields=["town", "service", "created_at", "id"],
                name="tickets_closed_service",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", False)), fields=["town"], name="tickets_answered"
            ),
        ),
    ]
