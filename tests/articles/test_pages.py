"""The front page, a section's, an author's and an article's: what they list, in what order, page after page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from articles.paging import PAGE_LENGTH
from tests.articles.reading import bulk_articles, every, headlines, one, parse, text
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_a_site_without_an_article_says_so(client: Client) -> None:
    response = client.get("/")
    assert headlines(response) == []
    assert "Aucun article n’est encore paru." in text(parse(response))


def test_the_front_page_has_the_newest_first(client: Client) -> None:
    now = timezone.now()
    for name, age in (("Hier", 1), ("Avant-hier", 2), ("Aujourd’hui", 0)):
        make_article(headline=name, published_at=now - age * DAY)
    assert headlines(client.get("/")) == ["Aujourd’hui", "Hier", "Avant-hier"]


def test_the_front_page_is_one_page(client: Client) -> None:
    bulk_articles(PAGE_LENGTH + 5, make_section(), make_author())
    assert len(headlines(client.get("/"))) == PAGE_LENGTH


@pytest.mark.parametrize("kind", ["rubriques/idees", "auteurs/elle"])
def test_a_list_goes_on_from_page_to_page(client: Client, kind: str) -> None:
    bulk_articles(2 * PAGE_LENGTH + 1, make_section(slug="idees"), make_author(slug="elle"))
    pages = [client.get(f"/{kind}/{query}") for query in ("", "?page=2", "?page=3")]
    listed = [headline for page in pages for headline in headlines(page)]
    assert listed == [f"Série {number}" for number in range(2 * PAGE_LENGTH + 1)]
    links = [[link.get("href") for link in every(parse(page), ".//h:nav[@class='pager']/h:a")] for page in pages]
    assert links == [[f"/{kind}/?page=2"], [f"/{kind}/", f"/{kind}/?page=3"], [f"/{kind}/?page=2"]]


@pytest.mark.parametrize("kind", ["rubriques/idees", "auteurs/elle", "articles/un"])
@pytest.mark.parametrize("page", ["0", "-1", "01", "1.0", "deux", "", "٢", "9999999", "2", "1&page=1"])
def test_a_page_that_does_not_exist_is_a_404(client: Client, kind: str, page: str) -> None:
    make_article(slug="un", section=make_section(slug="idees"), authors=[make_author(slug="elle")])
    assert client.get(f"/{kind}/?page={page}").status_code == 404


def test_a_full_last_page_leads_nowhere(client: Client) -> None:
    bulk_articles(PAGE_LENGTH, make_section(slug="idees"), make_author())
    response = client.get("/rubriques/idees/")
    assert len(headlines(response)) == PAGE_LENGTH
    assert every(parse(response), ".//h:nav[@class='pager']") == []


def test_a_section_lists_its_own_articles(client: Client) -> None:
    section = make_section(slug="idees", name="Idées", description="Des arguments!")
    make_article(headline="Ici", section=section)
    make_article(headline="Ailleurs")
    response = client.get("/rubriques/idees/")
    assert headlines(response) == ["Ici"]
    assert text(one(parse(response), ".//h:h1")) == "Idées"
    assert "Des arguments\u202f!" in response.content.decode()


def test_a_section_is_public_from_the_first_and_found_by_engines_once_it_has_an_article(client: Client) -> None:
    section = make_section(slug="idees")
    make_article(section=section, published_at=timezone.now() + timedelta(days=1))
    make_article(section=section, unpublished_at=timezone.now())

    def found() -> tuple[bool, bool, bool]:
        html = client.get("/rubriques/idees/").content.decode()
        listed = client.get("/sitemap-rubriques.xml").content.decode()
        in_menu = 'href="/rubriques/idees/"' in client.get("/").content.decode()
        return in_menu, 'content="noindex"' not in html, "/rubriques/idees/" in listed

    assert headlines(client.get("/rubriques/idees/")) == []
    assert found() == (True, False, False)
    make_article(section=section)
    assert found() == (True, True, True)


def test_an_author_lists_what_they_signed_alone_or_with_others(client: Client) -> None:
    her, him = make_author(slug="elle", name="Elle", credentials="journaliste"), make_author()
    make_article(headline="À deux", authors=[him, her])
    make_article(headline="À lui", authors=[him])
    response = client.get("/auteurs/elle/")
    assert headlines(response) == ["À deux"]
    assert text(one(parse(response), ".//h:header[@class='page-head author-head']")) == "Elle Journaliste"


def test_an_author_of_whom_nothing_is_published_has_no_page(client: Client) -> None:
    author = make_author(slug="elle")
    assert client.get("/auteurs/elle/").status_code == 404
    make_draft(authors=[author])
    assert client.get("/auteurs/elle/").status_code == 404


@pytest.mark.parametrize("path", ["/articles/rien/", "/rubriques/rien/", "/auteurs/rien/", "/rubriques/rien/flux/"])
def test_what_does_not_exist_is_a_404_in_french(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.content.decode()


def test_authors_sign_in_their_order(client: Client) -> None:
    names = ("Zoé", "Anna", "Marc")
    article = make_article(authors=[make_author(name=name) for name in names])
    page = parse(client.get(article.get_absolute_url()))
    assert [text(link) for link in every(page, ".//h:p[@class='byline']/h:a[@rel='author']")] == list(names)


def test_words_that_look_like_html_are_shown_as_words(client: Client) -> None:
    author = make_author(name="<b>Anna</b>", credentials="<i>reporter</i>")
    article = make_article(headline="<script>1 & 2</script>", kicker="<u>", standfirst="<s>a</s>", authors=[author])
    for path in (article.get_absolute_url(), "/", article.section.get_absolute_url(), author.get_absolute_url()):
        html = client.get(path).content.decode()
        assert "<script>1" not in html
        assert not any(tag in html for tag in ("<b>", "<i>", "<u>", "<s>"))
    assert text(one(parse(client.get(article.get_absolute_url())), ".//h:h1")) == "<script>1 & 2</script>"


def test_the_menu_shows_a_new_section_at_once(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client.get("/")
    with django_capture_on_commit_callbacks(execute=True):
        make_section(name="Toute neuve")
    assert "Toute neuve" in client.get("/").content.decode()
