"""The site's addresses, in French as people read them."""

from django.urls import URLPattern, URLResolver, include, path

from hub.api import urls as api_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hub.web.urls")),
    path("compte/", include("hub.people.urls")),
    path("messages/", include("hub.conversations.urls")),
    path("", include("hub.conversations.groups_urls")),
    path("", include("hub.alerts.urls")),
    path("", include("hub.community.links.urls")),
    path("notifications/", include("hub.notifications.urls")),
    path("", include("hub.tickets.report_urls")),
    path("", include("hub.tickets.tracking_urls")),
    path("mairie/<slug:town_slug>/", include("hub.desk_urls")),
    path("open311/", include("hub.tickets.open311.urls")),
    path("hooks/inbound/", include("inbound_email.urls")),  # by its name: it stands above the hub
    path("hooks/", include("hub.deliveries.urls")),
    path("api/v1/", api_urls),
]

handler404 = "hub.web.views.not_found"
handler403 = "hub.web.views.forbidden"
handler400 = "hub.web.views.bad_request"
handler500 = "hub.web.views.server_error"
