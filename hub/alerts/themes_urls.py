"""Addresses of themes' settings, proofs, other authorities' alerts and the register, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, path

from hub.alerts import register_desk, themes_desk
from hub.alerts.cap import desk as cap
from hub.alerts.proof import page as proof

urlpatterns: list[URLPattern | URLResolver] = [
    path("alertes/<slug:number>/preuve.pdf", proof.alert_proof, name="desk_alert_proof"),
    path("alertes/recues/", cap.received, name="desk_cap"),
    path("alertes/recues/secret/", cap.cap_door, name="desk_cap_door"),
    path("registre/", register_desk.register, name="desk_register"),
    path("registre/imprimer/", register_desk.register_print, name="desk_register_print"),
    path("registre/<int:person_id>/", register_desk.register_person, name="desk_register_person"),
    path("registre/<int:person_id>/retirer/", register_desk.register_remove, name="desk_register_remove"),
    path("registre/<int:person_id>/refuser/", register_desk.register_refuse, name="desk_register_refuse"),
    path("reglages/alertes/", themes_desk.themes, name="desk_themes"),
    path("reglages/alertes/nouvelle/", themes_desk.theme_new, name="desk_theme_new"),
    path("reglages/alertes/<int:theme_id>/", themes_desk.theme, name="desk_theme"),
    path("reglages/alertes/<int:theme_id>/rang/", themes_desk.theme_shift, name="desk_theme_shift"),
    path("reglages/alertes/<int:theme_id>/archiver/", themes_desk.theme_archive, name="desk_theme_archive"),
]
