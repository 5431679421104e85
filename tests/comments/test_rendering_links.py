"""Which pieces of a comment are addresses, and what links they become."""

import pytest

from comments.rendering import render
from tests.comments.helpers import page, text


def links(typed: str) -> list[tuple[str | None, str]]:
    """Return the address and the text of each link in a comment."""
    return [(link.get("href"), text(link)) for link in page(render(typed)).iter("a")]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://exemple.fr", "https://exemple.fr"),
        ("http://exemple.fr/a?b=c&d=e#f", "http://exemple.fr/a?b=c&d=e#f"),
        ("HTTPS://EXEMPLE.FR/A", "HTTPS://EXEMPLE.FR/A"),
        ("voir https://exemple.museum/x ici", "https://exemple.museum/x"),
        ("https://exemple.fr/?a=1&copy=2", "https://exemple.fr/?a=1&copy=2"),
        ("https://exemple.fr/l'été", "https://exemple.fr/l'été"),
        ("https://exemple.fr/%C3%A9", "https://exemple.fr/%C3%A9"),
        ("http://localhost:8000/a", "http://localhost:8000/a"),
        ("https://fr.wikipedia.org/wiki/A_(b)", "https://fr.wikipedia.org/wiki/A_(b)"),
        ("(https://fr.wikipedia.org/wiki/A_(b))", "https://fr.wikipedia.org/wiki/A_(b)"),
        ("(voir https://exemple.fr)", "https://exemple.fr"),
        ("(voir https://exemple.fr.)", "https://exemple.fr"),
        ("(voir https://exemple.fr).", "https://exemple.fr"),
        ("«https://exemple.fr»", "https://exemple.fr"),
        ("« https://exemple.fr »", "https://exemple.fr"),
        ('"https://exemple.fr"', "https://exemple.fr"),
        ("“https://exemple.fr”", "https://exemple.fr"),
        ("<https://exemple.fr>", "https://exemple.fr"),
        ("`https://exemple.fr`", "https://exemple.fr"),
        ("https://exemple.fr\u202e", "https://exemple.fr"),
    ],
)
def test_an_address_becomes_a_link(typed: str, address: str):
    assert links(typed) == [(address, address)]


@pytest.mark.parametrize("mark", [".", ",", ";", ":", "!", "?", "…", "...", "?!", "'", "’", " ;", " !", " :"])
def test_the_punctuation_after_an_address_is_not_part_of_it(mark: str):
    assert links(f"Lisez https://exemple.fr/a{mark}") == [("https://exemple.fr/a", "https://exemple.fr/a")]
    assert links(f"Lisez https://exemple.fr/a{mark} Vite") == [("https://exemple.fr/a", "https://exemple.fr/a")]


def test_an_address_without_scheme_is_one_when_it_says_www():
    assert links("Allez sur www.exemple.fr.") == [("http://www.exemple.fr", "www.exemple.fr")]


@pytest.mark.parametrize(
    "typed",
    [
        "C'est fini.La suite",
        "exemple.fr",
        "jean@exemple.fr",
        "mailto:jean@exemple.fr",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<b>",
        "ftp://exemple.fr",
        "//exemple.fr",
        "file:///etc/passwd",
        "vbscript:x",
        "xhttp://exemple.fr",
        "jean@www.exemple.fr",
        "http://",
        "www.",
        "https://.",
    ],
)
def test_nothing_else_is_a_link(typed: str):
    assert links(typed) == []


def test_a_link_says_that_the_newspaper_does_not_recommend_it():
    link = next(page(render("https://exemple.fr")).iter("a"))

    assert dict(link.attrib) == {"href": "https://exemple.fr", "rel": "nofollow ugc noopener"}


@pytest.mark.parametrize(
    "typed",
    [
        'https://exemple.fr/"onmouseover="alert(1)',
        "https://exemple.fr/'onmouseover='alert(1)",
        "https://exemple.fr/<script>alert(1)</script>",
        "https://exemple.fr/&quot;onmouseover=alert(1)",
        "http://javascript:alert(1)@exemple.fr/",
    ],
)
def test_an_address_adds_no_attribute_and_no_element(typed: str):
    tree = page(render(typed))

    assert {element.tag for element in tree.iter()} <= {"html", "head", "body", "p", "a"}
    assert {name for link in tree.iter("a") for name in link.attrib} == {"href", "rel"}
    assert "".join(text(tree).split()) == "".join(typed.split())


def test_every_address_of_a_text_becomes_a_link():
    typed = "www.a.fr, http://b.fr (https://c.fr/d) et\nhttps://e.fr\n\nwww.f.fr"

    assert [shown for _address, shown in links(typed)] == [
        "www.a.fr",
        "http://b.fr",
        "https://c.fr/d",
        "https://e.fr",
        "www.f.fr",
    ]
