"""Comments that close, through the whole stack: on time, at once, and in every worker."""

from datetime import timedelta

import pytest
import time_machine
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from articles.models import Commenting
from comments import closing
from multitude import caching
from multitude.pagecache import PageCache
from multitude.purging import Reader
from tests.factories import make_article, make_section, make_user, set_comments
from tests.multitude.pagecache.newspaper import ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_a_worker")]

DAYS_30 = timedelta(days=30)


@pytest.fixture
def site() -> PageCache:
    """Return the stack."""
    return PageCache(get_wsgi_application(), megabytes=8)


def shown(site: PageCache, path: str) -> str:
    """Say in a word what an article's page shows of its comments."""
    body = ask(site, path).body.decode()
    if "comment-form" not in body:
        return "closed"
    return "ending" if "fermeront le" in body else "open"


def test_an_article_closes_on_its_page_at_the_right_second(site: PageCache, clock) -> None:
    def wait(seconds: float) -> None:
        clock.advance(seconds)
        traveller.shift(timedelta(seconds=seconds))

    with time_machine.travel("2026-11-20 12:00:00+00:00", tick=False) as traveller:
        path = make_article(published_at=timezone.now() - DAYS_30 + timedelta(seconds=20)).get_absolute_url()
        seen = []
        for _time in range(4):
            seen.append(shown(site, path))
            wait(9.9)
    assert seen == ["ending", "ending", "ending", "closed"]


@pytest.mark.parametrize("before", [DAYS_30, DAYS_30 - closing.NOTICE], ids=["its end", "the announcement"])
def test_no_page_is_good_past_what_changes_its_form(site: PageCache, before: timedelta) -> None:
    with time_machine.travel("2026-11-20 12:00:00+00:00", tick=False):
        article = make_article(published_at=timezone.now() - before + timedelta(seconds=7, milliseconds=900))
        policy = ask(site, article.get_absolute_url()).headers["Cache-Control"]
    assert policy == "public, max-age=0, s-maxage=7, stale-while-revalidate=0, stale-if-error=0"


@pytest.mark.parametrize("values", [{"commenting": "open"}, {"commenting": "closed"}, {"published_at": None}])
def test_a_page_that_no_clock_changes_is_kept_as_ever(site: PageCache, values: dict) -> None:
    values = {"published_at": timezone.now() - 2 * DAYS_30} | {name: each for name, each in values.items() if each}
    answer = ask(site, make_article(**values).get_absolute_url())
    assert "s-maxage=60" in answer.headers["Cache-Control"]


def test_a_pause_is_on_every_article_at_once_and_so_is_its_end(site: PageCache) -> None:
    paths = [make_article().get_absolute_url() for _article in range(3)]
    assert [shown(site, path) for path in paths for _time in range(2)] == ["open"] * 6
    set_comments(is_paused=True)
    assert [shown(site, path) for path in paths] == ["closed"] * 3
    set_comments(is_paused=False)
    assert [shown(site, path) for path in paths] == ["open"] * 3


def test_pages_without_a_form_are_kept_through_a_pause(site: PageCache) -> None:
    make_article()
    ask(site, "/")
    set_comments(is_paused=True)
    assert ask(site, "/").cache == "hit"


def test_a_pause_of_another_process_is_here_with_the_next_reading(
    site: PageCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_article().get_absolute_url()
    reader = Reader()
    reader.read()
    assert shown(site, path) == "open"
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(caching, "_purge_here", lambda event_id, keys: None)
        set_comments(is_paused=True)
    assert shown(site, path) == "open"
    reader.read()
    assert shown(site, path) == "closed"


def test_an_article_that_is_closed_by_hand_is_closed_at_once(site: PageCache) -> None:
    article = make_article()
    assert shown(site, article.get_absolute_url()) == "open"
    closing.choose(article_id=article.pk, commenting=Commenting.CLOSED, note="", moderator=make_user("cheffe"))
    assert shown(site, article.get_absolute_url()) == "closed"


def test_a_section_closes_all_its_articles_at_once(site: PageCache) -> None:
    section = make_section()
    paths = [make_article(section=section).get_absolute_url() for _article in range(2)]
    assert [shown(site, path) for path in paths] == ["open"] * 2
    section.commenting = Commenting.CLOSED
    section.save()
    assert [shown(site, path) for path in paths] == ["closed"] * 2
