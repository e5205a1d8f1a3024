"""Mails that came in, at the desk: under /mairie/SLUG/."""

from django.urls import path

from inbound_email import desk

_ONE = "courriels/<int:mail_id>/"

urlpatterns = [
    path("courriels/", desk.mails, name="desk_mails"),
    path(_ONE, desk.mail, name="desk_mail"),
    path(f"{_ONE}mise-en-page/", desk.laid_out, name="desk_mail_laid_out"),
    path(f"{_ONE}source/", desk.source, name="desk_mail_source"),
    path(f"{_ONE}decider/", desk.decide, name="desk_mail_decide"),
    path(f"{_ONE}relire/", desk.retry, name="desk_mail_retry"),
]
