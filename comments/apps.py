"""The app of comments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Comments, their queue and their decisions."""

    name = "comments"
    verbose_name = _("Commentaires")

    def ready(self) -> None:
        """Hand in what web processes do beside answering; a mail server that hangs holds up its own thread alone."""
        from comments import figures, notifications, privacy
        from multitude import backups, facts, housekeeping

        housekeeping.every(notifications.EVERY_SECONDS, notifications.send_digest_if_due, thread="digest")
        housekeeping.every(figures.EVERY_SECONDS, figures.renew, thread="figures")
        facts.tell(
            "conservation", _("la durée de conservation des emails et des adresses réseau"), privacy.retention_label
        )
        # What has grown too old since the backup was made must not come back with it.
        backups.once_restored(lambda missing: privacy.apply_retention())
