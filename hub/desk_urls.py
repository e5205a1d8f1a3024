"""Pages of the town hall's staff, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hub.conversations.desk_urls")),
    path("", include("hub.conversations.groups_desk_urls")),
    path("", include("hub.people.desk.urls")),
    path("", include("hub.notifications.previews_urls")),
    path("", include("hub.tickets.settings_urls")),
    path("", include("hub.alerts.themes_urls")),
    path("", include("hub.alerts.desk.urls")),
    path("", include("hub.community.links.desk_urls")),
    path("", include("hub.tickets.programs_urls")),
    path("", include("hub.tickets.desk_urls")),
    path("", include("hub.tickets.panel_urls")),
    path("", include("hub.tickets.figures_urls")),
    path("", include("inbound_email.desk_urls")),  # by its name: it stands above the hub
]
