"""Addresses of groups and live chats for who follows a town; the thread itself is under /messages/."""

from django.urls import URLPattern, URLResolver, path

from hub.conversations import groups_portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("groupes/", groups_portal.groups, name="groups"),
    path("messages/<int:conversation_id>/entrer/", groups_portal.enter, name="enter"),
    path("messages/<int:conversation_id>/groupe/", groups_portal.act, name="group_action"),
]
