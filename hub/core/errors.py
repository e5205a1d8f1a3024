"""The errors that actions raise and edges translate.

    ParvisError
    ├── Invalid        bad input; `field` names what to mend              400 / invalid
    ├── Forbidden      known, but not allowed                             403 / forbidden
    ├── NotFound       missing, or not yours: both answer alike           404 / forbidden on a socket
    ├── Conflict       same key, other content; or a state that passed    409 / conflict
    ├── RateLimited    `retry_after_s` says when                          429 / rate_limited
    └── Unavailable    try again: the database or a provider is away      503 / unavailable

`code` is for programs, `message` for people: a whole sentence in their language (lazy translations allowed).
"""

import math

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class ParvisError(Exception):
    """The root: `code` for programs, `message` for people, `status` for HTTP."""

    code = "error"
    status = 500
    message: "str | Promise" = _("Une erreur est survenue. Rien de ce que vous avez écrit n’est perdu.")

    def __init__(self, message: "str | Promise | None" = None, *, code: str | None = None) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class Invalid(ParvisError):
    """Bad input. `field`: the name of what is wrong, or None when it is the whole."""

    code = "invalid"
    status = 400
    message = _("Cette demande n’est pas valable.")

    def __init__(
        self, message: "str | Promise | None" = None, *, field: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.field = field


class Forbidden(ParvisError):
    """The person is known, and may not do this."""

    code = "forbidden"
    status = 403
    message = _("Vous n’avez pas accès à cette page.")


class NotFound(ParvisError):
    """There is no such thing, or it is not yours: nobody can tell which."""

    code = "not_found"
    status = 404
    message = _("Cet élément n’existe pas, ou ne vous est pas ouvert.")


class Conflict(ParvisError):
    """The same key with another content, or a state that has passed."""

    code = "conflict"
    status = 409
    message = _("Cette action contredit une action précédente.")


def _too_fast(retry_after_s: float) -> str:
    if retry_after_s > 90:
        minutes = math.ceil(retry_after_s / 60)
        words = ngettext(
            "Vous allez un peu vite. Réessayez dans %(count)d minute.",
            "Vous allez un peu vite. Réessayez dans %(count)d minutes.",
            minutes,
        )
        return words % {"count": minutes}
    seconds = max(1, math.ceil(retry_after_s))
    words = ngettext(
        "Vous allez un peu vite. Réessayez dans %(count)d seconde.",
        "Vous allez un peu vite. Réessayez dans %(count)d secondes.",
        seconds,
    )
    return words % {"count": seconds}


class RateLimited(ParvisError):
    """Too much, too fast. `retry_after_s`: seconds until one more is allowed."""

    code = "rate_limited"
    status = 429

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(lazy(_too_fast, str)(retry_after_s))  # in the language of who reads it
        self.retry_after_s = retry_after_s


class Unavailable(ParvisError):
    """What this needs is away for a moment; the same call may succeed later."""

    code = "unavailable"
    status = 503
    message = _("Le service est momentanément indisponible. Votre texte est gardé.")
