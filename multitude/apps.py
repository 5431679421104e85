"""The project's own app: its checks and commands."""

from django.apps import AppConfig


class MultitudeConfig(AppConfig):
    """Registers the system checks when Django starts."""

    name = "multitude"

    def ready(self) -> None:
        """Import the checks, which register themselves."""
        from multitude import checks  # noqa: F401
