"""One list of what an article's HTML may hold: for the cleaner, the editor and the style sheet."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from articles import allowed
from articles.desk.editor import BodyEditor
from articles.pasting import tidy
from articles.rendering import clean_html

WHOLE = (Path(__file__).parent / "whole.html").read_text().strip()
SHEET = (settings.BASE_DIR / "static/css/prose.css").read_text()
EXTENSIONS = (settings.BASE_DIR / "static/js/writing/extensions.js").read_text()
# What the editor's script makes beside the parts that it has for the others: see source.js, heading levels, figures.
MADE_BESIDE = {"h3", "thead", "tbody", "figcaption"}


def same(html: str) -> str:
    """Return HTML with the attributes of each element in the order of their names: no order means anything."""

    def sort(match: re.Match[str]) -> str:
        return f"<{match[1]} {' '.join(sorted(re.findall(r'[\w-]+="[^"]*"', match[2])))}>"

    return re.sub(r"<(\w+) ([^>]*)>", sort, html)


def test_the_example_holds_every_element_and_attribute() -> None:
    """The browser's test then holds the editor to the same example."""
    for element, names in allowed.ELEMENTS.items():
        assert re.search(rf"<{element}[ >]", WHOLE), element
        for name in names:
            assert re.search(rf'<{element} [^>]*\b{name}="', WHOLE), (element, name)


def test_all_that_the_editor_makes_survives_the_cleaner() -> None:
    assert tidy(WHOLE) == WHOLE
    cleaned = same(clean_html(WHOLE))
    for element, names in allowed.ELEMENTS.items():
        assert f"<{element}" in cleaned
        assert all(name in cleaned for name in names)


@pytest.mark.parametrize("element", sorted(allowed.ELEMENTS))
def test_every_element_has_its_rule(element: str) -> None:
    assert re.search(rf"^\.prose [^{{]*\b{element}\b[^{{]*{{", SHEET, re.MULTILINE)


@pytest.mark.parametrize("element", sorted(allowed.ELEMENTS.keys() - MADE_BESIDE))
def test_every_element_has_its_part_in_the_editor(element: str) -> None:
    assert re.search(rf"^  {element}: ", EXTENSIONS, re.MULTILINE)


def test_the_editor_is_given_the_list() -> None:
    config = BodyEditor().get_config()
    assert {element: frozenset(names) for element, names in config["elements"].items()} == allowed.ELEMENTS
    assert set(config["schemes"]) == allowed.SCHEMES


@pytest.mark.parametrize(
    "source",
    [
        '<td colspan="999">a</td>',
        '<th scope="x">a</th>',
        '<td rowspan="-1">a</td>',
        '<td style="width:9px" class="x" onclick="y()">a</td>',
    ],
)
def test_a_cell_keeps_no_attribute_of_another_form(source: str) -> None:
    assert re.search(r"<t[dh]>a</t[dh]>", clean_html(f"<table><tr>{source}</tr></table>"))


@pytest.mark.parametrize("key", ["", "0", "-1", "a", "7 ", "1" * 19, "7/../8"])
def test_a_figure_keeps_only_the_key_of_a_picture(key: str) -> None:
    assert "data-picture" not in clean_html(f'<figure data-picture="{key}"><figcaption>a</figcaption></figure>')


@pytest.mark.parametrize("name", ["title", "lang", "class", "id"])
def test_no_element_carries_what_is_not_in_the_list(name: str) -> None:
    """The cleaner's library has attributes of its own that it lets through on all of them."""
    cleaned = clean_html(re.sub(r"<(\w+)", rf'<\1 {name}="fr"', WHOLE))
    bearers = {element for element, names in allowed.ELEMENTS.items() if name in names}
    assert {*re.findall(rf'<(\w+) [^>]*\b{name}="', cleaned)} <= bearers
