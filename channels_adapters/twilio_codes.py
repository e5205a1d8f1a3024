"""What Twilio's error codes mean for us.

Each has a page: https://www.twilio.com/docs/api/errors/21211 and so on. Those from 30001 on come with a receipt, the
others with the answer to a request; a few come either way.
"""

from collections.abc import Mapping

from channels_adapters.base import PROVIDERS_FAULTS, Became, Cause, Result

# The answer to a request says `Result`, a receipt says `Became`. UNDELIVERABLE: it never will be, whoever tries.
CODES: Mapping[int, tuple[Result | Became, Cause]] = {
    # Who we are to them.
    10001: (Result.REFUSED, Cause.ACCOUNT),  # account is not active
    10002: (Result.REFUSED, Cause.ACCOUNT),  # a trial account can't
    20003: (Result.REFUSED, Cause.ACCOUNT),  # wrong credentials, or no credit left
    20005: (Result.REFUSED, Cause.ACCOUNT),  # account suspended
    20006: (Result.REFUSED, Cause.ACCOUNT),  # access denied
    20008: (Result.REFUSED, Cause.ACCOUNT),  # test credentials
    20404: (Result.REFUSED, Cause.ACCOUNT),  # no such account or Messaging Service
    21210: (Result.REFUSED, Cause.ACCOUNT),  # the number that calls is not verified
    21212: (Result.REFUSED, Cause.ACCOUNT),  # the number that calls is none
    21219: (Result.REFUSED, Cause.ACCOUNT),  # a trial account calls verified numbers only
    21603: (Result.REFUSED, Cause.ACCOUNT),  # no number to send from
    21606: (Result.REFUSED, Cause.ACCOUNT),  # the number we send from is not ours, or sends no SMS
    21608: (Result.REFUSED, Cause.ACCOUNT),  # a trial account writes to verified numbers only
    21609: (Result.REFUSED, Cause.ACCOUNT),  # they can't call our address: it is none of the internet
    21659: (Result.REFUSED, Cause.ACCOUNT),  # the number we send from is none of Twilio's
    21660: (Result.REFUSED, Cause.ACCOUNT),  # … of another account
    21701: (Result.REFUSED, Cause.ACCOUNT),  # no such Messaging Service
    21703: (Result.REFUSED, Cause.ACCOUNT),  # the Messaging Service has no number
    21704: (Result.REFUSED, Cause.ACCOUNT),  # … none that can send
    30002: (Became.FAILED, Cause.ACCOUNT),  # account suspended
    # Too much at once.
    10004: (Result.TEMPORARY, Cause.RATE),  # as many calls as the account may have at a time
    14107: (Result.TEMPORARY, Cause.RATE),  # messages to one number, too fast
    20429: (Result.TEMPORARY, Cause.RATE),
    21611: (Result.TEMPORARY, Cause.RATE),  # the queue of the number we send from is full
    30001: (Became.FAILED, Cause.RATE),  # queue overflow
    30022: (Became.FAILED, Cause.RATE),  # the carrier's daily or per-second limit
    30027: (Became.FAILED, Cause.RATE),  # … the day's, at a carrier of the United States
    30036: (Became.FAILED, Cause.RATE),  # it waited longer than it was worth (`ValidityPeriod`)
    63038: (Result.TEMPORARY, Cause.RATE),  # as many as the account may send in a day
    # Whom it is for.
    13223: (Result.REFUSED, Cause.ADDRESS),  # no phone number
    13224: (Result.REFUSED, Cause.ADDRESS),
    21201: (Result.REFUSED, Cause.ADDRESS),
    21211: (Result.REFUSED, Cause.ADDRESS),
    21214: (Result.REFUSED, Cause.ADDRESS),  # it can't be reached
    21217: (Result.REFUSED, Cause.ADDRESS),
    21604: (Result.REFUSED, Cause.ADDRESS),
    21610: (Result.REFUSED, Cause.BLOCKED),  # they said STOP
    21614: (Result.REFUSED, Cause.NOT_CAPABLE),  # not a mobile
    21635: (Result.REFUSED, Cause.NOT_CAPABLE),  # a landline
    30003: (Became.FAILED, Cause.OFF),  # off, or out of reach
    30005: (Became.UNDELIVERABLE, Cause.ADDRESS),  # unknown handset
    30006: (Became.UNDELIVERABLE, Cause.NOT_CAPABLE),  # a landline
    # Where it goes.
    13227: (Result.REFUSED, Cause.NOT_ALLOWED),  # calls to that country are not switched on
    21215: (Result.REFUSED, Cause.NOT_ALLOWED),
    21216: (Result.REFUSED, Cause.NOT_ALLOWED),  # a blocked range of numbers
    21408: (Result.REFUSED, Cause.NOT_ALLOWED),  # SMS to that country are not switched on
    30041: (Became.UNDELIVERABLE, Cause.NOT_ALLOWED),
    30454: (Became.FAILED, Cause.NOT_ALLOWED),  # taken for a pumping of SMS
    # What it says.
    21602: (Result.REFUSED, Cause.CONTENT),  # nothing
    21605: (Result.REFUSED, Cause.CONTENT),  # too long
    21617: (Result.REFUSED, Cause.CONTENT),
    21619: (Result.REFUSED, Cause.CONTENT),
    30007: (Became.FAILED, Cause.CONTENT),  # taken for spam
    # The network between them and the person.
    21612: (Result.REFUSED, Cause.CARRIER),  # no way from that number to this one
    30004: (Became.FAILED, Cause.CARRIER),  # blocked on its way: by the carrier as often as by the person
    30008: (Became.FAILED, Cause.CARRIER),  # they don't know
    30017: (Became.FAILED, Cause.CARRIER),  # congestion
    30410: (Became.FAILED, Cause.CARRIER),  # the carrier did not answer in time
    30500: (Became.FAILED, Cause.DOWN),  # an error of Twilio's own
}

_OF_THEIRS = frozenset({Cause.ADDRESS, Cause.BLOCKED, Cause.NOT_CAPABLE})


def as_result(code: int) -> tuple[Result, Cause] | None:
    """What the answer to a request means by this code."""
    if (known := CODES.get(code)) is None:
        return None
    said, cause = known
    if isinstance(said, Result):
        return said, cause
    # Said at once, a fault of the provider's is one that passes.
    return (Result.TEMPORARY if cause in PROVIDERS_FAULTS - {Cause.ACCOUNT} else Result.REFUSED), cause


def as_became(code: int, otherwise: Became = Became.FAILED) -> tuple[Became, Cause]:
    """What a receipt means by this code."""
    if (known := CODES.get(code)) is None:
        return otherwise, Cause.CARRIER
    said, cause = known
    if isinstance(said, Became):
        return said, cause
    return (Became.UNDELIVERABLE if cause in _OF_THEIRS else Became.FAILED), cause
