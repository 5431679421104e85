"""The app of comments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Comments, their queue and their decisions."""

    name = "comments"
    verbose_name = _("Commentaires")
