from django.urls import URLPattern, URLResolver, path

from hub.conversations import options, portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("", portal.messages, name="messages"),
    path("nouveau/", portal.new_message, name="new_message"),
    path("<int:conversation_id>/", portal.conversation, name="conversation"),
    path("<int:conversation_id>/message/<int:seq>/", options.message, name="message"),
    path("<int:conversation_id>/personnes/", options.people_to_name, name="people_to_name"),
    path("<int:conversation_id>/fichiers/", portal.upload, name="upload"),
    path("<int:conversation_id>/fichiers/<uuid:file_id>/", portal.download, name="download"),
    path("<int:conversation_id>/fichiers/<uuid:file_id>/vignette/", portal.thumbnail, name="thumbnail"),
]
