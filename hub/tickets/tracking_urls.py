"""A citizen's own tickets, and what a town shows to everybody."""

from django.urls import URLPattern, URLResolver, path

from hub.tickets.tracking import acts, door, following, mine, page, public

urlpatterns: list[URLPattern | URLResolver] = [
    path("suivi/", door.search, name="ticket_search"),
    path("suivi/abonnement/<str:secret>/", following.subscription, name="ticket_subscription"),
    path("suivi/<slug:number>/", page.ticket, name="ticket"),
    path("suivi/<slug:number>/repondre/", acts.answer, name="ticket_answer"),
    path("suivi/<slug:number>/regle/", acts.settle, name="ticket_settle"),
    path("suivi/<slug:number>/coordonnees/", acts.details, name="ticket_details"),
    path("suivi/<slug:number>/suivre/", following.follow, name="ticket_follow"),
    path("suivi/<slug:number>/ne-plus-suivre/", following.unfollow, name="ticket_unfollow"),
    path("suivi/<slug:number>/fichiers/<uuid:file_id>", page.file, name="ticket_file"),
    path("mes-demandes/", mine.my_tickets, name="my_tickets"),
    path("communes/<slug:slug>/demandes/", public.public_tickets, name="public_tickets"),
]
