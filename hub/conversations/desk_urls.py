"""Addresses of conversations at the desk, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, path

from hub.conversations import desk, moderation_desk

urlpatterns: list[URLPattern | URLResolver] = [
    path("messages/", desk.messages, name="desk_messages"),
    path("messages/nouveau/", desk.new_message, name="desk_new_message"),
    path("messages/<int:conversation_id>/", desk.conversation, name="desk_conversation"),
    path("messages/<int:conversation_id>/equipe/", desk.who_answers, name="desk_who_answers"),
    path("moderation/", moderation_desk.to_handle, name="desk_moderation"),
    path("moderation/traites/", moderation_desk.handled, name="desk_moderation_handled"),
    path("moderation/sourdine/", moderation_desk.silences, name="desk_moderation_silences"),
    path("moderation/sourdine/<int:silence_id>/lever/", moderation_desk.silence_lift, name="desk_silence_lift"),
    path("moderation/journal/", moderation_desk.trail, name="desk_moderation_trail"),
    path("moderation/<int:conversation_id>/<int:seq>/", moderation_desk.case, name="desk_moderation_case"),
    path(
        "moderation/<int:conversation_id>/<int:seq>/fichiers/<uuid:file_id>/",
        moderation_desk.case_file,
        name="desk_moderation_file",
    ),
]
