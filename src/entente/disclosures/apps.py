"""Register the room with Django."""

from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    """The room ``disclosures``."""

    name = "entente.disclosures"
    label = "disclosures"

    def ready(self) -> None:
        """Open the room's doors: facts, events heard, menu, panels."""
        from entente.disclosures import doors  # noqa: F401
