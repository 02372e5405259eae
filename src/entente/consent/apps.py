"""Register the room with Django."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """The room ``consent``."""

    name = "entente.consent"
    label = "consent"

    def ready(self) -> None:
        """Tell the gate and the shell what this room offers."""
        from entente.consent import doors

        doors.open_doors()
