"""Register the demo with Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo, which stands above all rooms."""

    name = "entente.demo"
    label = "demo"

    def ready(self) -> None:
        """Open the demo's doors."""
        from entente.demo import doors  # noqa: F401
