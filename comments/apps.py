"""The app of comments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Comments, their queue and their decisions."""

    name = "comments"
    verbose_name = _("Commentaires")

    def ready(self) -> None:
        """Hand in what is done beside answering."""
        from comments import counters, figures, notifications, privacy
        from multitude import backups, facts
        from multitude.background import housekeeping
        from multitude.sight import metrics

        housekeeping.once_for_all(
            "digest", _("avis à la modération"), notifications.EVERY_SECONDS, notifications.send_digest_if_due
        )
        housekeeping.once_for_all(
            "retention", _("effacement des données personnelles"), privacy.EVERY_SECONDS, privacy.apply_retention
        )
        housekeeping.every(figures.EVERY_SECONDS, figures.renew, thread="figures")
        metrics.gauge("comments_waiting", "Comments that wait for a decision.", counters.waiting)
        metrics.gauge(
            "comments_oldest_waiting_seconds",
            "How long the one that waits longest has waited.",
            figures.oldest_seconds,
        )
        facts.tell(
            "conservation", _("la durée de conservation des emails et des adresses réseau"), privacy.retention_label
        )
        # What has grown too old since the backup was made must not come back with it.
        backups.once_restored(lambda missing: privacy.apply_retention())
