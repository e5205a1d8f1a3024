"""« Créer un compte »: django-allauth's view, which knows from which town's page one comes."""

from typing import Any

from allauth.account.views import SignupView
from django.urls import Resolver404, resolve


class SignUpView(SignupView):  # type: ignore[misc]
    """The town of the page one comes from (`?next=`) is chosen already; another may be (`?town=`, as one chooses)."""

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        return {**super().get_initial(), "town": asked.get("town", "") or _town_of(asked.get("next", ""))}


def _town_of(path: str) -> str:
    """The short name in the address of a town's portal, else nothing."""
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    return str(found.kwargs.get("slug", "")) if found.url_name == "town" else ""
