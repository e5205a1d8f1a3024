from django.urls import URLPattern, URLResolver, path

from hub.conversations import portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("", portal.messages, name="messages"),
    path("nouveau/", portal.new_message, name="new_message"),
    path("<int:conversation_id>/", portal.conversation, name="conversation"),
    path("<int:conversation_id>/fichiers/", portal.upload, name="upload"),
    path("<int:conversation_id>/fichiers/<uuid:file_id>/", portal.download, name="download"),
    path("<int:conversation_id>/fichiers/<uuid:file_id>/vignette/", portal.thumbnail, name="thumbnail"),
]
