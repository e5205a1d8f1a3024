"""Pages of the town hall's staff, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
