"""Where static files are kept: named by their content, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites the imports between JavaScript modules too: each module names the version of what it needs."""

    support_js_module_import_aggregation = True
