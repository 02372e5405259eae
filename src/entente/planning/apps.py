"""Register the room with Django."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """The room ``planning``."""

    name = "entente.planning"
    label = "planning"
