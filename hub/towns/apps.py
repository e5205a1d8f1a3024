from django.apps import AppConfig


class TownsConfig(AppConfig):
    name = "hub.towns"
