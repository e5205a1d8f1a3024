"""Addresses of the themes' settings, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, path

from hub.alerts import themes_desk

urlpatterns: list[URLPattern | URLResolver] = [
    path("reglages/alertes/", themes_desk.themes, name="desk_themes"),
    path("reglages/alertes/nouvelle/", themes_desk.theme_new, name="desk_theme_new"),
    path("reglages/alertes/<int:theme_id>/", themes_desk.theme, name="desk_theme"),
    path("reglages/alertes/<int:theme_id>/rang/", themes_desk.theme_shift, name="desk_theme_shift"),
    path("reglages/alertes/<int:theme_id>/archiver/", themes_desk.theme_archive, name="desk_theme_archive"),
]
