"""The charter of comments, in versions: what readers accept and moderators apply."""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.rendering import clean_html
from comments.models import Charter
from multitude.caching import purge
from multitude.people import name_of
from multitude.transactions import act

# Pages that show a version of the charter.
KEY = "charter"


class Superseded(Exception):
    """Somebody else published a version meanwhile; the text says who, in French."""

    def __init__(self, last: Charter | None) -> None:
        super().__init__(_who_was_faster(last))
        self.number = last.number if last else 0
        """The version that is now in force, 0 for none."""


def in_force() -> int | None:
    """Return the key of the version in force, or None where there is none."""
    return Charter.objects.order_by("-number").values_list("pk", flat=True).first()


def latest() -> Charter | None:
    """Return the version in force, or None where there is none."""
    return Charter.objects.select_related("author").order_by("-number").first()


def check_latest(number: int | None) -> Charter | None:
    """Return the version in force; raises Superseded unless it has this number, 0 where there is none. None does not ask."""
    last = latest()
    if number not in {None, last.number if last else 0}:
        raise Superseded(last)
    return last


@act()
def publish(*, body: str, author: User | None, replaces: int | None = None) -> Charter:
    """Add a version, which is in force from now on, and return it.

    `body` is HTML, cleaned before it is stored. `replaces` is the number of the version that its author had before
    their eyes, 0 for none; None does not ask. Raises Superseded when it is no longer the last one.
    """
    last = check_latest(replaces)
    version = Charter(
        number=last.number + 1 if last else 1,
        body=body,
        body_html=clean_html(body, illustrated=False),
        author=author,
        published_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError as error:
        raise Superseded(latest()) from error
    purge(KEY)
    return version


def _who_was_faster(last: Charter | None) -> str:
    if last is None:
        return _("La version que vous remplacez n’existe plus. Rien n’a changé.")
    facts = {
        "number": last.number,
        "colleague": name_of(last.author) if last.author else _("une commande"),
        "time": timezone.localtime(last.published_at).strftime("%d/%m/%Y %H:%M"),
    }
    return (
        _(
            "%(colleague)s a publié la version %(number)s le %(time)s, pendant que vous écriviez. Rien n’a changé : "
            "votre texte est gardé ci-dessous. Lisez cette version, puis enregistrez à nouveau pour la remplacer."
        )
        % facts
    )
