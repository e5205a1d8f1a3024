"""Addresses of the themes' settings, of proofs and of other authorities' alerts, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, path

from hub.alerts import themes_desk
from hub.alerts.cap import desk as cap
from hub.alerts.proof import page as proof

urlpatterns: list[URLPattern | URLResolver] = [
    path("alertes/<slug:number>/preuve.pdf", proof.alert_proof, name="desk_alert_proof"),
    path("alertes/recues/", cap.received, name="desk_cap"),
    path("alertes/recues/secret/", cap.cap_door, name="desk_cap_door"),
    path("reglages/alertes/", themes_desk.themes, name="desk_themes"),
    path("reglages/alertes/nouvelle/", themes_desk.theme_new, name="desk_theme_new"),
    path("reglages/alertes/<int:theme_id>/", themes_desk.theme, name="desk_theme"),
    path("reglages/alertes/<int:theme_id>/rang/", themes_desk.theme_shift, name="desk_theme_shift"),
    path("reglages/alertes/<int:theme_id>/archiver/", themes_desk.theme_archive, name="desk_theme_archive"),
]
