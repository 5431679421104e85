"""How the newsroom names an article."""

import pytest

from articles import naming, publishing
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_a_former_address_still_names_the_article() -> None:
    article = make_article(slug="avant")
    article.slug = "apres"
    publishing.save(article, by=None)
    assert [naming.articles(typed).get() for typed in ("avant", "apres", "/articles/avant/")] == [article] * 3


@pytest.mark.parametrize("typed", ["", " ", "été", "/rubriques/idees/", "a b", "9" * 30])
def test_what_names_nothing_finds_nothing(typed: str) -> None:
    make_article(slug="ete")
    assert not naming.articles(typed).exists()


def test_figures_in_an_address_are_a_slug() -> None:
    article = make_article(slug="2026")
    assert naming.articles("/articles/2026/").get() == article
