"""The address that is drawn from a title or a name."""

import pytest
from django.test import Client

from articles import addresses
from articles.models import Author, Section
from tests.factories import logged_in, make_author, make_section, make_user


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("L'État & l'œuvre : ça dépend d'où…", "l-etat-l-oeuvre-ca-depend-d-ou"),
        ("L’État & l’Œuvre", "l-etat-l-oeuvre"),
        ("Lætitia, ex æquo", "laetitia-ex-aequo"),
        ("Paris–Brest", "paris-brest"),
        ("3,5 % d'inflation — enfin !", "3-5-d-inflation-enfin"),
        ("«\u202fOui\u202f», dit_elle", "oui-dit-elle"),
        ("日本", ""),
        ("", ""),
        ("\x00\ud800", ""),
    ],
)
def test_an_address_reads_as_its_text_does(text: str, address: str) -> None:
    assert addresses.in_words(text) == address


@pytest.fixture
def client(db: None) -> Client:
    """Return a client of somebody who may do everything."""
    return logged_in(make_user("directrice", is_superuser=True))


def test_an_author_gets_one_from_their_name(client: Client) -> None:
    make_author(slug="jean-d-ormesson-oe")
    client.post("/admin/articles/author/add/", {"name": "Jean d’Ormesson-Œ"})
    assert Author.objects.latest("pk").slug == "jean-d-ormesson-oe-2"


def test_a_section_gets_one_from_its_name(client: Client) -> None:
    client.post("/admin/articles/section/add/", {"name": "L'Europe", "position": "1", "commenting": "auto"})
    assert Section.objects.get().slug == "l-europe"


@pytest.mark.parametrize(("name", "address"), [("日本", "auteur"), ("Œ" * 80, "oe" * 36)])
def test_any_name_gives_one(client: Client, name: str, address: str) -> None:
    client.post("/admin/articles/author/add/", {"name": name})
    assert Author.objects.get().slug == address


def test_one_that_is_typed_is_kept_and_that_of_another_refused(client: Client) -> None:
    taken = make_section()
    for slug in ("a-moi", taken.slug):
        client.post("/admin/articles/section/add/", {"name": "X", "slug": slug, "position": "1", "commenting": "auto"})
    assert [section.slug for section in Section.objects.order_by("pk")] == [taken.slug, "a-moi"]
