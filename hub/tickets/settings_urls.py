"""Addresses of the settings of tickets, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, include, path

from hub.tickets.settings_desk import calendar, categories, policies, questions, replies

_CATEGORY = "categories/<int:category_id>/"
_QUESTION = f"{_CATEGORY}questions/<int:question_id>/"

_pages: list[URLPattern | URLResolver] = [
    path("", categories.categories, name="desk_ticket_settings"),
    path("categories/depart/", categories.start, name="desk_ticket_start"),
    path("categories/ensemble/", categories.inheritance, name="desk_ticket_inheritance"),
    path("categories/nouvelle/", categories.category_new, name="desk_ticket_category_new"),
    path(_CATEGORY, categories.category, name="desk_ticket_category"),
    path(f"{_CATEGORY}rang/", categories.category_shift, name="desk_ticket_category_shift"),
    path(f"{_CATEGORY}supprimer/", categories.category_remove, name="desk_ticket_category_remove"),
    path(f"{_CATEGORY}questions/nouvelle/", questions.question_new, name="desk_ticket_question_new"),
    path(_QUESTION, questions.question, name="desk_ticket_question"),
    path(f"{_QUESTION}rang/", questions.question_shift, name="desk_ticket_question_shift"),
    path(f"{_QUESTION}supprimer/", questions.question_remove, name="desk_ticket_question_remove"),
    path("services/", policies.services, name="desk_ticket_services"),
    path("calendrier/", calendar.calendar, name="desk_ticket_calendar"),
    path("calendrier/fermer/", calendar.close, name="desk_ticket_close_days"),
    path("calendrier/rouvrir/", calendar.reopen, name="desk_ticket_open_days"),
    path("regles/", policies.policies, name="desk_ticket_rules"),
    path("courriels/", policies.mails, name="desk_ticket_mails"),
    path("courriels/<slug:mail_code>/", policies.mail, name="desk_ticket_mail"),
    path("reponses/", replies.replies, name="desk_ticket_replies"),
    path("reponses/nouvelle/", replies.reply_new, name="desk_ticket_reply_new"),
    path("reponses/<int:reply_id>/", replies.reply, name="desk_ticket_reply"),
    path("reponses/<int:reply_id>/supprimer/", replies.reply_remove, name="desk_ticket_reply_remove"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("reglages/requetes/", include(_pages))]
