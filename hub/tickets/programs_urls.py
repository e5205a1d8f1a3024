"""Addresses of the settings about other programs, under /mairie/SLUG/."""

from django.urls import URLPattern, URLResolver, include, path

from hub.tickets.programs_desk import keys, webhooks

_WEBHOOK = "webhooks/<int:webhook_id>/"

_pages: list[URLPattern | URLResolver] = [
    path("", keys.programs, name="desk_programs"),
    path("cles/<int:key_id>/supprimer/", keys.key_revoke, name="desk_program_key_revoke"),
    path("webhooks/nouveau/", webhooks.webhook_new, name="desk_webhook_new"),
    path(_WEBHOOK, webhooks.webhook, name="desk_webhook"),
    path(f"{_WEBHOOK}secret/", webhooks.webhook_secret, name="desk_webhook_secret"),
    path(f"{_WEBHOOK}service/", webhooks.webhook_switch, name="desk_webhook_switch"),
    path(f"{_WEBHOOK}essai/", webhooks.webhook_try, name="desk_webhook_try"),
    path(f"{_WEBHOOK}supprimer/", webhooks.webhook_remove, name="desk_webhook_remove"),
    path(f"{_WEBHOOK}appels/<int:call_id>/renvoyer/", webhooks.webhook_retry, name="desk_webhook_retry"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("reglages/programmes/", include(_pages))]
