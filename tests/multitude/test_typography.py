"""French spacing, guillemets, apostrophes and ellipses: what changes, and above all what does not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multitude import typography

NARROW, WIDE = "\u202f", "\u00a0"
BLANKS = re.compile("[ \t\u00a0\u2009\u202f]")

SPACED = [
    ("Bonjour!", "Bonjour_!"),
    ("Bonjour !", "Bonjour_!"),
    ("Bonjour  !", "Bonjour_!"),
    ("Bonjour\u00a0!", "Bonjour_!"),
    ("Quoi ?!", "Quoi_?!"),
    ("Non!!!", "Non_!!!"),
    ("Vite; demain", "Vite_; demain"),
    ("Ainsi: cela", "Ainsi~: cela"),
    ("Ainsi : cela", "Ainsi~: cela"),
    ("«Bon»", "«_Bon_»"),
    ("« Bon »", "«_Bon_»"),
    ("«Bon»!", "«_Bon_»_!"),
    ("(Vraiment?)", "(Vraiment_?)"),
    ("5%", "5_%"),
    ("5 %", "5_%"),
    ("3€", "3_€"),
    ("100 000 €", "100_000_€"),
    ("1 234 567 voix", "1_234_567 voix"),
]
UNTOUCHED = [
    "à 12:30",
    "!!!",
    "a;b",
    "100%sûr",
    "http://exemple.fr/?x=1;y=2!",
    "https://exemple.fr/a:b?",
    "www.exemple.fr/?a=b;c",
    "jean@exemple.fr",
    "`a = b ; c!`",
    "&copy; et &#233;",
    "ligne\n! ligne",
    "",
]
TYPESET = [
    ('"mot"', "«_mot_»"),
    ('"mot"!', "«_mot_»_!"),
    ('la "multitude".', "la «_multitude_»."),
    ("L'âge d'or", "L’âge d’or"),
    ("Et puis...", "Et puis…"),
    ('l\'"été"', "l’«_été_»"),
    ('qu\'"une fois"?', "qu’«_une fois_»_?"),
]
HTML = [
    ('<p>"<em>mot</em>"!</p>', "<p>«_<em>mot</em>_»_!</p>"),
    ("<p>oui <strong>non</strong>!</p>", "<p>oui <strong>non</strong>_!</p>"),
    ("<p>un</p><p>!</p>", "<p>un</p><p>!</p>"),
    ('<p>a</p><pre>if x!\n  y ; "z"</pre>', '<p>a</p><pre>if x!\n  y ; "z"</pre>'),
    ("<p>L'appel <code>f('a')!</code> échoue!</p>", "<p>L’appel <code>f('a')!</code> échoue_!</p>"),
    (
        "<p><a href=\"/a?b='c'!\" title='d !'>lien</a></p>",
        "<p><a href=\"/a?b='c'!\" title='d !'>lien</a></p>",
    ),
    ("<p>1 < 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
    ("<p>&lt;script&gt;</p>", "<p>&lt;script&gt;</p>"),
    ("<p>un<br>deux!</p>", "<p>un<br>deux_!</p>"),
]


def shown(expected: str) -> str:
    """Write the no-break spaces that a table shows as «_» and «~»."""
    return expected.replace("_", NARROW).replace("~", WIDE)


@pytest.mark.parametrize(("text", "expected"), SPACED)
def test_spaces_are_french(text: str, expected: str) -> None:
    assert typography.spaces(text) == shown(expected)


@pytest.mark.parametrize("text", UNTOUCHED)
def test_addresses_emails_code_and_figures_are_left_alone(text: str) -> None:
    assert typography.spaces(text) == text
    assert typography.typeset(text) == text


@pytest.mark.parametrize("text", ['"mot"', "L'âge", "Et puis..."])
def test_a_readers_quotes_apostrophes_and_dots_stay(text: str) -> None:
    assert typography.spaces(text) == text


@pytest.mark.parametrize(("text", "expected"), TYPESET)
def test_a_newspapers_text_gets_its_guillemets_apostrophes_and_ellipses(text: str, expected: str) -> None:
    assert typography.typeset(text) == shown(expected)


@pytest.mark.parametrize(("source", "expected"), HTML)
def test_html_is_typeset_across_inline_tags_and_not_in_code(source: str, expected: str) -> None:
    assert typography.typeset_html(source) == shown(expected)


@pytest.mark.parametrize("plane", range(17))
def test_what_is_no_character_is_in_no_text(plane: int) -> None:
    first, last = chr(plane << 16 | 0xFFFE), chr(plane << 16 | 0xFFFF)
    assert typography.spaces(f"a{first}b{last}c") == "abc"


@given(st.text(st.sampled_from("ab1 5€%!?;:«»\"'().…\t\n\u00a0\u202f@/&`é"), max_size=60) | st.text(max_size=200))
def test_spaces_never_changes_anything_but_spaces(text: str) -> None:
    text = typography.printable(text)
    assert BLANKS.sub("", typography.spaces(text)) == BLANKS.sub("", text)


@given(st.text(st.sampled_from("ab1 5€%!?;:«»().…\n\u00a0\u202f"), max_size=60))
def test_what_is_spaced_once_stays_so(text: str) -> None:
    once = typography.spaces(text)
    assert typography.spaces(once) == once
