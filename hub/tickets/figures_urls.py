"""« Chiffres », under /mairie/SLUG/."""

from django.urls import path

from hub.tickets import figures_desk

urlpatterns = [
    path("chiffres/", figures_desk.figures_page, name="desk_figures"),
    path("chiffres/telecharger/<slug:table>/", figures_desk.figures_csv, name="desk_figures_csv"),
]
