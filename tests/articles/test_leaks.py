"""What is not published is nowhere: no page, list, feed, ranking, author or section says a word of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles import popularity
from articles.models import Article
from articles.publishing import unpublish
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db

SECRET = "Ornithorynque"
HOUR = timedelta(hours=1)
PLACES = [
    "/",
    "/rubriques/idees/",
    "/rubriques/idees/flux/",
    "/auteurs/elle/",
    "/flux/",
    *(
        f"/classements/{kind}/?periode={period}"
        for kind in ("lus", "commentes")
        for period in ("jour", "semaine", "mois", "toujours")
    ),
    "/articles/visible/",
    "/articles/secret/",
    "/articles/secret/flux/",
    "/articles/secret/?page=2",
]


def draft(article: Article) -> None:
    """Make it a draft that never was anything else."""
    Article.objects.filter(pk=article.pk).update(published_at=None, first_published_at=None)


def future(article: Article) -> None:
    """Make it one that will be public in an hour."""
    later = timezone.now() + HOUR
    Article.objects.filter(pk=article.pk).update(published_at=later, first_published_at=later)


def withdrawn(article: Article) -> None:
    """Take it away from the public."""
    unpublish(article_id=article.pk)


@pytest.mark.parametrize("hide", [draft, future, withdrawn])
def test_what_is_not_published_is_nowhere(client: Client, hide: Callable[[Article], None]) -> None:
    section, author = make_section(slug="idees"), make_author(slug="elle")
    make_article(slug="visible", section=section, authors=[author])
    secret = make_article(
        slug="secret",
        headline=f"{SECRET} titre",
        kicker=SECRET,
        standfirst=f"{SECRET} chapô",
        body=f"<p>{SECRET}</p>",
        footnote=SECRET,
        section=section,
        authors=[author],
    )
    popularity.count(article_id=secret.pk, day=popularity.day_of(timezone.now()), views=99, comments=99)
    assert sum(SECRET in client.get(path).content.decode() for path in PLACES) >= len(PLACES) - 2
    hide(secret)
    for path in PLACES:
        answer = client.get(path).content.decode()
        assert SECRET not in answer, path
        assert path.startswith("/articles/secret/") or "/articles/secret/" not in answer, path


@pytest.mark.parametrize("path", ["/articles/secret/", "/articles/secret/flux/"])
def test_what_never_was_public_does_not_exist(client: Client, path: str) -> None:
    article = make_draft(slug="secret")
    assert client.get(path).status_code == 404
    article.published_at = timezone.now() + HOUR
    article.save()
    assert client.get(path).status_code == 404


def test_what_was_withdrawn_is_gone_and_says_so(client: Client) -> None:
    make_article(slug="secret", headline=SECRET, unpublished_at=timezone.now() - HOUR)
    response = client.get("/articles/secret/")
    assert response.status_code == 410
    assert "Cet article n’est plus en ligne" in response.content.decode()
    assert response["Cache-Control"].startswith("public")


def test_what_was_withdrawn_and_published_again_is_back(client: Client) -> None:
    article = make_article(slug="secret", unpublished_at=timezone.now() - HOUR)
    article.unpublished_at = None
    article.save()
    assert client.get("/articles/secret/").status_code == 200


def test_an_address_that_differs_by_a_letter_is_another(client: Client) -> None:
    make_article(slug="secret")
    assert client.get("/articles/Secret/").status_code == 404
