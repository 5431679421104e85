"""French as the source language: 0 is singular, and figures are grouped by a no-break space."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from articles.paging import Page
from articles.templatetags.articles import comment_count_label, reading_count_label, reading_time_label

COUNTS = [
    (0, "Commentaire 0"),
    (1, "Commentaire 1"),
    (2, "Commentaires 2"),
    (21, "Commentaires 21"),
    (1234, "Commentaires 1 234"),
]


def plain(text: str) -> str:
    """Replace the no-break spaces that group figures; an ordinary space would let a line break there."""
    assert not any(a.isdigit() and b == " " and c.isdigit() for a, b, c in zip(text, text[1:], text[2:], strict=False))
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(("count", "label"), COUNTS)
def test_a_count_of_comments(count: int, label: str) -> None:
    assert plain(comment_count_label(count)) == label


@pytest.mark.parametrize(("count", "label"), [(0, "0 lecture"), (1, "1 lecture"), (1234, "1 234 lectures")])
def test_a_count_of_readings(count: int, label: str) -> None:
    assert plain(reading_count_label(count)) == label


@pytest.mark.parametrize(("minutes", "label"), [(1, "1 minute de lecture"), (3, "3 minutes de lecture")])
def test_a_reading_time(minutes: int, label: str) -> None:
    assert plain(reading_time_label(minutes)) == label


def test_french_is_spoken_whatever_the_reader_prefers() -> None:
    with translation.override("fr"):
        assert comment_count_label(0) == "Commentaire 0"
        assert comment_count_label(2) == "Commentaires 2"


def test_a_page_number_in_an_address_is_never_grouped() -> None:
    page = Page([], 1233, "/liste/", has_next=True)
    html = render_to_string(
        "articles/_pager.html", {"page": page, "newer": "Avant", "older": "Après", "label": "Pages"}
    )
    assert "/liste/?page=1232" in html
    assert "/liste/?page=1234" in html
