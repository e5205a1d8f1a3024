from django.apps import AppConfig


class StreamsConfig(AppConfig):
    name = "hub.streams"
