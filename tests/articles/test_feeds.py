"""The feeds of the site, of a section and of an author, in Atom and RSS: valid, absolute, and dated by their contents."""

import html
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from articles import publishing
from articles.feeds import LENGTH
from articles.models import Article
from multitude import syndication
from tests.articles.pictures.making import make_picture
from tests.articles.reading import bulk_articles, every, parse, text
from tests.factories import make_article, make_author, make_section
from tests.feeds import parsed

pytestmark = pytest.mark.django_db

LISTED = ["/flux/", "/rubriques/idees/flux/"]
FEEDS = [*LISTED, "/auteurs/elle/flux/"]
ALL = [*FEEDS, *(f"{path}rss/" for path in FEEDS)]


def read(client: Client, path: str) -> Any:
    """Return the feed as a reader's program sees it; it must be valid."""
    return parsed(client.get(path))


def publish(**values: Any) -> Article:
    """Return an article that stands in every one of the feeds."""
    section, author = make_section(slug="idees", name="Idées"), make_author(slug="elle")
    return make_article(section=section, authors=[author], **values)


@pytest.fixture
def full(settings: Settings) -> None:
    """Have feeds hold whole articles."""
    settings.FEED_CONTENT = "full"


@pytest.mark.parametrize("path", [*LISTED, *(f"{path}rss/" for path in LISTED)])
def test_a_feed_without_an_article_is_valid(client: Client, path: str) -> None:
    make_section(slug="idees")
    feed = read(client, path)
    assert feed.entries == []
    assert feed.feed.title
    assert feed.feed.subtitle
    assert feed.feed.updated


@pytest.mark.parametrize("path", ["/auteurs/elle/flux/", "/auteurs/elle/flux/rss/"])
def test_who_has_published_nothing_has_no_feed(client: Client, path: str) -> None:
    make_author(slug="elle")
    response = client.get(path)
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", ["atom", "rss"])
@pytest.mark.parametrize("page", ["/", "/rubriques/idees/", "/auteurs/elle/"])
def test_a_page_leads_programs_to_its_feed_and_to_the_sites_in_both_languages(
    client: Client, page: str, kind: str
) -> None:
    publish()
    links = every(parse(client.get(page)), f".//h:link[@type='application/{kind}+xml']")
    ending = "flux/" if kind == "atom" else "flux/rss/"
    assert [link.get("href") for link in links] == list(dict.fromkeys([f"/{ending}", f"{page}{ending}"]))
    assert len({link.get("title") for link in links}) == len(links)
    for link in links:
        read(client, link.get("href"))


def test_every_page_leads_readers_to_both_feeds(client: Client) -> None:
    links = every(parse(client.get("/contact/")), ".//h:footer//h:a")
    assert {"Flux Atom": "/flux/", "RSS": "/flux/rss/"}.items() <= {text(a): a.get("href") for a in links}.items()


@pytest.mark.parametrize("path", ALL)
def test_every_address_is_absolute_and_on_the_site(client: Client, settings: Settings, path: str) -> None:
    settings.SITE_URL = "https://journal.exemple"
    publish(slug="un")
    feed = read(client, path)
    links = [link.href for link in feed.feed.links] + [link.href for link in feed.entries[0].links]
    assert all(address.startswith("https://journal.exemple/") for address in links)
    assert feed.entries[0].link == "https://journal.exemple/articles/un/"
    assert feed.feed.link == f"https://journal.exemple{path.removesuffix('rss/').removesuffix('flux/')}"
    assert f"https://journal.exemple{path}" in links


@pytest.mark.parametrize("path", ["/flux/", "/flux/rss/"])
def test_an_entry_says_what_who_when_and_where(client: Client, path: str) -> None:
    now = timezone.now().replace(microsecond=0)
    article = make_article(
        headline='L\'essai "un" & <deux>',
        standfirst="Et <ceci> ?",
        section=make_section(name="Idées"),
        authors=[make_author(name="Anna"), make_author(name="Marc")],
        published_at=now - timedelta(hours=1),
    )
    [entry] = read(client, path).entries
    assert html.unescape(entry.title) == article.display_headline
    assert [author.name for author in entry.authors] == ["Anna", "Marc"]
    assert entry.tags[0].term == "Idées"
    assert "&lt;ceci&gt;" in entry.summary
    when = parsedate_to_datetime if "rss" in path else datetime.fromisoformat
    assert when(entry.published) == article.published_at


def test_authors_lead_to_their_pages(client: Client, settings: Settings) -> None:
    publish()
    assert read(client, "/flux/").entries[0].authors[0].href == f"{settings.SITE_URL}/auteurs/elle/"


@pytest.mark.parametrize("path", ALL)
def test_a_feed_has_the_newest_articles_first(client: Client, path: str) -> None:
    bulk_articles(LENGTH + 3, make_section(slug="idees"), make_author(slug="elle"))
    assert [entry.title for entry in read(client, path).entries] == [f"Série {n}" for n in range(LENGTH)]


@pytest.mark.parametrize("path", ["/rubriques/idees/flux/", "/auteurs/elle/flux/rss/"])
def test_a_feed_holds_its_own_articles(client: Client, path: str) -> None:
    publish(headline="Ici")
    make_article(headline="Ailleurs", authors=[make_author()])
    assert [entry.title for entry in read(client, path).entries] == ["Ici"]


@pytest.mark.parametrize("path", ["/flux/", "/flux/rss/"])
def test_an_entry_is_the_same_whatever_becomes_of_its_address_its_date_and_its_newspapers(
    client: Client, settings: Settings, path: str
) -> None:
    article = make_article()
    before = read(client, path).entries[0].id
    settings.SITE_URL = "https://ailleurs.exemple"
    article.slug, article.published_at = "autre", timezone.now()
    article.save()
    assert read(client, path).entries[0].id == before


@pytest.mark.parametrize("kind", ["rubriques", "auteurs", "articles", ""])
def test_a_feed_is_the_same_whatever_becomes_of_its_address_and_its_newspapers(
    client: Client, settings: Settings, kind: str
) -> None:
    article = publish(slug="un")
    rows: dict[str, Any] = {"rubriques": article.section, "auteurs": article.authors.get(), "articles": article}

    def identifier() -> str:
        name = str(read(client, f"/{kind}/{rows[kind].slug}/flux/" if kind else "/flux/").feed.id)
        assert name.startswith("urn:uuid:")
        return name

    before = identifier()
    settings.SITE_URL = "https://ailleurs.exemple"
    for row in rows.values():
        row.slug = "autre"
        row.save()
    assert identifier() == before


def test_feeds_of_one_newspaper_and_of_two_are_not_the_same(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(slug="un")
    paths = [*FEEDS, "/articles/un/flux/"]
    ours = {read(client, path).feed.id for path in paths}
    monkeypatch.setattr(syndication, "born", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    theirs = {read(client, path).feed.id for path in FEEDS}
    assert len(ours | theirs) == len(paths) + len(FEEDS)


@pytest.mark.parametrize("path", ["/flux/", "/flux/rss/"])
def test_articles_of_two_newspapers_are_two(client: Client, path: str) -> None:
    make_article()
    ours = read(client, path).entries[0].id
    Article.objects.update(first_published_at=F("first_published_at") - timedelta(microseconds=1))
    assert read(client, path).entries[0].id != ours


@pytest.mark.parametrize("path", ["/flux/", "/flux/rss/"])
def test_both_languages_give_an_article_one_name_for_ever(client: Client, path: str) -> None:
    make_article(pk=1234, published_at=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC))
    assert read(client, path).entries[0].id == "urn:uuid:1ce3663c-b6f1-5ed6-a2a2-fd10dc5e15a0"


@pytest.mark.parametrize("path", ALL)
def test_a_hostile_host_is_refused(client: Client, path: str) -> None:
    publish()
    assert client.get(path, headers={"Host": "pirate.exemple"}).status_code == 400


@pytest.mark.parametrize("field", ["headline", "standfirst", "body"])
@pytest.mark.parametrize("path", ALL)
def test_an_unprintable_character_pasted_by_a_journalist_breaks_no_feed(
    client: Client, full: None, path: str, field: str
) -> None:
    """Word's line break is U+000B, which XML cannot carry."""
    publish(**{field: "Un\x0bdeux"})
    assert len(read(client, path).entries) == 1


@pytest.mark.parametrize("path", ["/flux/", "/flux/rss/"])
def test_a_feed_holds_standfirsts_unless_it_is_told_otherwise(client: Client, path: str) -> None:
    publish(body="<p>Tout le texte.</p>")
    [entry] = read(client, path).entries
    assert "Un chapô." in entry.summary
    assert "Tout le texte" not in client.get(path).content.decode()


@pytest.mark.parametrize("path", ALL)
def test_a_feed_holds_whole_articles_where_the_setting_says_so(client: Client, full: None, path: str) -> None:
    article = publish(
        body="<h2>Partie</h2><p>Tout le <em>texte</em>, <a href='/articles/autre/'>ici</a>, <a href='#la'>là</a>.</p>",
        footnote="Une note.",
        lead_picture=make_picture(alternative_text="Une place", caption="La place"),
    )
    publishing.correct(article_id=article.pk, body="Une rectification.")
    [entry] = read(client, path).entries
    content = entry.content[0].value
    for part in ("Un chapô.", "La place", "<em>texte</em>", "<h2>Partie</h2>", "Une note.", "Une rectification."):
        assert part in content


def test_what_a_whole_article_points_to_is_found_from_anywhere(client: Client, full: None, settings: Settings) -> None:
    settings.SITE_URL = "https://journal.exemple"
    picture = make_picture(alternative_text="Une place", made=True)
    publish(
        slug="un",
        body=f'<p><a href="/charte/">ici</a> <a href="#note">là</a></p><figure data-picture="{picture.pk}"></figure>',
    )
    content = read(client, "/flux/").entries[0].content[0].value
    assert 'href="https://journal.exemple/charte/"' in content
    assert 'href="https://journal.exemple/articles/un/#note"' in content
    assert 'src="https://journal.exemple/media/' in content
    assert 'alt="Une place"' in content
    for only_ours in ("<picture", "<source", "srcset", "class=", "data-picture"):
        assert only_ours not in content
