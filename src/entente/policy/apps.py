"""Register the room with Django."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The room ``policy``."""

    name = "entente.policy"
    label = "policy"

    def ready(self) -> None:
        """Open the room's doors."""
        from entente.policy import doors  # noqa: F401
