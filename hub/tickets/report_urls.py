"""« Signaler un problème »."""

from django.urls import URLPattern, URLResolver, path

from hub.tickets.reporting import frame, portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("communes/<slug:slug>/signaler/", portal.choose, name="report"),
    path("communes/<slug:slug>/signaler/<int:category_id>/", portal.report, name="report_form"),
    path("communes/<slug:slug>/signaler/<int:category_id>/proches/", portal.near, name="report_near"),
    path("communes/<slug:slug>/signaler/suivre/<str:number>/", portal.follow, name="report_follow"),
    path("communes/<slug:slug>/signaler/merci/<str:number>/", portal.done, name="report_done"),
    path("communes/<slug:slug>/signaler/cadre/", frame.choose, name="report_framed"),
    path("communes/<slug:slug>/signaler/cadre/<int:category_id>/", frame.report, name="report_form_framed"),
    path("communes/<slug:slug>/signaler/cadre/merci/<str:kept>/", frame.done, name="report_done_framed"),
    path("communes/<slug:slug>/integrer/", frame.embedding, name="embedding"),
    path("integrer.js", frame.script, name="embed_script"),
]
