"""Staff's pages about people and the town itself; addresses are under /mairie/SLUG/."""

from django.urls import path

from hub.people.desk import answer_hours, citizens, entry, team, town

urlpatterns = [
    path("", entry.home, name="desk_home"),
    path("citoyens/", citizens.citizens, name="desk_citizens"),
    path("citoyens/nouveau/", citizens.citizen_new, name="desk_citizen_new"),
    path("citoyens/<int:person_id>/", citizens.citizen, name="desk_citizen"),
    path("equipe/", team.team, name="desk_team"),
    path("equipe/inviter/", team.invite, name="desk_invite"),
    path("equipe/<int:person_id>/", team.member, name="desk_member"),
    path("services/", town.services, name="desk_services"),
    path("services/nouveau/", town.service_new, name="desk_service_new"),
    path("services/<int:service_id>/", town.service, name="desk_service"),
    path("services/<int:service_id>/retirer/", town.service_remove, name="desk_service_remove"),
    path("reglages/", town.settings, name="desk_settings"),
    path("reglages/heures/", answer_hours.answer_hours, name="desk_answer_hours"),
]
