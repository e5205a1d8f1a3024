"""Addresses of notifications, under /notifications/."""

from django.urls import URLPattern, URLResolver, path

from hub.notifications import devices_portal, portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("", portal.notifications, name="notifications"),
    path("lues/", portal.read_all, name="notifications_read"),
    path("supprimer/", portal.delete, name="notifications_delete"),
    path("preferences/", portal.preferences, name="notification_preferences"),
    path("appareils/<int:device_id>/essai/", devices_portal.send_test, name="device_test"),
    path("appareils/<int:device_id>/retirer/", devices_portal.remove, name="device_remove"),
    path("<int:notification_id>/", portal.follow, name="notification"),
]
