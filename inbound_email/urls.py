"""Where providers bring mail."""

from django.urls import path

from inbound_email import provider_hooks

urlpatterns = [
    path("<slug:provider>/", provider_hooks.hook, name="inbound_hook"),
    path("<slug:provider>/mime", provider_hooks.hook),  # by this word Mailgun knows that raw mails are wanted
]
