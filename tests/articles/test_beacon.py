"""The reading beacon: counted once, for readers alone, and always answered 204."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from articles import readings
from articles.models import Article, DailyTally
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _memory(settings: Settings) -> None:
    """Remember in this process, where the stopped clock reigns too."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "balise"}}
    cache.clear()


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; a test may move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def send(article: Article | int, *, peer: str = "203.0.113.9", client: Client | None = None, **headers: str) -> int:
    """Send the beacon as a browser does, and return how often the article has been read; it is always 204."""
    pk = article if isinstance(article, int) else article.pk
    response = (client or Client(enforce_csrf_checks=True)).post(
        f"/vues/{pk}/",
        REMOTE_ADDR=peer,
        headers={"User-Agent": BROWSER, "Sec-Fetch-Site": "same-origin"} | headers,
    )
    assert (response.status_code, response.content, response["Cache-Control"]) == (204, b"", "no-store")
    assert not response.cookies
    return sum(Article.objects.filter(pk=pk).values_list("view_count", flat=True))


def test_a_reading_counts_in_the_total_and_on_its_day() -> None:
    article = make_article(published_at=NOW - timedelta(hours=1))
    assert send(article) == 1
    assert list(DailyTally.objects.values_list("article", "day", "views", "comments")) == [
        (article.pk, NOW.date(), 1, 0)
    ]


def test_a_network_counts_once_in_thirty_minutes(clock: time_machine.Traveller) -> None:
    article = make_article(published_at=NOW - timedelta(hours=1))
    assert send(article) == 1
    clock.move_to(NOW + timedelta(minutes=29, seconds=59))
    assert send(article) == 1
    clock.move_to(NOW + timedelta(minutes=30, seconds=1))
    assert send(article) == 2


def test_a_repetition_across_midnight_counts_once(clock: time_machine.Traveller) -> None:
    article = make_article(published_at=NOW - timedelta(hours=1))
    clock.move_to(datetime(2026, 11, 20, 22, 50, tzinfo=UTC))
    assert send(article) == 1
    clock.move_to(datetime(2026, 11, 20, 23, 5, tzinfo=UTC))
    assert send(article) == 1


def test_other_networks_and_other_articles_count() -> None:
    first, second = make_article(), make_article()
    assert [send(first), send(second), send(first, peer="203.0.113.10")] == [1, 1, 2]
    assert [send(first, peer=f"2001:db8::{host}") for host in "ab"] == [3, 3]


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "Mozilla/5.0 (compatible; YandexBot/3.0)",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
        "GPTBot/1.0",
        "curl/8.1",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
    ],
)
def test_a_robot_is_no_reader(agent: str) -> None:
    assert send(make_article(), **{"User-Agent": agent}) == 0


@pytest.mark.parametrize("agent", [BROWSER, "Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 20) AppleWebKit/537.36", ""])
def test_a_reader_is_no_robot(agent: str) -> None:
    assert send(make_article(), **{"User-Agent": agent}) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Moz", "prefetch"),
    ],
)
def test_a_page_fetched_in_advance_is_not_read(name: str, value: str) -> None:
    assert send(make_article(), **{name: value}) == 0


def test_staff_do_not_count() -> None:
    client = Client()
    client.force_login(make_user("redaction"))
    assert send(make_article(), client=client) == 0


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://pirate.exemple"}])
def test_another_site_s_beacon_counts_nothing(client: Client, headers: dict[str, str]) -> None:
    article = make_article()
    assert client.post(f"/vues/{article.pk}/", headers=headers).status_code == 204
    assert not DailyTally.objects.exists()


def test_what_is_not_published_or_unknown_leaves_no_row() -> None:
    gone = make_article(published_at=NOW - timedelta(hours=2), unpublished_at=NOW - timedelta(hours=1))
    for article in (make_draft(), make_article(published_at=NOW + timedelta(hours=1)), gone, 999_999, 10**30, 0):
        assert send(article) == 0
    assert not DailyTally.objects.exists()


def test_a_network_has_a_ceiling_an_hour(monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller) -> None:
    monkeypatch.setattr(readings, "NETWORK_CEILING", 3)
    articles = [make_article() for _ in range(5)]
    assert [send(article) for article in articles] == [1, 1, 1, 0, 0]
    assert send(articles[4], peer="203.0.113.10") == 1
    clock.move_to(NOW + timedelta(minutes=61))
    assert send(articles[3]) == 1


def test_a_beacon_is_sent_and_not_fetched(client: Client) -> None:
    assert client.get(f"/vues/{make_article().pk}/").status_code == 405
