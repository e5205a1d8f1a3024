"""Full text in French over messages, accents and ligatures apart. PostgreSQL only: SQLite reads them one by one."""

from django.db import migrations

# What `lower` makes of letters beyond ASCII depends on the database's locale: so they are all named.
_FOLDED = """
CREATE FUNCTION parvis_folded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT lower(translate(
    replace(replace(replace(replace(replace($1, 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'), 'ß', 'ss'),
    'àâäáãåçéèêëíìîïñóòôöõøúùûüýÿł’ÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØÚÙÛÜÝŸŁ', 'aaaaaaceeeeiiiinoooooouuuuyyl''aaaaaaceeeeiiiinoooooouuuuyyl'
)) $$
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
