"""Register the room with Django."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """The room ``consent``."""

    name = "entente.consent"
    label = "consent"
