"""A comment is plain text, and appears exactly as it was typed."""

import pytest

from comments.rendering import plain_text, render
from tests.comments.helpers import page, text


def paragraph(inner: str) -> str:
    """Return the HTML of a comment of one paragraph."""
    return f'<p dir="auto">{inner}</p>'


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("a < b", "a &lt; b"),
        ("a<b>c", "a&lt;b&gt;c"),
        ("<jean@exemple.fr>", "&lt;jean@exemple.fr&gt;"),
        ("jean@exemple.fr", "jean@exemple.fr"),
        ("&copy=2", "&amp;copy=2"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("<!-- rien -->", "&lt;!-- rien --&gt;"),
        ("</p></div>", "&lt;/p&gt;&lt;/div&gt;"),
        ("{{ comment }} {% load x %}", "{{ comment }} {% load x %}"),
        ("**gras** _it_ [lien](x)", "**gras** _it_ [lien](x)"),
        ("😀 👩‍👩‍👧 🇫🇷", "😀 👩‍👩‍👧 🇫🇷"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("שלום עולם", "שלום עולם"),
        ("e\u0301 Z\u0351\u0352\u0353", "e\u0301 Z\u0351\u0352\u0353"),
    ],
)
def test_what_was_typed_is_what_one_reads(typed: str, html: str):
    assert render(typed) == paragraph(html)


@pytest.mark.parametrize("typed", ["l'été", "l’été", '"mot"', "“mot”", "attends...", "attends…", "-- --- –"])
def test_quotes_apostrophes_and_ellipses_are_left_alone(typed: str):
    assert text(page(render(typed))) == typed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("«mot»", "«\u202fmot\u202f»"),
        ("« mot »", "«\u202fmot\u202f»"),
        ("Oui !", "Oui\u202f!"),
        ("Oui!", "Oui\u202f!"),
        ("Quoi ?!", "Quoi\u202f?!"),
        ("ainsi ; puis", "ainsi\u202f; puis"),
        ("ainsi : puis", "ainsi\u00a0: puis"),
        ("5 %", "5\u202f%"),
        ("12€", "12\u202f€"),
    ],
)
def test_french_spaces_are_set(typed: str, shown: str):
    assert render(typed) == paragraph(shown)


@pytest.mark.parametrize("typed", ["`a ? b : c`", "12:30", "C++;", ":-)", "&nbsp;", "a@b.fr", "10:45:00"])
def test_code_hours_and_signs_get_no_space(typed: str):
    assert "\u202f" not in render(typed)
    assert "\u00a0" not in render(typed)


def test_an_empty_line_makes_a_paragraph_and_a_line_end_a_line():
    assert render("un\ndeux\n\ntrois\n \n\n\nquatre") == (
        '<p dir="auto">un<br>deux</p><p dir="auto">trois</p><p dir="auto">quatre</p>'
    )


@pytest.mark.parametrize("typed", ["un\r\n\r\ndeux", "un\r\rdeux", "\n\nun\n\n\n\ndeux\n\n"])
def test_line_ends_of_any_kind_make_paragraphs(typed: str):
    assert render(typed) == paragraph("un") + paragraph("deux")


def test_each_paragraph_has_a_direction_of_its_own():
    assert render("مرحبا\n\nBonjour").count('dir="auto"') == 2


def test_a_bidi_override_ends_with_its_paragraph():
    tree = page(f"<div>{render('avant \u202e renversé')}</div>")

    assert [element.tag for element in tree.iter() if "renversé" in (element.text or "")] == ["p"]
    assert next(tree.iter("p")).get("dir") == "auto"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x0b", "\x7f", "\x85", "\ud800", "\ufffe", "\ufdd0"])
def test_what_no_page_can_carry_is_left_out(character: str):
    assert plain_text(f"a{character}b") == "ab"
    assert render(f"a{character}b") == paragraph("ab")


def test_a_tab_and_a_line_end_are_kept():
    assert plain_text("a\tb\nc") == "a\tb\nc"


def test_the_longest_text_takes_no_time_to_speak_of():
    for piece in ("« ", "http://a.fr/( ", "www.", "((((", "&amp;", "a\n\n", "\n \n", "! ", "1 000 "):
        assert render((piece * 5_000)[:5_000])
