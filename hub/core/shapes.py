"""What the API's inputs have in common."""

from typing import Annotated

from ninja import Query, Schema
from pydantic import AfterValidator, ConfigDict, StringConstraints

MAX_ROWS = 100
MAX_NUMBER = 2**63 - 1  # what the database counts with


class Input(Schema):
    """A JSON body: a field that we don't know is a mistake, said at once."""

    model_config = ConfigDict(extra="forbid")


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("control characters are not allowed")
    return text


# One line of text as people write it, without edge white space or control characters.
Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_printable)]

Limit = Annotated[int, Query(ge=1, le=MAX_ROWS, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=MAX_NUMBER, description="How many to leave out first.")]
