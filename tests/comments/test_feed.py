"""The feeds of an article's comments, in Atom and in RSS."""

from datetime import timedelta

import feedparser
import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from articles import publishing
from articles.models import Article
from tests.comments.helpers import make_many
from tests.factories import decide, make_approved, make_article, make_comment, make_draft
from tests.feeds import parsed

pytestmark = pytest.mark.django_db


def address(article: Article) -> str:
    """Return the address of an article's feed."""
    return f"{article.get_absolute_url()}flux/"


def read(client: Client, article: Article, rss: str = "") -> feedparser.FeedParserDict:
    """Return an article's feed as a reader's program understands it; `rss/` is the one in RSS."""
    return parsed(client.get(f"{address(article)}{rss}", headers={"Host": "testserver"}))


@pytest.mark.parametrize("rss", ["", "rss/"])
def test_a_feed_holds_the_approved_comments_alone(client: Client, rss: str):
    article = make_article()
    make_comment(article)
    decide(make_comment(article), "reject", reason="insult")
    decide(make_approved(article), "remove", reason="insult")
    shown = make_approved(article, author_name="Zoé")
    make_approved()

    entries = read(client, article, rss).entries
    assert [entry.author for entry in entries] == ["Zoé"]
    assert entries[0].link.endswith(f"#c{shown.pk}")


def test_the_latest_approved_comes_first(client: Client):
    article = make_article()
    comments = [make_comment(article, author_name=name) for name in ("A", "B", "C")]
    now = timezone.now()
    for minutes, index in enumerate((1, 2, 0), start=1):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            decide(comments[index], "approve")

    assert [entry.author for entry in read(client, article).entries] == ["A", "C", "B"]


def test_every_address_stands_on_the_address_of_the_site(client: Client, settings: Settings):
    settings.SITE_URL = "https://journal.exemple"
    comment = make_approved()
    feed = read(client, comment.article)
    path = comment.article.get_absolute_url()

    assert feed.feed.link == f"https://journal.exemple{path}"
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [f"https://journal.exemple{path}flux/"]
    assert feed.entries[0].link == f"https://journal.exemple{path}#c{comment.pk}"
    assert "testserver" not in client.get(address(comment.article)).content.decode()


def test_entries_lead_to_the_right_page(client: Client):
    comments = make_many(51)
    links = {entry.link.split("#")[1]: entry.link for entry in read(client, comments[0].article).entries}

    assert f"?page=2#c{comments[50].pk}" in links[f"c{comments[50].pk}"]
    assert "?page" not in links[f"c{comments[49].pk}"]


def test_an_entry_carries_the_name_the_text_and_its_dates(client: Client):
    comment = make_approved(author_name="Ève & fils", body="a < b\n\n«oui»")
    entry = read(client, comment.article).entries[0]

    assert (entry.author, entry.title) == ("Ève & fils", "Commentaire de Ève & fils")
    assert "a &lt; b" in entry.summary
    assert entry.published.startswith(comment.submitted_at.strftime("%Y-%m-%dT%H:%M"))
    assert comment.decided_at is not None
    assert entry.updated.startswith(comment.decided_at.strftime("%Y-%m-%dT%H:%M"))


def test_entries_have_names_of_their_own(client: Client):
    entries = read(client, make_many(30)[0].article).entries

    assert len({entry.id for entry in entries}) == 30


def test_a_feed_holds_at_most_fifty_entries(client: Client):
    assert len(read(client, make_many(60)[0].article).entries) == 50


def test_an_empty_feed_is_valid_and_its_bytes_stay(client: Client):
    article = make_article()

    assert read(client, article).entries == []
    assert client.get(address(article)).content == client.get(address(article)).content


@pytest.mark.parametrize("rss", ["", "rss/"])
def test_odd_characters_keep_the_feed_valid(client: Client, rss: str):
    comment = make_approved(author_name="]]> \U0001f600 محمد", body="]]> <![CDATA[ &nbsp; \U0010fffd \u2028 \U0001f600")

    assert len(read(client, comment.article, rss).entries) == 1


def test_no_feed_for_an_article_that_is_not_public(client: Client):
    withdrawn = make_approved().article
    publishing.unpublish(article_id=withdrawn.pk)
    coming = make_article(published_at=timezone.now() + timedelta(hours=1))

    for article in (make_draft(), coming, withdrawn):
        assert client.get(address(article)).status_code == 404
    assert client.get("/articles/inconnu/flux/").status_code == 404


@pytest.mark.parametrize("rss", ["", "rss/"])
def test_a_masked_passage_stays_masked(client: Client, rss: str):
    comment = make_approved(body="Un mot et un autre.")
    decide(comment, "redact", text="Un mot et […].")
    [entry] = read(client, comment.article, rss).entries

    assert "un autre" not in entry.summary
    assert entry.title.endswith("(modéré)")


def test_an_address_that_the_article_had_leads_to_the_same_feed(client: Client):
    article = make_approved().article
    before, article.slug = address(article), "autre"
    publishing.save(article, by=None)

    for rss in ("", "rss/"):
        assert client.get(f"{before}{rss}")["Location"] == f"{address(article)}{rss}"


def test_a_feed_is_public(client: Client):
    response = client.get(address(make_approved().article))

    assert response["Cache-Control"].startswith("public,")
    assert response["ETag"].startswith('"')
    again = client.get(address(make_article(slug="autre")), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 200
