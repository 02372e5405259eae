"""Register the room with Django."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """The room ``engagement``."""

    name = "entente.engagement"
    label = "engagement"
