"""Register the room with Django."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The lowest room."""

    name = "entente.foundation"
    label = "foundation"

    def ready(self) -> None:
        """Open the shell and say what is known about who acts."""
        from entente.foundation import actors
        from entente.foundation.web.opening import open_shell

        actors.register()
        open_shell()
