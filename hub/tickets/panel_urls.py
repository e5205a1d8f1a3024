"""One ticket at the desk, under /mairie/SLUG/requetes/NUMBER/, and how it is made: typed in, of a letter, of an SMS."""

from django.urls import path

from hub.tickets import erasing_desk, grouping_desk, kept_sms_desk, new_desk, panel_desk, scans_desk, slip_desk

_ONE = "requetes/<slug:number>/"

urlpatterns = [
    path("requetes/nouvelle/", new_desk.new, name="desk_ticket_new"),
    path("requetes/nouvelle/questions/", new_desk.questions, name="desk_ticket_new_questions"),
    path("requetes/nouvelle/demandeurs/", new_desk.requesters, name="desk_ticket_new_requesters"),
    path("sms/", kept_sms_desk.received, name="desk_kept_sms"),
    path("requetes/lettres/", scans_desk.drop, name="desk_scans"),
    path("requetes/lettres/<uuid:file_id>/", scans_desk.scan, name="desk_scan"),
    path("requetes/lettres/<uuid:file_id>/ajouter/", scans_desk.join, name="desk_scan_join"),
    path("requetes/lettres/<uuid:file_id>/fichier/", scans_desk.file, name="desk_scan_file"),
    path(_ONE, panel_desk.ticket, name="desk_ticket"),
    path(f"{_ONE}suivi/", panel_desk.follow_up, name="desk_ticket_follow_up"),
    path(f"{_ONE}changer/", panel_desk.change, name="desk_ticket_change"),
    path(f"{_ONE}fermeture/", panel_desk.closing, name="desk_ticket_closing"),
    path(f"{_ONE}fermer/", panel_desk.close, name="desk_ticket_close"),
    path(f"{_ONE}informations/", panel_desk.details, name="desk_ticket_details"),
    path(f"{_ONE}informations/changer/", panel_desk.change_details, name="desk_ticket_change_details"),
    path(f"{_ONE}accuse/", slip_desk.slip, name="desk_ticket_slip"),
    path(f"{_ONE}effacer/", erasing_desk.erase, name="desk_ticket_erase"),
    path(f"{_ONE}prevenez-moi/", panel_desk.watching, name="desk_ticket_watch"),
    path(f"{_ONE}fichiers/<uuid:file_id>/", panel_desk.file, name="desk_ticket_file"),
    path(f"{_ONE}reunion/", grouping_desk.grouping, name="desk_ticket_grouping"),
    path(f"{_ONE}reunir/", grouping_desk.group, name="desk_ticket_group"),
    path(f"{_ONE}separer/", grouping_desk.take_out, name="desk_ticket_take_out"),
    path(f"{_ONE}scission/", grouping_desk.splitting, name="desk_ticket_splitting"),
    path(f"{_ONE}scinder/", grouping_desk.split, name="desk_ticket_split"),
]
