"""A webhook knows since when it fails, and since when and why it is out of service."""

from django.db import migrations, models

GONE = 410


def _say_why(apps, schema_editor):
    Webhook, Call = apps.get_model("tickets", "Webhook"), apps.get_model("tickets", "WebhookCall")
    answered = Call.objects.filter(webhook=models.OuterRef("pk"), answered__isnull=False).order_by("-pk")
    off = Webhook.objects.filter(active=False).annotate(last=models.Subquery(answered.values("answered")[:1]))
    gone = list(off.filter(last=GONE).values_list("pk", flat=True))
    Webhook.objects.filter(pk__in=gone).update(off_why="gone")
    Webhook.objects.filter(active=False, off_why="").update(off_why="hand")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_first_answers")]

    operations = [
        migrations.AddField(
            model_name="webhook",
            name="off_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="webhook",
            name="off_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("hand", "mis hors service par la mairie"),
                    ("gone", "son programme n’existe plus"),
                    ("failing", "aucun appel n’arrivait plus"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="webhook",
            name="failing_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="webhook",
            name="failed_with",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="webhook",
            name="failed_why",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.RunPython(_say_why, migrations.RunPython.noop),
    ]
