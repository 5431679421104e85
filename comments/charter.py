"""The charter of comments, in versions: what readers accept and moderators apply."""

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.rendering import clean_html
from comments.models import Charter
from multitude import versions
from multitude.caching import purge
from multitude.sight import journal
from multitude.transactions import act

# Pages that show a version of the charter.
KEY = "charter"
_OVERTAKEN = _(
    "%(colleague)s a publié la version %(number)s le %(time)s, pendant que vous écriviez. Rien n’a changé : "
    "votre texte est gardé ci-dessous. Lisez cette version, puis enregistrez à nouveau pour la remplacer."
)


def in_force() -> int | None:
    """Return the key of the version in force, or None where there is none."""
    return Charter.objects.order_by("-number").values_list("pk", flat=True).first()


def latest() -> Charter | None:
    """Return the version in force, or None where there is none."""
    return Charter.objects.select_related("author").order_by("-number").first()


def check_latest(number: int | None) -> Charter | None:
    """Return the version in force; raises versions.Superseded unless it has this number, 0 where there is none. None does not ask."""
    last = latest()
    versions.check(last, number, _OVERTAKEN)
    return last


@act()
def publish(*, body: str, author: User | None, replaces: int | None = None) -> Charter:
    """Add a version, which is in force from now on, and return it.

    `body` is HTML, cleaned before it is stored. `replaces` is the number of the version that its author had before
    their eyes, 0 for none; None does not ask. Raises versions.Superseded when it is no longer the last one.
    """
    last = check_latest(replaces)
    version = Charter(
        number=versions.after(last),
        body=body,
        body_html=clean_html(body, illustrated=False),
        author=author,
        published_at=timezone.now(),
    )
    versions.add(version, latest, _OVERTAKEN)
    purge(KEY)
    journal.act("charter.publish", number=version.number, user=author.pk if author else None)
    return version
