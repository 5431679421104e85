"""What the machinery keeps in the database: purges for every process to read, who does which chore, and what went wrong."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PurgeEvent(models.Model):
    """Pages that changed: written in the act's own transaction, read by every process within a second.

    Rows are added by `caching.purge()`, read by `purging.Reader`, and dropped after a day.
    """

    keys = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.keys


class Chore(models.Model):
    """A periodic task that one process at a time does for all: when it was last taken up."""

    name = models.CharField(max_length=40, primary_key=True)
    claimed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Incident(models.Model):
    """A time in which a probe of `health` was not well, and what it said at first; under way while it has no end.

    Rows are written and dropped by `incidents`.
    """

    probe = models.CharField(max_length=40)
    grade = models.PositiveSmallIntegerField()
    sentence = models.CharField(max_length=500)
    began_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("incident")
        # Whoever may see incidents may see the page of the site's state.
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["probe"], condition=models.Q(ended_at=None), name="one_incident_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
                name="incidents_end_after_they_began",
            ),
        ]

    def __str__(self) -> str:
        return self.probe
