"""From what journalists type to what is stored: an allow-list, French typography, and nothing else."""

import pytest

from articles.models import BODY_LENGTH
from articles.rendering import clean_html, count_words
from tests.factories import make_article, make_author, make_section

CLEANED = [
    ("<p>Un</p><h2>Deux</h2><ul><li>a</li></ul>", "<p>Un</p><h2>Deux</h2><ul><li>a</li></ul>"),
    ('<ol start="3"><li>a</li></ol><hr>', '<ol start="3"><li>a</li></ol><hr>'),
    ('<p class="x" id="note" style="color:red" onclick="y()">a</p>', "<p>a</p>"),
    ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
    ("<p>a</p><style>p{display:none}</style>", "<p>a</p>"),
    ('<p>a</p><iframe src="https://pirate.fr"></iframe>', "<p>a</p>"),
    ("<p>a</p><!-- b -->", "<p>a</p>"),
    ("<svg onload=alert(1)></svg><p>a</p>", "<p>a</p>"),
    ("<p>a<img src=x onerror=alert(1)></p>", "<p>a</p>"),
    ("<form action=/x><input name=a><p>a</p></form>", "<p>a</p>"),
    ("<p>a<p>b", "<p>a</p><p>b</p>"),
    ("<em><strong>a</em></strong>", "<em><strong>a</strong></em>"),
    ("<p>&lt;script&gt;</p>", "<p>&lt;script&gt;</p>"),
    ("<h1>Titre</h1>", "<h2>Titre</h2>"),
]
ADDRESSES = [
    "https://exemple.fr/?a=1",
    "http://exemple.fr/",
    "mailto:jean@exemple.fr",
    "/articles/un/",
    "#note",
]
REFUSED = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java&#10;script:alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,&lt;script&gt;",
    "vbscript:x",
    "file:///etc/passwd",
    "//pirate.fr/",
    "/\\pirate.fr",
    "\\\\pirate.fr",
    "/&#9;/pirate.fr",
    "http://[pirate",
    "ailleurs",
]


@pytest.mark.parametrize(("source", "expected"), CLEANED)
def test_only_the_allow_list_remains(source: str, expected: str) -> None:
    assert clean_html(source) == expected


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_honest_address_is_kept(address: str) -> None:
    assert clean_html(f'<a href="{address}">a</a>') == f'<a href="{address}">a</a>'


@pytest.mark.parametrize("address", REFUSED)
def test_any_other_address_is_dropped_and_its_text_stays(address: str) -> None:
    assert clean_html(f'<a href="{address}">a</a>') == "<a>a</a>"
    assert clean_html(f'<blockquote cite="{address}">a</blockquote>') == "<blockquote>a</blockquote>"


def test_text_is_typeset_and_code_is_not() -> None:
    html = clean_html('<p>L\'essai "un"!</p><pre>if \'a\' != "b"!</pre><p><code>x !</code></p>')
    assert html == ("<p>L’essai «\u202fun\u202f»\u202f!</p><pre>if 'a' != \"b\"!</pre><p><code>x !</code></p>")


def test_a_footnote_is_one_line() -> None:
    html = clean_html("<p>Auteur de <cite>L'âge</cite></p><h2>a</h2><ul><li>b</li></ul>", inline=True)
    assert html == "Auteur de <cite>L’âge</cite>ab"


def test_a_text_that_is_too_long_is_refused_before_it_is_parsed() -> None:
    assert clean_html("a" * BODY_LENGTH)
    with pytest.raises(ValueError, match="200"):
        clean_html("<" * (BODY_LENGTH + 1))


@pytest.mark.parametrize(
    ("html", "words"),
    [("", 0), ("<p>Un mot</p><p>de plus</p>", 4), ("<p>L’âge d’or, c’est-à-dire 2012 !</p>", 4), ("<p>a&amp;b</p>", 2)],
)
def test_words_are_those_that_one_reads(html: str, words: int) -> None:
    assert count_words(html) == words


@pytest.mark.django_db
def test_saving_renders_what_pages_show() -> None:
    article = make_article(headline='L\'essai "un"', kicker="Eh!", standfirst="Quoi?", body="<p>a!</p>", footnote="b!")
    assert article.display_headline == "L’essai «\u202fun\u202f»"
    assert (article.display_kicker, article.display_standfirst) == ("Eh\u202f!", "Quoi\u202f?")
    assert (article.body_html, article.footnote_html, article.word_count) == ("<p>a\u202f!</p>", "b\u202f!", 1)
    assert article.headline == 'L\'essai "un"'
    assert make_author(credentials='mission "X"').display_credentials == "mission «\u202fX\u202f»"
    assert make_section(description="Quoi?").display_description == "Quoi\u202f?"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ['"', '"a"', "a! "])
def test_a_title_that_typography_lengthens_is_stored_whole(text: str) -> None:
    article = make_article(headline=(text * 110)[:110].strip(), kicker=(text * 60)[:60].strip())
    displayed = article.display_headline
    article.refresh_from_db()
    assert article.display_headline == displayed
