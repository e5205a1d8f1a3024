"""The front pages, what every site must say, and what machines ask."""

from django.urls import path

from hub.web import front, installed, operations, outbox, worker

urlpatterns = [
    path("", front.home, name="home"),
    path("communes/", front.towns, name="towns"),
    path("communes/<slug:slug>/", front.town, name="town"),
    path("communes/<slug:slug>/suivre/", front.follow, name="follow_town"),
    path("communes/<slug:slug>/ne-plus-suivre/", front.unfollow, name="unfollow_town"),
    path("langue/", front.choose_language, name="choose_language"),
    path("apparence/", front.choose_theme, name="choose_theme"),
    path("mentions-legales/", front.legal, name="legal"),
    path("accessibilite/", front.accessibility, name="accessibility"),
    path("demo/outbox", outbox.outbox, name="outbox"),
    path("demo/outbox/<slug:item_id>", outbox.item, name="outbox_item"),
    path("demo/outbox/<slug:item_id>/html", outbox.html, name="outbox_html"),
    path("application/", installed.application, name="application"),
    path("signaler/", installed.report_here, name="report_here"),
    path("hors-ligne/", installed.offline, name="offline"),
    path("communes/<slug:slug>/hors-ligne/", installed.offline, name="offline_in_town"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("sw.js", worker.service_worker, name="service_worker"),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("metrics", operations.metrics, name="metrics"),
]
