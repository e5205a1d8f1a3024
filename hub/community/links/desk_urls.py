"""Addresses of links' settings, under /mairie/SLUG/."""

from django.urls import path

from hub.community.links import desk

urlpatterns = [
    path("reglages/liens/", desk.links, name="desk_links"),
    path("reglages/liens/nouveau/", desk.link_new, name="desk_link_new"),
    path("reglages/liens/<int:link_id>/", desk.link, name="desk_link"),
    path("reglages/liens/<int:link_id>/rang/", desk.link_shift, name="desk_link_shift"),
    path("reglages/liens/<int:link_id>/supprimer/", desk.link_remove, name="desk_link_remove"),
]
