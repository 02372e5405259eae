"""Register the room with Django."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The room ``directory``."""

    name = "entente.directory"
    label = "directory"

    def ready(self) -> None:
        """Tell the gate and the shell what this room offers."""
        from entente.directory import doors

        doors.open_doors()
