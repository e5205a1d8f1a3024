"""Addresses of alerts for citizens."""

from django.urls import URLPattern, URLResolver, path

from hub.alerts.cap import hook, pages
from hub.alerts.portal import confirm, link, numbers, own, register, told

urlpatterns: list[URLPattern | URLResolver] = [
    path("communes/<slug:slug>/alertes/", told.alerts, name="alerts"),
    path("communes/<slug:slug>/alertes/en-cours/", told.current_alerts, name="alerts_current"),
    path("communes/<slug:slug>/alertes/flux.atom", pages.alerts_feed, name="alerts_feed"),
    path("communes/<slug:slug>/alertes/<slug:number>/", told.alert, name="alert"),
    path("communes/<slug:slug>/alertes/<slug:number>/cap.xml", pages.alert_cap, name="alert_cap"),
    path("hooks/cap/<slug:slug>/", hook.cap_hook, name="cap_hook"),
    path("notifications/alertes/<slug:slug>/", own.alert_wishes, name="alert_wishes"),
    path("compte/telephones/<int:phone_id>/verifier/", numbers.phone_verify, name="phone_verify"),
    path("compte/registre/", register.own_register, name="account_register"),
    path("a/<str:token>/", confirm.alert_confirm, name="alert_confirm"),
    path("m/<str:token>/", link.message_link, name="message_link"),
    path("m/<str:token>/arreter/", link.message_leave, name="message_leave"),
]
