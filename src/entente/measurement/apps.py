"""Register the room with Django."""

from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    """The room ``measurement``."""

    name = "entente.measurement"
    label = "measurement"

    def ready(self) -> None:
        """Open the room's doors: panels and menu."""
        from entente.measurement import doors  # noqa: F401
