"""Register the room with Django."""

from django.apps import AppConfig


class AlliancesConfig(AppConfig):
    """The room ``alliances``."""

    name = "entente.alliances"
    label = "alliances"
