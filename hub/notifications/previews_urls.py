"""Addresses of the previews of what the hub sends, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, path

from hub.notifications import previews_desk

urlpatterns: list[URLPattern | URLResolver] = [
    path("reglages/courriels/", previews_desk.previews, name="desk_previews"),
    path("reglages/courriels/apercu/", previews_desk.preview, name="desk_preview"),
    path("reglages/courriels/apercu/cadre/", previews_desk.frame, name="desk_preview_frame"),
]
