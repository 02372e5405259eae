"""Register the room with Django."""

from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    """The room ``measurement``."""

    name = "entente.measurement"
    label = "measurement"
