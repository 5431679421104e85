"""The former addresses of sections, authors and tags, pages and feeds alike: each leads to the present one.

Only what is public is told: while readers are shown nothing of an author, a tag or an article, what leads there is answered
as an address that nobody ever had; and so is what leads to a section that is gone.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.db.models import Model
from django.urls import Resolver404, resolve

from articles.models import Article, Author, Section, Tag
from multitude.addresses import address
from multitude.transactions import act

type Titled = Section | Author | Tag

_PAGES: dict[type[Model], tuple[str, ...]] = {
    Section: ("articles:section", "articles:section_feed", "articles:section_rss"),
    Author: ("articles:author", "articles:author_feed", "articles:author_rss"),
    Tag: ("articles:tag",),
}
# By what an article has it, of those that have a page only while an article has.
_JOINED = {Author: "bylines__author__slug", Tag: "taggings__tag__slug"}
_GUARDED = {page: joined for model, joined in _JOINED.items() for page in _PAGES[model]}


@act()
def rename[Row: (Section, Author, Tag)](row: Row) -> Row:
    """Store a section, an author or a tag whose name or address was changed; its former address leads to the new one."""
    before = type(row)._default_manager.select_for_update().get(pk=row.pk)
    row.save()
    if before.slug != row.slug:
        leave(before, row)
    return row


def leave[Row: (Section, Author, Tag)](before: Row, now: Row) -> None:
    """Have the addresses that something had, and those that led there, lead to another's."""
    for old, new in _addresses(before, now):
        ours = Redirect.objects.filter(site_id=settings.SITE_ID)
        ours.filter(old_path=new).delete()
        ours.filter(new_path=old).update(new_path=new)
        Redirect.objects.update_or_create(site_id=settings.SITE_ID, old_path=old, defaults={"new_path": new})


def forget(row: Titled) -> None:
    """Have nothing lead to the addresses of something that goes, unseen."""
    paths = [address(page, row.slug) for page in _PAGES[type(row)]]
    Redirect.objects.filter(site_id=settings.SITE_ID, new_path__in=paths).delete()


def is_open(path: str) -> bool:
    """Return whether readers may be led to a path: not to what was never public, nor to a section that is gone."""
    view, slug = _at(path)
    if joined := _GUARDED.get(view):
        return Article.objects.published().filter(**{joined: slug}).exists()
    if view in _PAGES[Section]:
        return Section.objects.filter(slug=slug).exists()
    # What leads to no article at all says nothing of any.
    return view != "articles:article" or not Article.objects.never_public().filter(slug=slug).exists()


def _at(path: str) -> tuple[str, str]:
    """Return the name of the view at a path, and the slug in it; both empty where there is none."""
    try:
        match = resolve(urlsplit(path).path)
    except (Resolver404, ValueError):
        return "", ""
    return match.view_name, match.kwargs.get("slug", "")


def _addresses[Row: (Section, Author, Tag)](before: Row, now: Row) -> list[tuple[str, str]]:
    return [(address(page, before.slug), address(page, now.slug)) for page in _PAGES[type(now)]]
