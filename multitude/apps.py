"""The project's own app: its checks, its commands, and what keeps every process's memory true."""

from django.apps import AppConfig
from django.conf import settings


class MultitudeConfig(AppConfig):
    """Registers the system checks and the chores of the machinery when Django starts."""

    name = "multitude"
    verbose_name = "Multitude"

    def ready(self) -> None:
        """Import the checks, which register themselves, and hand in the chores."""
        from multitude import checks, housekeeping, purging  # noqa: F401
        from multitude.frontcaches import FrontCaches

        reader = purging.Reader()
        if settings.PURGE_URLS:
            caches = FrontCaches(settings.PURGE_URLS)
            reader.then(caches.purge)
            housekeeping.at_shutdown(caches.finish)
        housekeeping.every(purging.SECONDS, reader.read, thread="purges")
        housekeeping.once_for_all("purges", 3_600, purging.drop_old)
