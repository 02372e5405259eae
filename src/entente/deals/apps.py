"""Register the room with Django."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    """The room ``deals``."""

    name = "entente.deals"
    label = "deals"

    def ready(self) -> None:
        """Open the room's doors: facts, menu, panels."""
        from entente.deals import doors  # noqa: F401
