"""What the machinery keeps in the database: purges for every process to read, who does which chore, how backups went."""

from django.db import models
from django.utils import timezone


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


class BackupRun(models.Model):
    """A scheduled backup: when it ended, and why it failed where it did. Dropped after ninety days."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    failure = models.TextField(blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.failure}".strip()
