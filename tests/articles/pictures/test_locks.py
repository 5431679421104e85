"""Acts on pictures and on the articles that show them cross: each waits for the other in one direction, and no file is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, sleep

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from articles import library, publishing, rendering, renditions
from articles.models import Article, Author, Picture
from tests.articles.pictures.making import body, files, make_picture
from tests.factories import logged_in, make_article, make_author, make_draft, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]

# No act takes longer than this, in seconds, but for a lock.
PATIENCE = 10.0


@contextmanager
def crossed_by(act: Callable[[], object], *, begun: Callable[[], object]) -> Iterator[None]:
    """Begin a transaction, have another one come as far as it can, and go on with the first; at the end both are done."""

    def crossing() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            begun()
            other = pool.submit(crossing)
            until = monotonic() + PATIENCE
            while not (other.done() or _somebody_waits()) and monotonic() < until:
                sleep(0.01)
            yield
        other.result(timeout=PATIENCE)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction, one would see those alone who were there when one looked first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


def unpublish(article: Article) -> None:
    """Withdraw an article."""
    publishing.unpublish(article_id=article.pk)


def is_shown_where_it_is(picture: Picture, article: Article) -> bool:
    """Return whether an article names the files of a picture as they are, and as the storage has them."""
    names = files(picture)
    html = Article.objects.get(pk=article.pk).body_html
    return f"/media/{names[0]}" in html and all(default_storage.exists(name) for name in names)


@pytest.mark.parametrize("act", [library.describe, renditions.make], ids=["described", "made"])
def test_a_picture_is_worked_on_while_its_article_leaves(act: Callable[[Picture], object]) -> None:
    picture = make_picture()
    article = make_article(lead_picture=picture)
    changed = Picture.objects.filter(pk=picture.pk)
    with crossed_by(lambda: unpublish(article), begun=lambda: changed.update(caption="Une légende")):
        act(picture)

    assert not Article.objects.get(pk=article.pk).is_published()
    assert all(default_storage.exists(name) for name in files(picture))


def test_signatures_are_written_while_an_article_leaves_that_shares_a_picture() -> None:
    picture = make_picture()
    draft, article = make_draft(body=body(picture)), make_article(body=body(picture))
    with crossed_by(lambda: unpublish(article), begun=lambda: rendering.sign([draft.pk])):
        rendering.sign([draft.pk, article.pk])

    assert is_shown_where_it_is(picture, draft)


def test_of_two_articles_that_leave_at_once_the_last_one_moves_their_picture() -> None:
    picture = make_picture()
    one, other = make_article(body=body(picture)), make_article(body=body(picture))
    before = files(picture)
    with crossed_by(lambda: unpublish(other), begun=lambda: unpublish(one)):
        pass

    assert files(picture) != before
    assert is_shown_where_it_is(picture, one)


@pytest.mark.parametrize("make", [make_article, make_draft])
def test_a_picture_that_another_article_is_given_meanwhile_is_shown_where_it_is(make: Callable[..., Article]) -> None:
    picture = make_picture()
    article, other = make_article(body=body(picture)), make()
    other.body = body(picture)
    with crossed_by(lambda: unpublish(article), begun=lambda: publishing.save(other, by=None)):
        pass

    assert is_shown_where_it_is(picture, other)


def test_a_version_that_shows_a_picture_comes_back_while_that_moves() -> None:
    picture = make_picture()
    article, other = make_article(body=body(picture)), make_article()
    other.body = body(picture)
    shown = publishing.save(other, by=None).version
    other.body = "<p>Sans image</p>"
    publishing.save(other, by=None)
    with crossed_by(lambda: unpublish(article), begun=lambda: publishing.restore(article_id=other.pk, number=shown)):
        pass

    assert is_shown_where_it_is(picture, other)


def test_an_article_is_given_a_picture_while_that_moves() -> None:
    picture = make_picture()
    article, other = make_article(body=body(picture)), make_article()
    other.body = body(picture)
    with crossed_by(lambda: publishing.save(other, by=None), begun=lambda: unpublish(article)):
        pass

    assert is_shown_where_it_is(picture, other)


def test_an_author_is_given_a_portrait_while_that_leaves_the_public() -> None:
    picture, author = make_picture(), make_author()
    article = make_article(lead_picture=picture)
    desk = logged_in(make_user("directrice", is_superuser=True))
    form = {"name": author.name, "slug": author.slug, "portrait": picture.pk}
    with crossed_by(
        lambda: unpublish(article), begun=lambda: desk.post(f"/admin/articles/author/{author.pk}/change/", form)
    ):
        pass

    author.refresh_from_db()
    assert f"/media/{files(picture)[0]}" in author.portrait_html


def test_an_author_is_described_while_their_portrait_is() -> None:
    picture = make_picture()
    author = make_author(portrait=picture)
    article = make_article(lead_picture=picture, authors=[author])
    changed = Author.objects.filter(pk=author.pk)
    with crossed_by(lambda: library.describe(picture), begun=lambda: changed.update(credentials="philosophe")):
        rendering.sign([article.pk])

    author.refresh_from_db()
    assert author.credentials == "philosophe"
