"""What was done to an article, told for its history: the act, and what was decided, in words that stay as they are."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles.models import NOTE_LENGTH, Article, Event, State
from articles.standing import instant_label

Kind = Event.Kind
# Of a picture's description, or of a sentence to readers.
_LONGEST = 60
_SETTINGS = ("section", "lead_picture", "commenting", "commenting_note")


def acts(article: Article, stored: Article | None) -> Iterator[tuple[Kind, str]]:
    """Yield what was done to an article besides writing its texts, each with what was decided."""
    now = article.state()
    before = stored.state() if stored else State.DRAFT
    if stored is not None and article.slug != stored.slug and stored.was_public():
        yield Kind.RENAMED, _from_to(stored.slug, article.slug)
    if now == State.REVIEW and before != now:
        yield Kind.SENT_FOR_REVIEW, ""
    elif before == State.REVIEW and now == State.DRAFT:
        yield Kind.SENT_BACK, ""
    was = stored.embargo_until if stored else None
    if article.embargo_until != was:
        yield Kind.EMBARGOED, _from_to(_instant(was), _instant(article.embargo_until))
    dates = (stored.published_at, stored.unpublished_at) if stored else (None, None)
    if (article.published_at, article.unpublished_at) != dates:
        yield from _dated(article, stored, before, now)
    if stored is not None and (changed := "\u202f; ".join(_changed(article, stored))):
        yield Kind.SET, changed


def names(before: str, after: str) -> str:
    """Say how those who sign an article, or what it is about, have changed."""
    return short(_from_to(before, after), NOTE_LENGTH)


def short(text: str, longest: int = _LONGEST) -> str:
    """Return a text, its end left out where it is longer."""
    return str(Truncator(text).chars(longest))


def _dated(article: Article, stored: Article | None, before: State, now: State) -> Iterator[tuple[Kind, str]]:
    was = stored.published_at if stored else None
    at, until = _instant(article.published_at), _instant(article.unpublished_at)
    if now == State.SCHEDULED:
        told = _("pour le %(instant)s") % {"instant": at}
        if until:
            told += _(", jusqu’au %(instant)s") % {"instant": until}
        if before == now and was != article.published_at:
            told += _(", au lieu du %(instant)s") % {"instant": _instant(was)}
        yield Kind.SCHEDULED, told
    elif now == before or (before, now) == (State.UNPUBLISHED, State.DRAFT):
        yield Kind.DATED, "\u202f; ".join(_dates(article, stored))
    elif now == State.PUBLISHED:
        told = _("depuis le %(instant)s") % {"instant": at}
        yield Kind.PUBLISHED, told + (_(", jusqu’au %(instant)s") % {"instant": until} if until else "")
    elif now == State.UNPUBLISHED:
        yield Kind.UNPUBLISHED, _("le %(instant)s") % {"instant": until}
    elif before == State.SCHEDULED:
        yield Kind.DESCHEDULED, _("il devait paraître le %(instant)s") % {"instant": _instant(was)}
    elif before == State.PUBLISHED:
        yield Kind.UNPUBLISHED, _("il redevient un brouillon")


def _dates(article: Article, stored: Article | None) -> Iterator[str]:
    for name in ("published_at", "unpublished_at"):
        was: datetime | None = getattr(stored, name) if stored else None
        if was != getattr(article, name):
            yield _told(name, _instant(was), _instant(getattr(article, name)))


def _changed(article: Article, stored: Article) -> Iterator[str]:
    """Yield what was set otherwise, each under its field's own name; the address of what nobody has read is such a thing."""
    if article.slug != stored.slug and not stored.was_public():
        yield _told("slug", stored.slug, article.slug)
    for name in _SETTINGS:
        attribute = Article._meta.get_field(name).attname  # type: ignore[union-attr]
        if getattr(article, attribute) != getattr(stored, attribute):
            yield _told(name, _value(stored, name), _value(article, name))


def _told(name: str, before: str, after: str) -> str:
    label = str(Article._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return _("%(field)s : %(change)s") % {"field": label, "change": _from_to(short(before), short(after))}


def _value(article: Article, name: str) -> str:
    shown = getattr(article, f"get_{name}_display", None)
    value = shown() if shown else getattr(article, name)
    return str(value or "")


def _from_to(before: str, after: str) -> str:
    return f"{before or '—'} → {after or '—'}"


def _instant(instant: datetime | None) -> str:
    return instant_label(timezone.localtime(instant)) if instant else ""
