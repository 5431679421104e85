"""`manage.py rerender`: what is stored is rendered again, and nothing else changes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models

from articles import publishing
from articles import rendering as articles_rendering
from articles.models import Article, Author, Correction, Picture, Section
from comments import rendering as comments_rendering
from comments.models import Comment
from tests.articles.pictures.making import make_picture
from tests.factories import make_approved, make_article, make_author, make_comment

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
STALE: dict[type[Any], dict[str, Any]] = {
    Section: {"display_description": "vieux"},
    Author: {"display_credentials": "vieux", "folded": "vieux"},
    Picture: {"folded": "vieux"},
    Article: dict.fromkeys(articles_rendering.RENDERED, "vieux") | {"word_count": 9_999, "corrected_at": LONG_AGO},
    Correction: {"body_html": "vieux"},
    Comment: {"body_html": "vieux"},
}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of all that is rendered."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in STALE}


@pytest.fixture
def site() -> None:
    """Store two signed articles and their comments, one of which waits."""
    for number in range(2):
        article = make_article(
            authors=[make_author(credentials="l'une"), make_author()], kicker="Oui!", footnote=f"Note {number}"
        )
        make_approved(article, parent=make_approved(article))
        make_comment(article)
        make_picture(caption="L’été")
        publishing.correct(article_id=article.pk, body="Oui!")


@pytest.mark.usefixtures("site")
def test_what_is_stale_is_as_it_was_when_it_was_saved() -> None:
    before = everything()
    for model, stale in STALE.items():
        models.QuerySet(model).update(**stale)
    Comment.objects.approved().update(public_html="vieux")

    call_command("rerender", verbosity=0)

    assert everything() == before


@pytest.mark.usefixtures("site")
def test_what_is_as_it_should_be_stays() -> None:
    before = everything()
    call_command("rerender", verbosity=0)
    assert everything() == before


def test_an_empty_site_has_nothing_to_render() -> None:
    call_command("rerender", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_each_batch_is_a_transaction_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for rendering in (articles_rendering, comments_rendering):
        monkeypatch.setattr(rendering, "BATCH", 2)
    for _number in range(5):
        make_approved()
    for rendering in (articles_rendering, comments_rendering):
        sizes = []
        for size in rendering.rerender():
            assert not connection.in_atomic_block
            sizes.append(size)
        assert sizes == [2, 2, 1]
