"""The database itself refuses to change or delete what the trail holds, whoever asks."""

from django.db import migrations

_SENTENCE = "the audit trail is only ever added to"

_POSTGRESQL = [
    "CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{_SENTENCE}'; END $$",
    "CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()",
]
SQLITE = {
    what: f"CREATE TRIGGER audit_entry_not_{what} BEFORE {what.upper()} ON audit_entry "
    f"BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END"
    for what in ("update", "delete")
}


def _add(apps, schema_editor):
    statements = _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE.values()
    for statement in statements:
        schema_editor.execute(statement)


def _drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_entry_stays ON audit_entry")
        schema_editor.execute("DROP FUNCTION audit_entry_stays()")
    else:
        for what in SQLITE:
            schema_editor.execute(f"DROP TRIGGER audit_entry_not_{what}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_trail")]
    operations = [migrations.RunPython(_add, _drop)]
