"""Addresses of the desk's alerts, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, path

from hub.alerts.desk import compose, decide, follow, listed, sectors

urlpatterns: list[URLPattern | URLResolver] = [
    path("alertes/", listed.alerts, name="desk_alerts"),
    path("alertes/nouvelle/", compose.new, name="desk_alert_new"),
    path("alertes/<int:alert_id>/", follow.alert, name="desk_alert"),
    path("alertes/<int:alert_id>/supprimer/", compose.delete, name="desk_alert_delete"),
    path("alertes/<int:alert_id>/accord/", decide.approve, name="desk_alert_approve"),
    path("alertes/<int:alert_id>/reprendre/", decide.take_back, name="desk_alert_take_back"),
    path("alertes/<int:alert_id>/arreter/", decide.stop, name="desk_alert_stop"),
    path("alertes/<int:alert_id>/precision/", compose.further, {"purpose": "update"}, name="desk_alert_update"),
    path("alertes/<int:alert_id>/fin/", compose.further, {"purpose": "end"}, name="desk_alert_end"),
    path("alertes/<int:alert_id>/suite/", follow.follow_up, name="desk_alert_follow_up"),
    path("alertes/<int:alert_id>/non-joints/", follow.missed, name="desk_alert_missed"),
    path("alertes/<int:alert_id>/non-joints.csv", follow.missed_file, name="desk_alert_missed_file"),
    path("reglages/alertes/secteurs/", sectors.zones, name="desk_zones"),
    path("reglages/alertes/secteurs/nouveau/", sectors.zone_new, name="desk_zone_new"),
    path("reglages/alertes/secteurs/<int:zone_id>/", sectors.zone, name="desk_zone"),
    path("reglages/alertes/secteurs/<int:zone_id>/supprimer/", sectors.zone_remove, name="desk_zone_remove"),
    path("reglages/alertes/regles/", sectors.rules, name="desk_alert_rules"),
]
