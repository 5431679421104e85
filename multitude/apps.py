"""The project's own app: its checks, its commands, and what keeps every process's memory true."""

from email.utils import parseaddr

from django.apps import AppConfig
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


class MultitudeConfig(AppConfig):
    """Registers the system checks and the chores of the machinery when Django starts."""

    name = "multitude"
    verbose_name = "Multitude"

    def ready(self) -> None:
        """Import the checks, which register themselves, hand in the chores, and tell what the settings say."""
        from multitude import backups, checks, clock, facts, health, purging  # noqa: F401
        from multitude.accounts import record, sessions, throttle
        from multitude.background import heartbeats, housekeeping, tasks
        from multitude.frontcaches import FrontCaches
        from multitude.health import incidents, probes, writing
        from multitude.mail import delivery, outbox
        from multitude.sight import exposition, metrics

        reader = purging.Reader()
        if settings.PURGE_URLS:
            caches = FrontCaches(settings.PURGE_URLS)
            reader.then(caches.purge)
            housekeeping.at_shutdown(caches.finish)
        housekeeping.every(purging.SECONDS, reader.read, thread="purges")
        housekeeping.every(clock.EVERY_SECONDS, clock.compare, thread="purges")
        housekeeping.once_for_all("purges", _("oubli des anciennes purges"), 3_600, purging.drop_old)
        housekeeping.every(30, sessions.write_down)
        housekeeping.once_for_all("sessions", _("ménage des sessions"), 60, sessions.sweep)
        housekeeping.once_for_all("tries", _("oubli des essais de connexion"), 3_600, throttle.drop_old)
        housekeeping.once_for_all("accounts", _("oubli des anciens événements des comptes"), 3_600, record.drop_old)
        housekeeping.whenever(
            outbox.WORK, delivery.deliver, waits=delivery.waits, seconds=delivery.LOOK_SECONDS, thread="mail"
        )
        backups.once_restored(outbox.park_restored)
        backups.once_restored(lambda missing: sessions.end_everybodys())
        housekeeping.once_for_all("outbox", _("oubli des mails partis"), outbox.SWEEP_SECONDS, outbox.forget_old)
        housekeeping.once_for_all("tasks", _("oubli des tâches terminées"), tasks.SWEEP_SECONDS, tasks.forget_old)
        housekeeping.once_for_all(
            "heartbeats", _("oubli des processus disparus"), tasks.SWEEP_SECONDS, heartbeats.drop_old
        )
        probes.register()
        health.register("backup", _("sauvegardes programmées"), backups.examine)
        housekeeping.every(incidents.EVERY_SECONDS, incidents.look, thread="health")
        housekeeping.every(writing.EVERY_SECONDS, writing.attempt, thread="health")
        metrics.gauge("mails_waiting", "Mails that have not left, and are not parked.", delivery.waiting)
        metrics.trait(lambda: {"publication_lag_seconds": reader.lag()})
        if settings.METRICS_ADDRESS:
            exposition.start()
        facts.tell("site", _("l’adresse du site"), _site)
        facts.tell("contact", _("l’adresse email du journal"), _contact)


def _site() -> str:
    return settings.SITE_URL


def _contact() -> SafeString:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return format_html('<a href="mailto:{}">{}</a>', address, address)
