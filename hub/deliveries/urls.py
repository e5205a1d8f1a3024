"""Where providers of ways out call the hub."""

from django.urls import path

from hub.deliveries import hooks

urlpatterns = [
    path("<slug:provider>/", hooks.hook, name="hook"),
    path("<slug:provider>/<str:token>/", hooks.hook, name="hook_of_delivery"),
]
