"""The Atom feeds of the site and of a section: valid, absolute, and dated by their contents."""

import html
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from articles.feeds import LENGTH
from tests.articles.reading import bulk_articles
from tests.factories import make_article, make_author, make_section
from tests.feeds import parsed

pytestmark = pytest.mark.django_db

FEEDS = ["/flux/", "/rubriques/idees/flux/"]


def read(client: Client, path: str) -> Any:
    """Return the feed as a reader's program sees it; it must be well-formed."""
    return parsed(client.get(path))


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_without_an_article_is_valid(client: Client, path: str) -> None:
    make_section(slug="idees")
    feed = read(client, path)
    assert feed.entries == []
    assert feed.feed.title
    assert feed.feed.updated


@pytest.mark.parametrize("path", FEEDS)
def test_every_address_is_absolute_and_on_the_site(client: Client, settings: Settings, path: str) -> None:
    settings.SITE_URL = "https://journal.exemple"
    make_article(slug="un", section=make_section(slug="idees"))
    feed = read(client, path)
    links = [link.href for link in feed.feed.links] + [link.href for link in feed.entries[0].links]
    identifiers = [feed.feed.id, feed.entries[0].id]
    assert all(address.startswith("https://journal.exemple/") for address in [*links, *identifiers])
    assert feed.entries[0].link == "https://journal.exemple/articles/un/"
    assert f"https://journal.exemple{path}" in links


def test_an_entry_says_what_who_when_and_where(client: Client) -> None:
    now = timezone.now().replace(microsecond=0)
    article = make_article(
        headline='L\'essai "un" & <deux>',
        standfirst="Et <ceci> ?",
        section=make_section(name="Idées"),
        authors=[make_author(name="Anna"), make_author(name="Marc")],
        published_at=now - timedelta(hours=1),
    )
    [entry] = read(client, "/flux/").entries
    assert html.unescape(entry.title) == article.display_headline
    assert entry.author == "Anna, Marc"
    assert entry.tags[0].term == "Idées"
    assert "&lt;ceci&gt;" in entry.summary
    assert datetime.fromisoformat(entry.published) == article.published_at


def test_a_feed_has_the_newest_articles_first(client: Client) -> None:
    bulk_articles(LENGTH + 3, make_section(slug="idees"), make_author())
    for path in FEEDS:
        assert [entry.title for entry in read(client, path).entries] == [f"Série {n}" for n in range(LENGTH)]


def test_a_section_feeds_its_own_articles(client: Client) -> None:
    make_article(headline="Ici", section=make_section(slug="idees", name="Idées"))
    make_article(headline="Ailleurs")
    feed = read(client, "/rubriques/idees/flux/")
    assert [entry.title for entry in feed.entries] == ["Ici"]
    assert "Idées" in feed.feed.title


def test_identifiers_outlive_a_change_of_address(client: Client) -> None:
    article = make_article()
    before = read(client, "/flux/").entries[0].id
    article.slug = "autre"
    article.save()
    assert read(client, "/flux/").entries[0].id == before


@pytest.mark.parametrize("path", FEEDS)
def test_a_hostile_host_is_refused(client: Client, path: str) -> None:
    make_section(slug="idees")
    assert client.get(path, headers={"Host": "pirate.exemple"}).status_code == 400


@pytest.mark.parametrize("field", ["headline", "standfirst"])
def test_an_unprintable_character_pasted_by_a_journalist_breaks_no_feed(client: Client, field: str) -> None:
    """Word's line break is U+000B, which XML cannot carry."""
    make_article(**{field: "Un\x0bdeux"}, section=make_section(slug="idees"))
    assert len(read(client, "/flux/").entries) == 1


def test_a_feed_of_a_thousand_rows_has_ungrouped_identifiers(client: Client) -> None:
    make_article(pk=1234)
    assert read(client, "/flux/").entries[0].id.endswith("/#article-1234")
