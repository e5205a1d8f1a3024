"""Full text in French over messages, accents and ligatures apart. PostgreSQL only: SQLite reads them one by one."""

from django.db import migrations

_FOLDED = """
CREATE FUNCTION parvis_folded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT translate(
    replace(replace(replace(lower($1), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'),
    'àâäáãåçéèêëíìîïñóòôöõøúùûüýÿł’', 'aaaaaaceeeeiiiinoooooouuuuyyl'''
) $$
"""
_INDEX = """
CREATE INDEX message_words ON conversations_message
USING gin (to_tsvector('french', parvis_folded(body))) WHERE removed_at IS NULL
"""


def _add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_FOLDED)
        schema_editor.execute(_INDEX)


def _drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX message_words")
        schema_editor.execute("DROP FUNCTION parvis_folded(text)")


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_groups_and_moderation")]
    operations = [migrations.RunPython(_add, _drop)]
