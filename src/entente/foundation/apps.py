"""Register the room with Django."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The lowest room."""

    name = "entente.foundation"
    label = "foundation"

    def ready(self) -> None:
        """Open the shell."""
        from entente.foundation.web.opening import open_shell

        open_shell()
