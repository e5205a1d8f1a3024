"""The home page, what every site must say, and what machines ask."""

from django.urls import path

from hub.web import views

urlpatterns = [path("", views.home, name="home")]
