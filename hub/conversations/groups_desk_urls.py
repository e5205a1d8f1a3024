"""Addresses of groups and live chats at the desk, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, path

from hub.conversations import groups_desk

urlpatterns: list[URLPattern | URLResolver] = [
    path("groupes/", groups_desk.groups, name="desk_groups"),
    path("groupes/nouveau/", groups_desk.group_new, name="desk_group_new"),
    path("groupes/<int:conversation_id>/modifier/", groups_desk.group_change, name="desk_group_change"),
    path("groupes/direct/", groups_desk.live_open, name="desk_live_open"),
    path("groupes/direct/<int:conversation_id>/terminer/", groups_desk.live_end, name="desk_live_end"),
]
