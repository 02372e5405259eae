"""Register the room with Django."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """The room ``engagement``."""

    name = "entente.engagement"
    label = "engagement"

    def ready(self) -> None:
        """Open the room's doors."""
        from entente.engagement import doors  # noqa: F401
