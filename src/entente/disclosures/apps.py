"""Register the room with Django."""

from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    """The room ``disclosures``."""

    name = "entente.disclosures"
    label = "disclosures"
