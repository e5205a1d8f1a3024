"""Times are the hub's own (`hub.core.clock`), so that the past can be told. Nothing changes in the database."""

from django.db import migrations, models

import hub.core.clock

FIELDS = (
    ("conversation", "created_at"),
    ("conversation", "last_at"),
    ("message", "at"),
    ("participant", "joined_at"),
    ("version", "replaced_at"),
)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0005_moderated_messages_are_found")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(model, name, models.DateTimeField(default=hub.core.clock.now))
                for model, name in FIELDS
            ]
        )
    ]
