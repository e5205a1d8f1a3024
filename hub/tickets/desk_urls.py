"""The desk's tickets, under /mairie/SLUG/requetes/."""

from django.urls import path

from hub.tickets import board_desk

urlpatterns = [
    path("requetes/", board_desk.board, name="desk_tickets"),
    path("requetes/lignes/", board_desk.lines, name="desk_ticket_lines"),
    path("requetes/vues/", board_desk.save, name="desk_view_save"),
    path("requetes/vues/<int:view_id>/supprimer/", board_desk.forget, name="desk_view_forget"),
    path("requetes/<slug:number>/favori/", board_desk.star_ticket, name="desk_ticket_star"),
]
