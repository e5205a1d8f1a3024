"""The folded words of tickets are found by an index. PostgreSQL only: SQLite reads them one by one."""

from django.db import migrations

_INDEX = "CREATE INDEX ticket_words ON tickets_ticket USING gin (to_tsvector('simple', words))"


def _add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_INDEX)


def _drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX ticket_words")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunPython(_add, _drop)]
