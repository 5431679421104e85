"""The app of articles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """Connects the receivers of this app, which concern this app alone."""

    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        """Render what is saved, by admin or by `loaddata`, purge the pages that show it, count readings, and make pictures."""
        from articles import freshness, popularity, rendering, renditions
        from multitude import caching, housekeeping

        rendering.connect()
        freshness.connect()
        housekeeping.every(popularity.FOLD_SECONDS, popularity.fold)
        housekeeping.once_for_all("rankings", popularity.RANKING_SECONDS, popularity.refresh_rankings)
        housekeeping.every(renditions.EVERY_SECONDS, renditions.make_waiting, thread="pictures")
        housekeeping.at_shutdown(popularity.fold)
        caching.on_purge(popularity.fold_when_asked)
