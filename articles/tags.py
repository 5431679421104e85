"""The verbs of tags, called by the desk and the demo: find or add one by its name, give an article its tags, merge, delete.

Two names that differ by case, accents or ligatures alone are one tag.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import moving, naming, rendering, telling
from articles.models import Article, Event, Tag, Tagging
from multitude import typography
from multitude.transactions import act

SEPARATOR = ", "
_STEM_LENGTH = 50
_ROWS_AT_ONCE = 500
_SEPARATORS = re.compile(r"[,;\n]")


class TagRefused(Exception):
    """Nothing was done; the text says why, in French."""


def names_in(typed: str) -> list[str]:
    """Return the names in what somebody typed, commas between them; one that comes twice is one."""
    found: dict[str, str] = {}
    for part in _SEPARATORS.split(typography.printable(typed)):
        if name := " ".join(part.split()):
            found.setdefault(naming.folded(name), name)
    return list(found.values())


def find(names: Iterable[str]) -> dict[str, Tag]:
    """Return the tags that have one of the names, by the names as they were given."""
    folded = {name: naming.folded(name) for name in names}
    known = {tag.folded: tag for tag in Tag.objects.filter(folded__in={*folded.values()})}
    return {name: known[key] for name, key in folded.items() if key in known}


def check(name: str) -> None:
    """Raise ValidationError where no tag can have a name."""
    if not any(sign.isalnum() for sign in name):
        raise ValidationError(_("Un thème contient au moins une lettre ou un chiffre."))
    Tag._meta.get_field("name").clean(name, None)


@act()
def get_or_add(name: str) -> Tag:
    """Return the tag of a name, a new one where there is none. Raises ValidationError."""
    check(name)
    folded = naming.folded(name)
    if known := Tag.objects.filter(folded=folded).first():
        return known
    try:
        with transaction.atomic():
            return Tag.objects.create(name=name, slug=address_for(name))
    except IntegrityError:  # somebody was faster, with this name or with the address drawn from it
        return Tag.objects.filter(folded=folded).first() or get_or_add(name)


@act()
def give(article: Article, names: Iterable[str], *, by: User | None = None) -> None:
    """Have an article have just the tags of these names, and tell in its history where they are others.

    Those that are missing are added. Raises ValidationError.
    """
    before = named(article)
    article.tags.set([get_or_add(name) for name in names])
    if (after := named(article)) != before:
        Event.objects.create(article=article, kind=Event.Kind.TAGGED, by=by, note=telling.names(before, after))


def named(article: Article) -> str:
    """Name the tags of an article, in their order."""
    return SEPARATOR.join(article.tags.values_list("name", flat=True))


@act()
def merge(tag: Tag, into: Tag, *, by: User | None = None) -> int:
    """Give all articles of a tag another one instead, and delete it; an address that readers knew leads to that one.

    The history of each article tells it. Returns how many articles had it. Raises TagRefused, or Tag.DoesNotExist where one of them is gone.
    """
    if tag.pk == into.pk:
        raise TagRefused(_("Un thème ne se fond pas dans lui-même."))
    locked = Tag.objects.select_for_update().filter(pk__in=[tag.pk, into.pk]).order_by("pk").in_bulk()
    if len(locked) < 2:
        raise Tag.DoesNotExist
    was_public = Article.objects.ever_public().filter(taggings__tag=tag).exists()
    _tell(locked[tag.pk], locked[into.pk], by)
    theirs = Tagging.objects.filter(tag=tag)
    articles = list(theirs.values_list("article_id", flat=True))
    theirs.exclude(article__taggings__tag=into).update(tag=into)
    _take_away(locked[tag.pk], articles)
    if was_public:
        moving.leave(tag, locked[into.pk])
    else:
        moving.forget(tag)
    return len(articles)


@act()
def delete(tag: Tag, *, by: User | None = None) -> None:
    """Take a tag from all articles that have it, which the history of each tells, and delete it."""
    _tell(tag, None, by)
    _take_away(tag, list(tag.taggings.values_list("article_id", flat=True)))


def _tell(tag: Tag, into: Tag | None, by: User | None) -> None:
    """Tell in the history of every article that has a tag that it goes, and what comes in its place."""
    theirs = Tagging.objects.filter(article__in=Tagging.objects.filter(tag=tag).values("article"))
    before: defaultdict[int, dict[int, Tag]] = defaultdict(dict)
    for tagging in theirs.select_related("tag").order_by("article", "tag__folded").iterator(chunk_size=_ROWS_AT_ONCE):
        before[tagging.article_id][tagging.tag_id] = tagging.tag
    events = []
    for article, had in before.items():
        has = {key: each for key, each in had.items() if key != tag.pk} | ({into.pk: into} if into else {})
        note = telling.names(_listed(had.values()), _listed(has.values()))
        events.append(Event(article_id=article, kind=Event.Kind.TAGGED, by=by, note=note))
    Event.objects.bulk_create(events, batch_size=_ROWS_AT_ONCE)


def _listed(tags: Iterable[Tag]) -> str:
    return SEPARATOR.join(tag.name for tag in sorted(tags, key=lambda tag: tag.folded))


def _take_away(tag: Tag, articles: list[int]) -> None:
    """Delete a tag and whatever still has it, and render what the articles show of their tags; all at once, not one by one."""
    Tagging.objects.filter(tag=tag).delete()
    tag.delete()
    rendering.sign(articles)


def address_for(name: str) -> str:
    """Return an address that says what a name says, numbered where the plain one is taken."""
    stem = slugify(naming.folded(name))[:_STEM_LENGTH].strip("-") or "theme"
    taken = set(Tag.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidates = chain([stem], (f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
