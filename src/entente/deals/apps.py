"""Register the room with Django."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    """The room ``deals``."""

    name = "entente.deals"
    label = "deals"
