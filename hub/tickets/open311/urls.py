"""Addresses of Open311, each in both formats."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, path

from hub.tickets.open311 import views


def _both() -> Iterator[URLPattern]:
    for form in ("json", "xml"):
        said = {"form": form}
        yield path(f"discovery.{form}", views.discovery, said)
        yield path(f"v2/discovery.{form}", views.discovery, said, name=f"open311_discovery_{form}")
        yield path(f"v2/services.{form}", views.services, said, name=f"open311_services_{form}")
        yield path(f"v2/services/<str:service_code>.{form}", views.definition, said)
        yield path(f"v2/requests.{form}", views.requests, said)
        yield path(f"v2/requests/<str:request_id>.{form}", views.request_, said)
        yield path(f"v2/tokens/<str:token_id>.{form}", views.token, said)


urlpatterns: list[URLPattern | URLResolver] = list(_both())
