"""Sections, authors and tags that are renamed: old addresses and feeds lead on, and tell nothing that is not public."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.redirects.models import Redirect
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import moving, publishing, tags
from articles.models import Article, Author, Section, Tag
from tests.factories import logged_in, make_article, make_author, make_draft, make_section, make_tag, make_user

pytestmark = pytest.mark.django_db

FEEDS = ("", "flux/", "flux/rss/")
DAY = timedelta(days=1)


def leads(client: Client, path: str) -> str | None:
    """Return where an address leads for good, or None."""
    response = client.get(path)
    return response["Location"] if response.status_code == 301 else None


def answered(client: Client, path: str) -> tuple[Any, ...]:
    """Return all that an answer tells, and how many queries it took."""
    client.get("/themes/premier/")  # what a process asks once
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
    return response.status_code, dict(response.headers), response.content, len(asked)


def renamed(row: Any, slug: str = "nouveau") -> Any:
    """Return a section, an author or a tag that has another address now."""
    row.slug = slug
    return moving.rename(row)


def hidden(author: Author, tag: Tag, way: str) -> Article:
    """Return an article with that author and that tag which readers do not see."""
    if way == "draft":
        return make_draft(authors=[author], tags=[tag])
    dates = {"scheduled": {"published_at": timezone.now() + DAY}, "withdrawn": {"unpublished_at": timezone.now() - DAY}}
    return make_article(authors=[author], tags=[tag], **dates[way])


@pytest.mark.parametrize("kind", ["rubriques", "auteurs"])
def test_what_is_renamed_at_the_desk_keeps_its_old_addresses_and_feeds(client: Client, kind: str) -> None:
    section, author = make_section(slug="ancien"), make_author(slug="ancien")
    make_article(section=section, authors=[author])
    chief = logged_in(make_user("cheffe", is_superuser=True))
    for slug in ("milieu", "nouveau"):
        for place, row, more in (("section", section, {"position": 0, "commenting": "auto"}), ("author", author, {})):
            sent = {"name": row.name, "slug": slug, **more}
            assert chief.post(f"/admin/articles/{place}/{row.pk}/change/", sent).status_code == 302
    for old in ("ancien", "milieu"):
        assert [leads(client, f"/{kind}/{old}/{feed}") for feed in FEEDS] == [
            f"/{kind}/nouveau/{feed}" for feed in FEEDS
        ]
    assert {client.get(f"/{kind}/nouveau/{feed}").status_code for feed in FEEDS} == {200}


def test_a_section_without_an_article_leads_on_as_well(client: Client) -> None:
    renamed(make_section(slug="ancien"))
    assert leads(client, "/rubriques/ancien/") == "/rubriques/nouveau/"


def test_a_later_page_of_an_old_address_leads_to_that_of_the_new_one(client: Client) -> None:
    section, author, tag = make_section(slug="ancien"), make_author(slug="ancien"), make_tag(slug="ancien")
    make_article(section=section, authors=[author], tags=[tag])
    for row in (section, author, tag):
        renamed(row)
    for kind in ("rubriques", "auteurs", "themes"):
        assert leads(client, f"/{kind}/ancien/?page=2&utm_source=lettre") == f"/{kind}/nouveau/?page=2"


def test_the_old_address_of_a_section_that_is_gone_leads_nowhere(client: Client) -> None:
    section = renamed(make_section(slug="ancien"))
    section.delete()
    assert answered(client, "/rubriques/ancien/") == answered(client, "/rubriques/rien/")


@pytest.mark.parametrize("way", ["draft", "scheduled", "withdrawn"])
def test_what_the_newsroom_leads_to_an_article_does_so_once_readers_have_seen_it(client: Client, way: str) -> None:
    article = hidden(make_author(), make_tag(), way)
    Redirect.objects.create(site_id=1, old_path="/vieux/", new_path=article.get_absolute_url())
    assert leads(client, "/vieux/") == (article.get_absolute_url() if way == "withdrawn" else None)


def test_an_address_that_is_taken_again_leads_nowhere_else(client: Client) -> None:
    section = renamed(make_section(slug="ancien"))
    renamed(section, "ancien")
    assert client.get("/rubriques/ancien/").status_code == 200
    assert leads(client, "/rubriques/nouveau/flux/") == "/rubriques/ancien/flux/"


@pytest.mark.parametrize("way", ["draft", "scheduled", "withdrawn"])
def test_the_old_address_of_what_is_not_public_is_as_one_that_nobody_had(client: Client, way: str) -> None:
    author, tag = make_author(slug="ancien"), make_tag(slug="ancien")
    hidden(author, tag, way)
    renamed(author)
    renamed(tag)
    for path in ("/themes/{}/", *(f"/auteurs/{{}}/{feed}" for feed in FEEDS)):
        told, nothing = (answered(client, path.format(slug)) for slug in ("ancien", "rien"))
        assert told == nothing
        assert told[0] == 404
        assert told[1]["Cache-Control"] == "no-store"


def test_the_old_address_leads_on_once_something_is_public_and_no_longer_than_that(client: Client) -> None:
    author, tag = make_author(slug="ancien"), make_tag(slug="ancien")
    article = hidden(author, tag, "draft")
    renamed(author)
    renamed(tag)
    publishing.publish(article_id=article.pk)
    assert leads(client, "/themes/ancien/") == "/themes/nouveau/"
    assert leads(client, "/auteurs/ancien/flux/rss/") == "/auteurs/nouveau/flux/rss/"
    publishing.unpublish(article_id=article.pk)
    assert leads(client, "/themes/ancien/") is leads(client, "/auteurs/ancien/") is None


def test_an_old_address_is_kept_until_what_is_there_leaves(client: Client) -> None:
    tag = make_tag(slug="ancien")
    make_article(tags=[tag], unpublished_at=timezone.now() + timedelta(seconds=7.9))
    renamed(tag)
    response = client.get("/themes/ancien/")
    assert response.status_code == 301
    assert response["Cache-Control"].endswith("s-maxage=7, stale-while-revalidate=0, stale-if-error=0")
    assert {"lists", "missing"} <= set(response["Surrogate-Key"].split())


@pytest.mark.parametrize("way", ["draft", "scheduled"])
def test_a_tag_that_nobody_saw_leads_nowhere_when_it_is_merged(client: Client, way: str) -> None:
    secret, public = make_tag(slug="ancien"), make_tag(slug="public")
    make_article(tags=[public])
    hidden(make_author(), secret, way)
    tags.merge(renamed(secret), public)
    assert answered(client, "/themes/ancien/") == answered(client, "/themes/rien/")
    assert [client.get(f"/themes/{slug}/").status_code for slug in ("ancien", "nouveau")] == [404, 404]
    assert leads(client, "/themes/ancien/") is None


def test_a_tag_that_readers_saw_leads_on_from_all_its_addresses_when_it_is_merged(client: Client) -> None:
    old, other = make_tag(slug="ancien"), make_tag(slug="autre")
    make_article(tags=[old])
    tags.merge(renamed(old), other)
    assert {leads(client, f"/themes/{slug}/") for slug in ("ancien", "nouveau")} == {"/themes/autre/"}


@pytest.mark.parametrize("model", [Section, Author, Tag])
def test_what_is_gone_is_not_renamed(model: type[Any]) -> None:
    row = {Section: make_section, Author: make_author, Tag: make_tag}[model]()
    model.objects.filter(pk=row.pk).delete()
    with pytest.raises(model.DoesNotExist):
        renamed(row)
