"""When the town first answered stands in the ticket, and the figures of a year read one index."""

from django.db import migrations, models


def _take_from_words(apps, schema_editor):
    Ticket, Message = apps.get_model("tickets", "Ticket"), apps.get_model("conversations", "Message")
    said = Message.objects.filter(
        conversation=models.OuterRef("conversation"), side="town", visibility="external"
    ).order_by("seq")
    Ticket.objects.update(first_answer_at=models.Subquery(said.values("at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_board_indexes")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="first_answer_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(_take_from_words, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="ticket", name="tickets_by_closing"),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["closed_done", "closed_refused"])),
                fields=["town", "closed_at"],
                include=(
                    "service",
                    "category",
                    "source",
                    "created_at",
                    "due_on",
                    "first_answer_at",
                    "internal",
                    "anonymous",
                    "merged",
                ),
                name="tickets_by_closing",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", False)),
                fields=["town", "settled_at"],
                name="tickets_settled",
            ),
        ),
    ]
