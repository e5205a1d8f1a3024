"""People are found by their folded words, and put in order by them, whatever the database knows of accents."""

from itertools import islice

from django.db import migrations

import hub.core.folding

_AT_ONCE = 1_000


def _fill(apps, schema_editor):
    for name in ("Person", "Address"):
        model = apps.get_model("people", name)
        words = model._meta.get_field("words")
        rows = model.objects.iterator(chunk_size=_AT_ONCE)
        while some := list(islice(rows, _AT_ONCE)):
            for row in some:
                words.pre_save(row, add=False)
            model.objects.bulk_update(some, ["words"])


class Migration(migrations.Migration):
    dependencies = [("people", "0003_lists_and_imports")]
    operations = [
        migrations.AddField(
            model_name="person",
            name="words",
            field=hub.core.folding.FoldedField("last_name", "first_name", "email", blank=True, default="", editable=False),
        ),
        migrations.AddField(
            model_name="address",
            name="words",
            field=hub.core.folding.FoldedField(
                "city", "street", "number", "postal_code", blank=True, default="", editable=False
            ),
        ),
        migrations.RunPython(_fill, migrations.RunPython.noop),
    ]
