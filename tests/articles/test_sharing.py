"""What a page says of itself to networks and messengers: Open Graph, cards, and one address."""

from html import escape
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.articles import leaks
from tests.articles.leaks import Planted
from tests.articles.reading import every, one, parse, text
from tests.factories import make_article, make_author, make_section

SITE = "https://journal.exemple"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def planted() -> Planted:
    """Return a newspaper in which every public page has something to show."""
    return leaks.plant()


def told(tree: Any) -> dict[str, list[str]]:
    """Return what a page's properties say, by name."""
    found: dict[str, list[str]] = {}
    for meta in every(tree, ".//h:meta"):
        if name := meta.get("property") or ((meta.get("name") or "").startswith("twitter:") and meta.get("name")):
            found.setdefault(name, []).append(meta.get("content"))
    return found


def test_every_page_that_has_an_address_of_its_own_can_be_shared(client: Client, planted: Planted) -> None:
    """Pages without one are answers to a reader, or nothing: they have no card either."""
    shared = 0
    for path in (path for route in leaks.ADDRESSES for path in planted.paths(route)):
        response = client.get(path)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        tree = parse(response)
        found, canonical = told(tree), every(tree, ".//h:link[@rel='canonical']")
        if not canonical:
            assert found == {}, path
            assert "noindex" in response.content.decode() + response.get("X-Robots-Tag", ""), path
            continue
        shared += 1
        address = canonical[0].get("href")
        assert address.startswith(f"{SITE}/"), path
        assert found["og:url"] == [address], path
        assert [" ".join(title.split()) for title in found["og:title"]] == [
            text(one(tree, ".//h:title")).removesuffix(" — Multitude")
        ], path
        described = every(tree, ".//h:meta[@name='description']")
        assert found.get("og:description", []) == [each.get("content") for each in described], path
        assert found["og:site_name"] == ["Multitude"], path
        assert found["og:type"] in (["website"], ["article"]), path
        assert found["twitter:card"] == ["summary_large_image"], path
        assert found["og:image"][0].startswith(f"{SITE}/"), path
        assert all(len(found[f"og:image:{name}"]) == 1 for name in ("type", "width", "height", "alt")), path
        assert found["og:locale"] == ["fr_FR"], path
    assert shared >= 12


def test_an_article_says_when_where_and_who(client: Client) -> None:
    article = make_article(
        section=make_section(name="Idées"), authors=[make_author(slug="elle"), make_author(slug="lui")]
    )
    found = told(parse(client.get(article.get_absolute_url())))
    assert found["og:type"] == ["article"]
    assert found["article:published_time"] == [article.published_at.isoformat(timespec="seconds")]
    assert found["article:modified_time"] == [article.changed_at.isoformat(timespec="seconds")]
    assert found["article:section"] == ["Idées"]
    assert found["article:author"] == [f"{SITE}/auteurs/elle/", f"{SITE}/auteurs/lui/"]


def test_search_engines_may_show_its_picture_in_full(client: Client) -> None:
    tree = parse(client.get(make_article().get_absolute_url()))
    assert one(tree, ".//h:meta[@name='robots']").get("content") == "max-image-preview:large"


@pytest.mark.parametrize("words", ['"Deux" <b>mots</b> & trois', "L'été", "$1 \\1 {{ x }}", "a" * 110])
def test_words_are_said_as_they_are(client: Client, words: str) -> None:
    article = make_article(headline=words, standfirst=words)
    response = client.get(article.get_absolute_url())
    found = told(parse(response))
    assert found["og:title"] == [article.display_headline]
    assert found["og:description"] == [article.display_standfirst]
    assert f'content="{escape(article.display_headline)}"' in response.content.decode()


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        (
            "<p>Elle  dit : «&nbsp;<em>Bon</em>jour&nbsp;» &amp; part.</p>",
            "Elle dit\u00a0: «\u202fBonjour\u202f» & part.",
        ),
        ("<h2>Un titre</h2><p>Un texte.</p>", "Un titre Un texte."),
        (f"<p>{'mot, ' * 40}</p>", f"{'mot, ' * 31}mot…"),
        (f"<p>{'m' * 200}</p>", "m" * 160 + "…"),
    ],
)
def test_an_article_without_a_standfirst_is_described_by_how_it_begins(client: Client, body: str, summary: str) -> None:
    found = told(parse(client.get(make_article(standfirst="", body=body).get_absolute_url())))
    assert found["og:description"] == [summary]


def test_an_article_without_a_text_is_not_described(client: Client) -> None:
    tree = parse(client.get(make_article(standfirst="", body="").get_absolute_url()))
    assert every(tree, ".//h:meta[@name='description']") == []


def test_a_section_without_a_description_says_what_it_holds(client: Client) -> None:
    make_section(slug="idees", name="Idées & débats")
    assert told(parse(client.get("/rubriques/idees/")))["og:description"] == [
        "Les articles de la rubrique Idées & débats."
    ]


def test_a_page_of_a_thread_has_its_own_address(client: Client, planted: Planted) -> None:
    tree = parse(client.get("/articles/secret/?utm_source=a&page=1"))
    assert one(tree, ".//h:link[@rel='canonical']").get("href") == f"{SITE}/articles/secret/"


def test_a_preview_is_not_for_sharing(client: Client, planted: Planted) -> None:
    response = client.get(planted.preview)
    assert response.status_code == 200
    assert "og:" not in response.content.decode()
    assert "ld+json" not in response.content.decode()
