"""What search engines are told to read: valid sitemaps of what is public, dated truly, in pages that stay."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from articles import freshness, publishing, schedule, sitemaps
from articles.models import Article
from multitude.models import PurgeEvent
from tests.articles.reading import bulk_articles
from tests.factories import make_article, make_author, make_draft, make_section, make_tag
from tests.sitemaps import NAMES, parsed, places

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SITE = "https://journal.exemple"


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Any:
    """Stop the clock at NOW, on a site of its own; a test may move it."""
    settings.SITE_URL = SITE
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def read(client: Client, name: str) -> dict[str, datetime | None]:
    """Return what a sitemap names, by path, with dates."""
    return {address.removeprefix(SITE): at for address, at in places(client.get(f"/{name}.xml")).items()}


def news(client: Client) -> list[Any]:
    """Return what the sitemap of news says of each article."""
    return parsed(client.get("/sitemap-actualites.xml")).findall(".//n:news", NAMES)


def test_an_empty_newspaper_has_valid_sitemaps(client: Client) -> None:
    for path in read(client, "sitemap"):
        assert read(client, path.strip("/").removesuffix(".xml"))


def test_the_index_leads_to_sitemaps_that_hold_every_public_page(client: Client) -> None:
    section = make_section(slug="idees")
    article = make_article(slug="un", section=section, authors=[make_author(slug="elle")])
    article.tags.add(make_tag("Eau", slug="eau"))
    index = read(client, "sitemap")
    number = (article.pk - 1) // freshness.SITEMAP_PAGE + 1
    assert [*index] == [
        f"/sitemap-articles-{number}.xml",
        "/sitemap-rubriques.xml",
        "/sitemap-auteurs.xml",
        "/sitemap-themes.xml",
        "/sitemap-archives.xml",
        "/sitemap-actualites.xml",
    ]
    named = [path for sitemap in index for path in read(client, sitemap.strip("/").removesuffix(".xml"))]
    lists = {"/rubriques/idees/", "/auteurs/elle/", "/themes/eau/", "/archives/2026/11/", "/classements/lus/"}
    assert {"/", "/articles/un/", *lists} <= {*named}
    assert [client.get(path).status_code for path in named] == [200] * len(named)


def test_a_page_holds_its_own_keys_for_ever(client: Client) -> None:
    for key in (1, 5_000, 5_001, 12_345):
        make_article(pk=key, slug=f"a-{key}")
    assert [*read(client, "sitemap-articles-1")] == ["/articles/a-1/", "/articles/a-5000/"]
    assert [*read(client, "sitemap-articles-2")] == ["/articles/a-5001/"]
    assert [*read(client, "sitemap-articles-3")] == ["/articles/a-12345/"]
    assert [path for path in read(client, "sitemap") if "articles" in path] == [
        f"/sitemap-articles-{number}.xml" for number in (1, 2, 3)
    ]
    Article.objects.filter(pk=1).update(unpublished_at=NOW)
    assert [*read(client, "sitemap-articles-2")] == ["/articles/a-5001/"]


def test_a_page_that_holds_nothing_public_does_not_exist(client: Client) -> None:
    make_draft(pk=1)
    make_article(pk=5_001, published_at=NOW + HOUR)
    assert not any("articles" in path for path in read(client, "sitemap"))
    for number in (1, 2, 3, 999_999_999):
        response = client.get(f"/sitemap-articles-{number}.xml")
        assert (response.status_code, response["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("number", ["0", "01", "-1", "1.5", "un", "1" * 10, "1" * 400, "%00", "١"])
def test_what_is_no_page_does_not_exist(client: Client, number: str) -> None:
    assert client.get(f"/sitemap-articles-{number}.xml").status_code == 404


def test_an_article_has_the_date_of_its_last_change(client: Client, clock: Any) -> None:
    article = make_article(pk=1, slug="un", published_at=NOW - DAY)
    clock.move_to(NOW + HOUR)
    article.body = "<p>Autre.</p>"
    article.save()
    assert read(client, "sitemap-articles-1") == {"/articles/un/": NOW + HOUR}
    assert read(client, "sitemap")["/sitemap-articles-1.xml"] == NOW + HOUR


def test_an_article_that_was_written_before_it_appeared_is_as_old_as_its_publication(
    client: Client, clock: Any
) -> None:
    make_article(pk=1, slug="un", published_at=NOW + HOUR)
    clock.move_to(NOW + 2 * HOUR)
    assert read(client, "sitemap-articles-1") == {"/articles/un/": NOW + HOUR}


def test_a_page_that_lost_an_article_has_changed(client: Client, clock: Any) -> None:
    leaving = make_article(pk=1)
    make_article(pk=2)
    clock.move_to(NOW + DAY)
    publishing.unpublish(article_id=leaving.pk)
    assert read(client, "sitemap")["/sitemap-articles-1.xml"] == NOW + DAY


@pytest.mark.usefixtures("in_a_worker")
def test_the_index_follows_a_publication_to_come(client: Client, clock: Any) -> None:
    make_article(pk=5_001, published_at=NOW + HOUR)
    assert not any("articles" in path for path in read(client, "sitemap"))
    clock.move_to(NOW + HOUR)
    assert "/sitemap-articles-2.xml" in read(client, "sitemap")


def test_a_section_is_as_new_as_its_newest_article(client: Client) -> None:
    section = make_section(slug="idees")
    make_section(slug="vide")
    make_article(section=section, published_at=NOW - DAY)
    make_article(section=section, published_at=NOW - HOUR)
    make_article(section=section, published_at=NOW + HOUR)
    found = read(client, "sitemap-rubriques")
    assert found["/rubriques/idees/"] == NOW - HOUR
    assert "/rubriques/vide/" not in found


def test_an_author_stands_there_once_and_only_with_something_published(client: Client) -> None:
    author, other = make_author(slug="elle"), make_author(slug="lui")
    for _number in range(2):
        make_article(authors=[author])
    make_draft(authors=[other])
    assert [*read(client, "sitemap-auteurs")] == ["/auteurs/elle/"]


def test_news_are_two_days_old_at_most_and_say_what_google_asks(client: Client) -> None:
    make_article(headline="L'avant-hier <b> & «co»", slug="un", published_at=NOW - 48 * HOUR + timedelta(seconds=1))
    make_article(headline="Plus ancien", published_at=NOW - 48 * HOUR)
    make_article(headline="À venir", published_at=NOW + HOUR)
    [one] = news(client)
    assert [*read(client, "sitemap-actualites")] == ["/articles/un/"]
    assert one.findtext("n:publication/n:name", namespaces=NAMES) == "Multitude"
    assert one.findtext("n:publication/n:language", namespaces=NAMES) == "fr"
    assert one.findtext("n:title", namespaces=NAMES) == Article.objects.get(slug="un").display_headline
    date = one.findtext("n:publication_date", namespaces=NAMES)
    assert datetime.fromisoformat(date) == Article.objects.get(slug="un").published_at


def test_quiet_days_leave_the_sitemap_of_news_valid(client: Client) -> None:
    make_article(published_at=NOW - 3 * DAY)
    assert news(client) == []
    assert [*read(client, "sitemap-actualites")] == ["/"]


def test_of_news_the_newest_thousand_stand(client: Client) -> None:
    bulk_articles(1_005, make_section(), make_author())
    found = news(client)
    assert len(found) == sitemaps.MOST_NEWS
    assert found[0].findtext("n:title", namespaces=NAMES) == "Série 0"


def test_news_are_kept_no_longer_than_they_are_news(client: Client) -> None:
    make_article(published_at=NOW - 48 * HOUR + timedelta(seconds=30))
    assert "s-maxage=30," in client.get("/sitemap-actualites.xml")["Cache-Control"]


def test_what_changes_an_article_renews_its_page_and_no_other(client: Client) -> None:
    article = make_article(pk=1)
    make_article(pk=5_001)
    keys = {n: {*client.get(f"/sitemap-articles-{n}.xml")["Surrogate-Key"].split()} for n in (1, 2)}
    PurgeEvent.objects.all().delete()
    publishing.unpublish(article_id=article.pk)
    purged = {key for event in PurgeEvent.objects.all() for key in event.keys.split()}
    assert [bool(purged & keys[n]) for n in (1, 2)] == [True, False]
    assert purged & {*client.get("/sitemap.xml")["Surrogate-Key"].split()}


@pytest.mark.parametrize("headline", ["Un\x0bdeux", "]]><!--", "a" * 110, "\U0010fffd \u2028"])
def test_no_headline_breaks_the_sitemap_of_news(client: Client, headline: str) -> None:
    make_article(headline=headline, published_at=NOW - HOUR)
    assert len(news(client)) == 1


@pytest.mark.usefixtures("in_a_worker")
def test_a_change_has_the_dates_of_one_page_read_again(
    client: Client,
    clock: Any,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    article = make_article(pk=1)
    make_article(pk=5_001)
    before = read(client, "sitemap")
    clock.shift(HOUR)
    with django_capture_on_commit_callbacks(execute=True):
        article.save()
    schedule.next_change()
    with django_assert_num_queries(3 + 2):
        after = read(client, "sitemap")
    assert {path for path in after if after[path] != before[path]} == {"/sitemap-articles-1.xml"}
    with django_assert_num_queries(3):
        assert read(client, "sitemap") == after
