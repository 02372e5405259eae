"""Register the room with Django."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """The room ``content``."""

    name = "entente.content"
    label = "content"
