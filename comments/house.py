"""What the newsroom set about comments for the whole site: every page with a form asks for it, so each process remembers it."""

from collections.abc import Iterable

from comments.models import CommentSettings
from multitude.caching import SITE, Remembered, purge
from multitude.sight import journal
from multitude.transactions import act

# Pages whose form, or whose word in its place, follows from the settings.
KEY = "commenting"
THE_ROW = 1


def stored() -> CommentSettings:
    """Return the settings as the database holds them, the defaults where it holds none."""
    return CommentSettings.objects.filter(pk=THE_ROW).first() or CommentSettings(pk=THE_ROW)


def current() -> CommentSettings:
    """Return the settings, read from the database at most once a minute by each process; they are not to be changed."""
    return _current.get()


@act()
def keep(settings: CommentSettings, changed: Iterable[str] | None = None) -> None:
    """Store what the newsroom set, all of it or the fields that `changed` names, and have every page that shows it made again."""
    settings.pk = THE_ROW
    CommentSettings.objects.bulk_create([CommentSettings(pk=THE_ROW)], ignore_conflicts=True)
    settings.save(force_update=changed is None, update_fields=changed)
    purge(KEY)
    journal.act("commenting.settings", fields=" ".join(sorted(changed)) if changed is not None else None)


_current = Remembered(stored, SITE, KEY)
