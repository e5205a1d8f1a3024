"""The page of a town's links, for everybody."""

from django.urls import path

from hub.community.links import portal

urlpatterns = [path("communes/<slug:slug>/liens/", portal.links, name="links")]
