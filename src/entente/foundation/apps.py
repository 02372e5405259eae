"""Register the room with Django."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The lowest room."""

    name = "entente.foundation"
    label = "foundation"
