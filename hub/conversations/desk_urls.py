"""Addresses of conversations at the desk, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, path

from hub.conversations import desk

urlpatterns: list[URLPattern | URLResolver] = [
    path("messages/", desk.messages, name="desk_messages"),
    path("messages/nouveau/", desk.new_message, name="desk_new_message"),
    path("messages/<int:conversation_id>/", desk.conversation, name="desk_conversation"),
    path("messages/<int:conversation_id>/equipe/", desk.who_answers, name="desk_who_answers"),
]
