"""Staff's pages about people and the town itself; addresses are under /mairie/SLUG/."""

from django.urls import path

from hub.people.desk import answer_hours, citizen_fields, citizens, entry, imports, records, team, town

urlpatterns = [
    path("", entry.home, name="desk_home"),
    path("citoyens/", citizens.citizens, name="desk_citizens"),
    path("citoyens/nouveau/", citizens.citizen_new, name="desk_citizen_new"),
    path("citoyens/affichage/", citizens.citizens_view, name="desk_citizens_view"),
    path("citoyens/exporter/", citizens.citizens_export, name="desk_citizens_export"),
    path("citoyens/exporter/<int:file_id>/", citizens.citizens_file, name="desk_export"),
    path("citoyens/exporter/<int:file_id>/telecharger/", citizens.citizens_file_download, name="desk_export_file"),
    path("citoyens/importation/", imports.imports, name="desk_imports"),
    path("citoyens/importation/modele/telecharger/<slug:kind>/", imports.import_template, name="desk_import_template"),
    path("citoyens/importation/<int:import_id>/", imports.citizen_import, name="desk_import"),
    path("citoyens/importation/<int:import_id>/confirmer/", imports.import_confirm, name="desk_import_confirm"),
    path("citoyens/importation/<int:import_id>/oublier/", imports.import_drop, name="desk_import_drop"),
    path("citoyens/importation/<int:import_id>/refus/telecharger/", imports.import_refused, name="desk_import_refused"),
    path("citoyens/<int:person_id>/", citizens.citizen, name="desk_citizen"),
    path("citoyens/<int:person_id>/donnees/", records.citizen_records, name="desk_citizen_records"),
    path("equipe/", team.team, name="desk_team"),
    path("equipe/inviter/", team.invite, name="desk_invite"),
    path("equipe/<int:person_id>/", team.member, name="desk_member"),
    path("services/", town.services, name="desk_services"),
    path("services/nouveau/", town.service_new, name="desk_service_new"),
    path("services/<int:service_id>/", town.service, name="desk_service"),
    path("services/<int:service_id>/retirer/", town.service_remove, name="desk_service_remove"),
    path("reglages/", town.settings, name="desk_settings"),
    path("reglages/fiches/", citizen_fields.citizen_fields, name="desk_citizen_fields"),
    path("reglages/heures/", answer_hours.answer_hours, name="desk_answer_hours"),
]
