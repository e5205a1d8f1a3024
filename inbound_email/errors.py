"""What can be wrong with a mail that came in: one tree, so that a door catches `MailError` and nothing else.

    MailError
    └── TooMuch             beyond a bound of `inbound_email.multipart.Bounds`; said before the work is done
        ├── TooManyBytes
        ├── TooManyParts
        ├── TooDeep         parts in parts in parts
        ├── TooManyHeaders
        └── HeaderTooLong

Anything else that is odd about a mail is read as well as it can be: people's programs write odd mails every day.
"""


class MailError(Exception):
    """This mail isn't read; its bytes are kept, and somebody looks at them."""


class TooMuch(MailError):
    """It is larger than a mail may be in one respect: a mail made to hurt, or by a program gone mad."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{type(self).__name__}: more than {limit}")
        self.limit = limit


class TooManyBytes(TooMuch):
    """The whole mail, as it came."""


class TooManyParts(TooMuch):
    """All parts of all levels, forwarded messages with theirs."""


class TooDeep(TooMuch):
    """Levels of parts."""


class TooManyHeaders(TooMuch):
    """Headers of one part."""


class HeaderTooLong(TooMuch):
    """Bytes of one header, its folded lines together."""
