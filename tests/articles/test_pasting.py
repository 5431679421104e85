"""What word processors and web pages put on the clipboard becomes the HTML of an article."""

from pathlib import Path

import nh3
import pytest

from articles import allowed
from articles.pasting import tidy
from articles.rendering import clean_html

CLIPBOARD = Path(__file__).parent / "clipboard"
SOURCES = ("word", "libreoffice", "google-docs", "web")
SIZE = 20_000

HABITS = [
    ("<p><b>a</b> et <i>b</i></p>", "<p><strong>a</strong> et <em>b</em></p>"),
    ("<h1>a</h1><h4>b</h4><h6>c</h6>", "<h2>a</h2><h3>b</h3><h3>c</h3>"),
    ("<h2><b>a</b></h2>", "<h2>a</h2>"),
    ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
    ("<div>a<p>b</p>c</div>", "<p>a</p><p>b</p><p>c</p>"),
    ("<div><div><b>a</b> b</div></div>", "<p><strong>a</strong> b</p>"),
    ("<p>a</p><p>&nbsp;</p><p><br></p><p>b</p>", "<p>a</p><p>b</p>"),
    ("<p>a &nbsp;&nbsp; b</p>", "<p>a b</p>"),
    ("<p>300&nbsp;m</p>", "<p>300&nbsp;m</p>"),
    ("<p><strong></strong>a<em> </em>b</p>", "<p>a b</p>"),
    ("<p><b>a</b><b>b</b></p>", "<p><strong>ab</strong></p>"),
    ("<ul><li>a</li><ul><li>b</li></ul></ul><div></div>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    ("<div><ul><li>a</li></ul></div><div><ul><li>b</li></ul></div>", "<ul><li>a</li><li>b</li></ul>"),
    ("<pre class=x>a\n  b</pre>", "<pre>a\n  b</pre>"),
    ("<div><code>a  b</code></div>", "<p><code>a  b</code></p>"),
    ("<p class=x>a<br><br></p>", "<p>a</p>"),
    ('<div><figure data-picture="4"><figcaption></figcaption></figure></div>', None),
    ('<table class=x><tr><th colspan="2" scope="col">a</th></tr><tr><td></td><td>b</td></tr></table>', None),
]
LEFT_ALONE = [
    "<p>a</p>\n<p>b</p>",
    "Un texte sans balise",
    '<figure data-picture="4"><figcaption></figcaption></figure>',
    "<p>L’été : « oui »\xa0!</p>",
    '<p><abbr title="x">a</abbr> <q cite="/b">c</q></p>',
]


def expected(name: str) -> str:
    """Return what a fixture becomes, written one block a line."""
    return "".join((CLIPBOARD / f"{name}.txt").read_text().splitlines())


@pytest.mark.parametrize("name", SOURCES)
def test_what_others_put_on_the_clipboard_comes_out_clean(name: str) -> None:
    tidied = tidy((CLIPBOARD / f"{name}.html").read_text())
    cleaned = nh3.clean(tidied, tags=set(allowed.ELEMENTS), attributes=allowed.attributes(), link_rel=None)
    assert cleaned == expected(name)


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_clean_stays_so(name: str) -> None:
    assert tidy(expected(name)) == expected(name)


@pytest.mark.parametrize(("source", "becomes"), HABITS)
def test_a_habit_of_others_is_one_of_ours(source: str, becomes: str | None) -> None:
    if becomes is None:
        becomes = clean_html(source.replace(" class=x", "").replace("<div>", "").replace("</div>", ""))
    assert clean_html(tidy(source)) == becomes


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_a_text_of_our_own_is_left_to_the_letter(source: str) -> None:
    assert tidy(source) == source


@pytest.mark.parametrize(
    "unit",
    [
        "<b>",
        "<div>",
        "<p><b>a",
        "<div>a<div>",
        "<ul><ul>",
        "<p style='mso-list:l0 level9'>a",
        "&nbsp;",
        "<p>&nbsp;",
        "<i",
        "<p>http://a",
    ],
)
def test_a_hostile_text_is_tidied_in_time(unit: str) -> None:
    assert isinstance(tidy("<div>" + (unit * SIZE)[:SIZE]), str)
    assert isinstance(tidy((unit * SIZE)[:SIZE]), str)
