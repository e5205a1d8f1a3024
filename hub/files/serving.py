"""Giving a stored file to a browser. Who may have it was decided before."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from hub.core.errors import NotFound
from hub.files.models import StoredFile

_CACHE_S = 3600


def file_response(file: StoredFile, *, thumbnail: bool = False) -> HttpResponse:
    """The file as an attachment (RFC 6266), or its thumbnail. Pictures, which we made anew, may show in a page.

    Raises `NotFound` when the bytes are gone, or there is no thumbnail.
    """
    kept = file.thumbnail if thumbnail else file.content
    if not kept:
        raise NotFound
    try:
        with kept.open("rb") as source:
            data = source.read()
    except FileNotFoundError as error:
        raise NotFound from error
    response = HttpResponse(data, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(not file.is_picture, file.name) or "attachment"
    response["Cache-Control"] = f"private, max-age={_CACHE_S}"
    # Whatever the bytes are, they run nothing, guess nothing and are read by no other site.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
