"""Register the room with Django."""

from django.apps import AppConfig


class AlliancesConfig(AppConfig):
    """The room ``alliances``."""

    name = "entente.alliances"
    label = "alliances"

    def ready(self) -> None:
        """Open the room's doors."""
        from entente.alliances import doors

        doors.open_doors()
