"""What the public sees of pictures: who shows them, what follows when one changes, and how one leaves the public.

A picture's files lie in a folder named by its key, 128 random bits, which stand in their address too. Whoever knows an
address gets the file only while a published article shows the picture; withdrawing the last one moves the files to a
new key. Files are copied before the rows that name them are written, and deleted after: a crash leaves a file too many,
never one too few.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from articles import freshness, rendering
from articles.models import Article, ArticleQuerySet, Author, Picture, Rendition, new_picture_key
from multitude.caching import LISTS, SITE, purge
from multitude.transactions import act

logger = logging.getLogger(__name__)


class Showing(NamedTuple):
    """What makes a picture public: the surrogate keys of what may end it, and the instant at which it ends by itself."""

    keys: tuple[str, ...]
    until: datetime | None


def users_of(picture_ids: Iterable[int]) -> ArticleQuerySet:
    """Return the articles that show one of the pictures, at their head or in their text, published or not."""
    ids = list(picture_ids)
    leading = Article.objects.filter(lead_picture__in=ids).values("pk")
    # One question to each index; of an OR, PostgreSQL would make a walk through all articles.
    inside = Article.pictures.through.objects.filter(picture__in=ids).values("article")
    return cast(ArticleQuerySet, Article.objects.filter(pk__in=leading.union(inside)))


def shown_in(article_id: int) -> set[int]:
    """Return the keys of the pictures that an article shows, at its head and in its text."""
    inside = Article.pictures.through.objects.filter(article=article_id).values_list("picture", flat=True)
    leading = Article.objects.filter(pk=article_id, lead_picture__isnull=False).values_list("lead_picture", flat=True)
    return {*leading.union(inside)}


def portraits_beside(article_id: int) -> set[int]:
    """Return the keys of the portraits of who signed an article."""
    return set(_portraits(Author.objects.filter(bylines__article=article_id)))


def shown_by(picture_id: int) -> list[Showing]:
    """Return what makes a picture public: the published articles that show it, else one that its author signed.

    A portrait stands on the author's page, which there is while an article of theirs is published.
    """
    public = users_of([picture_id]).published().values_list("pk", "unpublished_at")
    if shown := [Showing((freshness.headline(pk),), until) for pk, until in public]:
        return shown
    signed = (
        Article.objects.published().filter(bylines__author__portrait=picture_id).values_list("pk", "unpublished_at")
    )
    return [Showing((freshness.headline(pk), SITE), until) for pk, until in signed[:1]]


def hold_portrayed(picture_ids: Iterable[int]) -> QuerySet[Author]:
    """Return the authors whose portrait one of the pictures is, each locked until the transaction under way ends."""
    return Author.objects.filter(portrait__in=list(picture_ids)).order_by("pk").select_for_update(no_key=True)


def refresh(picture_ids: Iterable[int]) -> None:
    """Render the articles and authors that show one of the pictures again, and purge their pages and the pictures' files."""
    ids = list(picture_ids)
    if portrayed := list(hold_portrayed(ids)):
        rendering.render_authors_again(portrayed)
        purge(LISTS)
    rendering.render_again(users_of(ids).values_list("pk", flat=True))
    purge(*map(freshness.picture, ids))


@act()
def withdraw(article: Article) -> None:
    """Give new addresses to those of an article's pictures, its authors' portraits among them, that nothing public shows.

    Whoever uses them is rendered again. The article is held (`locks.hold()`) as one that leaves.
    """
    ids = shown_in(article.pk) | portraits_beside(article.pk)
    public = Article.objects.published()
    leading = set(public.filter(lead_picture__in=ids).values_list("lead_picture", flat=True))
    inside = Article.pictures.through.objects.filter(picture__in=ids, article__in=public)
    hidden = ids - leading - set(inside.values_list("picture", flat=True))
    has_page = Exists(public.filter(bylines__author=OuterRef("pk")))
    hidden.difference_update(_portraits(Author.objects.filter(has_page, portrait__in=hidden)))
    found = Picture.objects.filter(pk__in=hidden).order_by("pk").prefetch_related("renditions")
    if moved := [picture.pk for picture in found if _move(picture)]:
        refresh(moved)


def files_of(picture: Picture) -> list[str]:
    """Return the names of a picture's files in the storage."""
    return [str(picture.file), *(str(rendition.file) for rendition in picture.renditions.all())]


def discard(names: Iterable[str]) -> None:
    """Delete files that no row names any more; one that stays is out of reach, and the log says so."""
    for name in names:
        try:
            default_storage.delete(name)
        except Exception as error:  # each storage has errors of its own
            logger.error("Le fichier « %s » n’a pas pu être supprimé : %s", name, error)


def _portraits(authors: QuerySet[Author]) -> QuerySet[Author, int]:
    return authors.filter(portrait__isnull=False).values_list("portrait_id", flat=True)


def _move(picture: Picture) -> bool:
    """Copy a picture's files under a new key and name those; the old ones go once that is committed.

    Returns False, and leaves everything as it is, where the storage fails: nobody gets the files meanwhile either.
    """
    key, old = new_picture_key(), files_of(picture)
    renditions: list[Rendition] = list(picture.renditions.all())
    copied: list[str] = []
    try:
        rows: list[Picture | Rendition] = [picture, *renditions]
        for row in rows:
            with default_storage.open(str(row.file)) as file:
                copied.append(default_storage.save(f"{key}/{str(row.file).rpartition('/')[2]}", file))
            row.file.name = copied[-1]
    except Exception:
        logger.exception("Les fichiers de l’image %s n’ont pas pu être renommés.", picture.pk)
        discard(copied)
        return False
    Picture.objects.filter(pk=picture.pk).update(key=key, file=copied[0], render_claimed_at=None)
    Rendition.objects.bulk_update(renditions, ["file"])
    transaction.on_commit(lambda: discard(old))
    return True
