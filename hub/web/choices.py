"""What a reader chose on this device, kept in cookies: theme and last town; the language's is
Django's own (`settings.LANGUAGE_COOKIE_NAME`). None of them follows anyone.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

THEMES = ("light", "dark")
THEME_COOKIE = "parvis-theme"
TOWN_COOKIE = "parvis-town"
# With it the service worker asks for a page that stays on the device (static/js/sw_pages.js), in the theme it names.
# It sends no cookie.
KEPT_HEADER = "X-Parvis-Kept"
_YEAR_S = 365 * 24 * 3600


def theme(request: HttpRequest) -> str:
    """ "light" or "dark" when the reader chose, else ""."""
    chosen = request.COOKIES.get(THEME_COOKIE) or request.headers.get(KEPT_HEADER, "")
    return chosen if chosen in THEMES else ""


def is_kept(request: HttpRequest) -> bool:
    """Whether the page stays on the device, for when there is no network: it shows nothing that is true today only."""
    return KEPT_HEADER in request.headers


def last_town(request: HttpRequest) -> str:
    """The short name of the last town seen on this device; it may be of none."""
    return request.COOKIES.get(TOWN_COOKIE, "")[:60]


def keep(response: HttpResponse, cookie: str, value: str) -> None:
    """Keep a choice for a year; an empty one is forgotten."""
    if value:
        response.set_cookie(
            cookie, value, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(cookie)
