"""The app of articles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """Connects the receivers of this app, which concern this app alone."""

    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        """Render what is saved, by admin or by `loaddata`, and keep the menu true."""
        from articles import menu, rendering

        rendering.connect()
        menu.connect()
