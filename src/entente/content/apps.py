"""Register the room with Django."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """The room ``content``."""

    name = "entente.content"
    label = "content"

    def ready(self) -> None:
        """Open the room's doors."""
        from entente.content import doors

        doors.open_doors()
