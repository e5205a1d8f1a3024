"""Answers that leave part by part, so that a long one never stands in memory as a whole."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import FileResponse, StreamingHttpResponse


class Streamed(StreamingHttpResponse):
    """Parts of an ordinary iterator, made one at a time as they leave.

    Django's own, served by an asynchronous server, would first make a list of them all.
    """

    async def __aiter__(self) -> AsyncIterator[Any]:
        """Each part in the thread of the request, as the rest of it."""
        parts: Iterator[Any] = iter(self.streaming_content)  # type: ignore[arg-type]
        end = object()

        def one_more() -> Any:
            return next(parts, end)

        while (part := await sync_to_async(one_more)()) is not end:
            yield part


class StreamedFile(Streamed, FileResponse):
    """The same of a file."""
