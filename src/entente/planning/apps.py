"""Register the room with Django."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """The room ``planning``."""

    name = "entente.planning"
    label = "planning"

    def ready(self) -> None:
        """Open the room's doors."""
        from entente.planning import doors  # noqa: F401
