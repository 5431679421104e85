"""Lists that go on: each page says in its title which it is, and in its head and body where the others are."""

import pytest
from django.test import Client

from articles.models import Correction
from articles.paging import PAGE_LENGTH
from tests.articles.reading import bulk_articles, every, one, parse, text
from tests.factories import make_article, make_author, make_section, make_tag

pytestmark = pytest.mark.django_db

SITE = "http://multitude.test"
LISTS = {
    "/rubriques/culture/": "Culture",
    "/auteurs/elle/": "Elle",
    "/themes/eau/": "Eau",
    "/rectificatifs/": "Rectificatifs",
}


@pytest.fixture(autouse=True)
def _three_pages(settings: object) -> None:
    settings.SITE_URL = SITE  # type: ignore[attr-defined]
    section, author = make_section(slug="culture", name="Culture"), make_author(slug="elle", name="Elle")
    articles = bulk_articles(2 * PAGE_LENGTH + 1, section, author, make_tag("Eau", slug="eau"))
    notices = [Correction(article=articles[0], body=f"Le {number}.") for number in range(2 * PAGE_LENGTH + 1)]
    Correction.objects.bulk_create(notices)


def around(client: Client, address: str) -> dict[str, list[str]]:
    """Return where a page says that it is, and where the others are, in its head and in its body."""
    page = parse(client.get(address))
    head = {rel: [link.get("href") for link in every(page, f".//h:link[@rel='{rel}']")] for rel in ("prev", "next")}
    body = {
        rel: [SITE + link.get("href") for link in every(page, f".//h:nav[@class='pager']/h:a[@rel='{rel}']")]
        for rel in ("prev", "next")
    }
    assert head == body
    return head | {"canonical": [one(page, ".//h:link[@rel='canonical']").get("href")]}


@pytest.mark.parametrize(("path", "name"), LISTS.items())
def test_a_page_says_which_it_is_in_its_title_alone(client: Client, path: str, name: str) -> None:
    pages = [parse(client.get(f"{path}{query}")) for query in ("", "?page=2", "?page=3")]
    assert [text(one(page, ".//h:title")) for page in pages] == [
        f"{name} — Multitude",
        f"Page 2 — {name} — Multitude",
        f"Page 3 — {name} — Multitude",
    ]
    assert [text(one(page, ".//h:h1")) for page in pages] == [name] * 3
    assert [text(one(page, ".//h:nav[@class='pager']/h:span[@aria-current='page']")) for page in pages] == [
        "Page 1",
        "Page 2",
        "Page 3",
    ]


@pytest.mark.parametrize("path", LISTS)
def test_a_page_says_where_it_is_and_where_the_others_are(client: Client, path: str) -> None:
    first, second, third = f"{SITE}{path}", f"{SITE}{path}?page=2", f"{SITE}{path}?page=3"
    assert around(client, path) == {"canonical": [first], "prev": [], "next": [second]}
    assert around(client, f"{path}?page=2") == {"canonical": [second], "prev": [first], "next": [third]}
    assert around(client, f"{path}?page=3") == {"canonical": [third], "prev": [second], "next": []}


@pytest.mark.parametrize("path", LISTS)
def test_a_page_beyond_the_last_is_a_404(client: Client, path: str) -> None:
    assert client.get(f"{path}?page=4").status_code == 404


def test_a_list_of_one_page_has_no_pager(client: Client) -> None:
    article = make_article(tags=[make_tag(slug="sel")])
    for path in ("/themes/sel/", article.section.get_absolute_url()):
        assert around(client, path) | {"canonical": []} == {"canonical": [], "prev": [], "next": []}
