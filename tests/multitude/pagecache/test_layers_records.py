"""Renamed, corrected and led elsewhere, through the whole stack: at once, whatever was kept before."""

import pytest
from django.contrib.redirects.models import Redirect
from django.core.wsgi import get_wsgi_application

from articles import publishing
from articles.beacon import Beacon
from articles.models import Article
from multitude.pagecache import PageCache
from tests.factories import make_article
from tests.multitude.pagecache.newspaper import Answer, ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_a_worker")]


@pytest.fixture
def site() -> PageCache:
    """Return the stack."""
    return PageCache(Beacon(get_wsgi_application()), megabytes=8)


def kept(site: PageCache, path: str) -> Answer:
    """Have a page kept, and return it."""
    ask(site, path)
    answer = ask(site, path)
    assert answer.cache == "hit"
    return answer


def rename(article: Article, slug: str) -> None:
    """Give an article another address."""
    article.slug = slug
    publishing.save(article, by=None)


def test_every_former_address_follows_a_new_one_at_once(site: PageCache) -> None:
    article = make_article(slug="un")
    for path in ("/articles/un/", "/articles/un/flux/"):
        assert kept(site, path).status == "200 OK"
    assert ask(site, "/articles/deux/").status == "404 Not Found"
    rename(article, "deux")
    for path in ("/articles/un/", "/articles/un/flux/"):
        assert kept(site, path).headers["Location"] == path.replace("/un/", "/deux/")
    assert kept(site, "/articles/deux/").status == "200 OK"
    rename(article, "trois")
    for old in ("un", "deux"):
        assert ask(site, f"/articles/{old}/").headers["Location"] == "/articles/trois/"
    publishing.unpublish(article_id=article.pk)
    assert ask(site, "/articles/un/").status == "410 Gone"


def test_a_correction_is_read_at_once(site: PageCache) -> None:
    article = make_article()
    paths = (article.get_absolute_url(), "/rectificatifs/")
    for path in paths:
        kept(site, path)
    publishing.correct(article_id=article.pk, body="Il fallait lire 12.")
    assert ["Il fallait lire 12." in ask(site, path).body.decode() for path in paths] == [True, True]
    publishing.unpublish(article_id=article.pk)
    assert "Il fallait lire 12." not in ask(site, "/rectificatifs/").body.decode()


def test_an_address_leads_elsewhere_as_soon_as_it_is_said(site: PageCache) -> None:
    assert kept(site, "/rubriques/vieux/").status == "404 Not Found"
    redirect = Redirect.objects.create(site_id=1, old_path="/rubriques/vieux/", new_path="/flux/")
    assert kept(site, "/rubriques/vieux/").headers["Location"] == "/flux/"
    redirect.delete()
    assert ask(site, "/rubriques/vieux/").status == "404 Not Found"
