"""The app of articles."""

from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """Connects the receivers of this app, which concern this app alone."""

    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        """Render what is saved, by admin or by `loaddata`, purge the pages that show it, and hand in the chores."""
        from articles import (
            archives,
            autosaves,
            dated,
            departures,
            freshness,
            legal,
            moving,
            popularity,
            rendering,
            renditions,
            schedule,
        )
        from multitude import backups, caching, health, redirects
        from multitude.background import housekeeping

        post_migrate.connect(_name_the_site, sender=apps.get_app_config("sites"), dispatch_uid="name-the-site")
        rendering.connect()
        dated.connect()
        archives.connect()
        freshness.connect()
        redirects.guard(moving.is_open, schedule.next_change)
        housekeeping.every(popularity.FOLD_SECONDS, popularity.fold)
        housekeeping.once_for_all("rankings", _("classements"), popularity.RANKING_SECONDS, popularity.refresh_rankings)
        housekeeping.once_for_all(
            "autosaves", _("oubli des anciens brouillons"), autosaves.SWEEP_SECONDS, autosaves.drop_old
        )
        housekeeping.once_for_all("departures", _("départs des articles"), departures.EVERY_SECONDS, departures.see_off)
        housekeeping.whenever(
            renditions.WORK,
            renditions.work_off,
            waits=renditions.waits,
            seconds=renditions.EVERY_SECONDS,
            thread="pictures",
        )
        housekeeping.at_shutdown(popularity.fold)
        caching.on_purge(popularity.fold_when_asked)
        health.register("pictures", _("images"), renditions.examine)
        health.register("legal_pages", _("pages légales"), legal.examine)
        backups.once_restored(renditions.make_lost)


def _name_the_site(using: str, **kwargs: Any) -> None:
    """Have Django's own row of the site say what SITE_URL says; links from admin to the site are made of it."""
    values = {"domain": urlsplit(settings.SITE_URL).netloc[:100], "name": "Multitude"}
    apps.get_model("sites", "Site").objects.using(using).update_or_create(pk=settings.SITE_ID, defaults=values)
