"""Publication, withdrawal and what is not there, through the whole stack: at once, on time, and nowhere forgotten."""

from datetime import timedelta

import pytest
import time_machine
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from articles import popularity, publishing
from articles.beacon import Beacon
from articles.models import Article
from multitude.pagecache import PageCache
from tests.factories import make_approved, make_article, make_author, make_draft, make_section
from tests.multitude.pagecache.newspaper import Answer, ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_a_worker")]

HEADLINE = "Le vrai prix des plumes"


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


def pages_that_name(article: Article) -> list[str]:
    """Return the addresses on which an article is named, beside another article's, where it is in the side list."""
    popularity.count(article_id=article.pk, day=timezone.localdate(), views=5)
    popularity.refresh_rankings()
    other = make_article()
    return ["/", other.get_absolute_url(), article.section.get_absolute_url(), "/flux/", "/classements/lus/"]


def test_an_article_that_is_withdrawn_is_gone_from_every_page(site: PageCache) -> None:
    article = make_article(headline=HEADLINE)
    make_approved(article)
    paths = pages_that_name(article)
    assert [HEADLINE in kept(site, path).body.decode() for path in paths] == [True] * 5
    kept(site, article.get_absolute_url())
    publishing.unpublish(article_id=article.pk)
    assert [HEADLINE in ask(site, path).body.decode() for path in paths] == [False] * 5
    assert ask(site, article.get_absolute_url()).status == "410 Gone"
    assert kept(site, article.get_absolute_url()).status == "410 Gone"
    publishing.publish(article_id=article.pk)
    assert ask(site, article.get_absolute_url()).status == "200 OK"
    assert HEADLINE in ask(site, "/").body.decode()


def test_a_corrected_headline_is_corrected_everywhere(site: PageCache) -> None:
    article = make_article(headline="Faux")
    paths = [article.get_absolute_url(), *pages_that_name(article)]
    for path in paths:
        kept(site, path)
    article.headline = "Rectifié"
    article.save()
    assert ["Rectifié" in ask(site, path).body.decode() for path in paths] == [True] * 6


def test_an_unknown_section_is_kept_until_there_is_one(site: PageCache) -> None:
    assert kept(site, "/rubriques/plumes/").status == "404 Not Found"
    make_section(slug="plumes")
    assert ask(site, "/rubriques/plumes/").status == "200 OK"


@pytest.mark.parametrize("hours", [None, 5])
def test_the_404_of_what_is_not_published_is_never_kept_nor_that_of_what_does_not_exist(
    site: PageCache, hours: int | None
) -> None:
    article = make_draft(
        slug="plumes",
        published_at=hours and timezone.now() + timedelta(hours=hours),
        authors=[make_author(slug="elle")],
    )
    for path in ("/articles/plumes/", "/articles/plumes/flux/", "/auteurs/elle/", "/auteurs/elle/?page=2"):
        path, _mark, query = path.partition("?")
        hidden = [ask(site, path, query) for _time in range(2)]
        nothing = [ask(site, path.replace("plumes", "rien").replace("elle", "rien"), query) for _time in range(2)]
        assert hidden == nothing
        assert {(answer.status, answer.cache) for answer in hidden} == {("404 Not Found", "miss")}
    assert site.counters()["pages"] == 0
    publishing.publish(article_id=article.pk, at=timezone.now() - timedelta(minutes=1))
    assert ask(site, "/articles/plumes/").status == ask(site, "/auteurs/elle/").status == "200 OK"


def test_an_empty_section_shows_its_first_article_at_once(site: PageCache) -> None:
    section = make_section()
    assert HEADLINE not in kept(site, section.get_absolute_url()).body.decode()
    publishing.publish(article_id=make_draft(section=section, headline=HEADLINE).pk)
    assert HEADLINE in ask(site, section.get_absolute_url()).body.decode()


@pytest.mark.parametrize("path", ["/", "/flux/", "/classements/lus/"])
def test_no_list_is_good_past_the_next_publication(site: PageCache, path: str) -> None:
    with time_machine.travel("2026-11-20 12:00:00+00:00", tick=False):
        make_article()
        make_article(published_at=timezone.now() + timedelta(seconds=7, milliseconds=900))
        policy = ask(site, path).headers["Cache-Control"]
    assert policy == "public, max-age=0, s-maxage=7, stale-while-revalidate=0, stale-if-error=0"


def test_a_scheduled_article_appears_on_time_and_leaves_on_time(site: PageCache, clock) -> None:
    def wait(seconds: float) -> None:
        clock.advance(seconds)
        traveller.shift(timedelta(seconds=seconds))

    with time_machine.travel("2026-11-20 12:00:00+00:00", tick=False) as traveller:
        now = timezone.now()
        hours = {"published_at": now + timedelta(seconds=20), "unpublished_at": now + timedelta(seconds=40)}
        article = make_article(headline=HEADLINE, **hours)
        seen = []
        for _second in range(6):
            page, front = ask(site, article.get_absolute_url()), ask(site, "/").body.decode()
            seen.append((page.status[:3], HEADLINE in front))
            wait(9.9)
    assert seen == [("404", False)] * 3 + [("200", True)] * 2 + [("410", False)]
