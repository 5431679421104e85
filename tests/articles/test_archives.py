"""The archives: the months in Paris of which something is public, each with its articles and its neighbours."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles import archives, publishing
from articles.models import Month
from articles.paging import PAGE_LENGTH
from tests.articles.reading import bulk_articles, every, headlines, one, parse, text
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return an instant of UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def years(client: Client) -> dict[str, list[str]]:
    """Return the years of the index with the addresses of their months, as they stand there."""
    sections = every(parse(client.get("/archives/")), ".//h:div[@class='years']/h:section")
    return {text(one(section, "h:h2")): [link.get("href") for link in every(section, ".//h:a")] for section in sections}


def neighbours(client: Client, path: str) -> list[str]:
    """Return where a month leads: to the one before, then to the one after."""
    return [link.get("href") for link in every(parse(client.get(path)), ".//h:nav[@class='months']/h:a")]


def test_an_empty_newspaper_has_empty_archives(client: Client) -> None:
    assert years(client) == {}
    assert "Aucun article n’est encore paru." in client.get("/archives/").content.decode()


def test_years_come_newest_first_and_months_in_their_order(client: Client) -> None:
    for instant in (at(2024, 5, 2), at(2026, 1, 9), at(2024, 11, 3), at(2024, 5, 30)):
        make_article(published_at=instant)
    assert years(client) == {
        "2026": ["/archives/2026/01/"],
        "2024": ["/archives/2024/05/", "/archives/2024/11/"],
    }


def test_a_month_is_one_of_paris(client: Client) -> None:
    make_article(headline="Dernier soir", published_at=at(2026, 5, 31, 21, 59))
    make_article(headline="Premier instant", published_at=at(2026, 5, 31, 22))
    make_article(headline="Hiver", published_at=at(2025, 12, 31, 23))
    assert headlines(client.get("/archives/2026/05/")) == ["Dernier soir"]
    assert headlines(client.get("/archives/2026/06/")) == ["Premier instant"]
    assert headlines(client.get("/archives/2026/01/")) == ["Hiver"]
    assert years(client) == {"2026": ["/archives/2026/01/", "/archives/2026/05/", "/archives/2026/06/"]}


def test_a_month_leads_to_its_neighbours_over_those_that_are_empty(client: Client) -> None:
    for instant in (at(2024, 11, 3), at(2025, 12, 9), at(2026, 2, 2)):
        make_article(published_at=instant)
    assert neighbours(client, "/archives/2025/12/") == ["/archives/2024/11/", "/archives/2026/02/"]
    assert neighbours(client, "/archives/2024/11/") == ["/archives/2025/12/"]
    assert neighbours(client, "/archives/2026/02/") == ["/archives/2025/12/"]


def test_a_month_says_which_it_is(client: Client) -> None:
    make_article(published_at=at(2025, 8, 3))
    page = parse(client.get("/archives/2025/08/"))
    assert text(one(page, ".//h:h1")) == "Août 2025"
    assert text(one(page, ".//h:title")) == "Août 2025 — Archives — Multitude"


def test_a_month_goes_on_from_page_to_page(client: Client) -> None:
    bulk_articles(PAGE_LENGTH + 1, make_section(), make_author())
    path = archives.month_of(timezone.now() - timedelta(minutes=1)).get_absolute_url()
    assert headlines(client.get(path))[0] == "Série 0"
    assert client.get(f"{path}?page=9").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["2026/1", "2026/13", "2026/00", "26/01", "0000/01", "9999/12", "1899/12", "2026/01/02", "٢٠٢٦/01", "2026/0x1"],
)
def test_what_names_no_month_is_a_404(client: Client, path: str) -> None:
    make_article(published_at=at(2026, 1, 2))
    assert client.get(f"/archives/{path}/").status_code == 404


def test_a_month_of_which_nothing_is_public_is_nowhere(client: Client) -> None:
    make_draft()
    make_article(published_at=at(2025, 3, 3), unpublished_at=at(2025, 4, 4))
    make_article(published_at=timezone.now() + timedelta(days=70))
    make_article(published_at=at(2025, 6, 3))
    assert years(client) == {"2025": ["/archives/2025/06/"]}
    assert neighbours(client, "/archives/2025/06/") == []
    response = client.get("/archives/2025/03/")
    assert (response.status_code, response["Cache-Control"]) == (404, "no-store")


def test_a_month_whose_last_article_is_withdrawn_goes_and_comes_back(client: Client) -> None:
    article = make_article(published_at=at(2025, 6, 3))
    publishing.unpublish(article_id=article.pk)
    assert years(client) == {}
    publishing.publish(article_id=article.pk)
    assert years(client) == {"2025": ["/archives/2025/06/"]}


def test_a_month_has_one_row_whatever_appears_in_it() -> None:
    section = make_section()
    for day in (1, 2, 28):
        make_article(section=section, published_at=at(2025, 6, day))
    archives.cover([at(2025, 6, 5), at(2025, 7, 5), at(2025, 7, 6)])
    assert [str(month) for month in Month.objects.all()] == ["2025-07", "2025-06"]


def test_the_archives_are_one_click_away_from_every_page(client: Client) -> None:
    assert 'href="/archives/"' in client.get("/").content.decode()
