"""What changed between two texts, as an editor reads it."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.history import diff

WORDS = st.lists(st.sampled_from(["un", "deux", "trois", "<b>", "&", "¶", "«quatre»"]), max_size=12).map(" ".join)


def inside(html: str) -> str:
    """Return a diff without what is around it."""
    return html.removeprefix('<div class="diff">').removesuffix("</div>")


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("<p>Un deux trois.</p>", "<p>Un 2 trois.</p>", "<p>Un <del>deux</del> <ins>2</ins> trois.</p>"),
        ("<p>Un deux.</p>", "<p>Un deux, ici.</p>", "<p>Un deux<ins>, ici</ins>.</p>"),
        (
            "<p>Un mot.</p><p>Fin.</p>",
            "<p>Un nom.</p><p>Neuf.</p><p>Fin.</p>",
            "<p>Un <del>mot</del> <ins>nom</ins>.<ins>¶</ins></p><p><ins>Neuf.</ins></p><p>Fin.</p>",
        ),
        ("<p>Un.</p>", "<p>Un.</p><p>Deux.</p>", "<p>Un.</p><p><ins>Deux.</ins></p>"),
        ("<p>Un.</p><p>Deux.</p>", "<p>Deux.</p>", "<p><del>Un.</del></p><p>Deux.</p>"),
        ("<p>Un. Deux.</p>", "<p>Un.</p><p>Deux.</p>", "<p>Un.<ins>¶</ins></p><p>Deux.</p>"),
        ("<p>Un.</p><p>Deux.</p>", "<p>Un. Deux.</p>", "<p>Un.<del>¶ </del> Deux.</p>"),
        ("<p>Un.</p>", "<h2>Un.</h2>", '<p class="diff-same">Seule la mise en forme change.</p>'),
        ("", "<p>Un.</p>", "<p><ins>Un.</ins></p>"),
        ("<p>Un.</p>", "", "<p><del>Un.</del></p>"),
        (
            '<p><a href="/a">Un</a></p>',
            '<p><a href="/b">Un</a></p>',
            "<p>Un <del>(/a)</del> <ins>(/b)</ins></p>",
        ),
        (
            '<img src="/1" alt="Un quai">',
            '<img src="/2" alt="Un port">',
            "<p>[image : Un <del>quai</del> <ins>port</ins>]</p>",
        ),
        ("<p>Un</p><script>a</script>", "<p>Deux</p><script>b</script>", "<p><del>Un</del> <ins>Deux</ins></p>"),
    ],
)
def test_words_that_came_and_went_are_marked(old: str, new: str, shown: str) -> None:
    assert inside(diff(old, new)) == shown


def test_what_is_the_same_says_nothing() -> None:
    assert diff("<p>Un.</p>", "<p>Un.</p>") == ""


def test_plain_text_is_no_html() -> None:
    assert inside(diff("a <b> c", "a <i> c", html=False)) == "<p>a &lt;<del>b</del> <ins>i</ins>&gt; c</p>"


def test_what_html_says_is_escaped() -> None:
    assert "<script" not in diff("<p>&lt;script&gt;</p>", "<p>&lt;script&gt; x</p>")


def test_paragraphs_far_from_any_change_are_counted_and_left_out() -> None:
    same = "".join(f"<p>Paragraphe {number}.</p>" for number in range(20))
    html = inside(diff(f"<p>Un.</p>{same}<p>Fin.</p>", f"<p>Deux.</p>{same}<p>Suite.</p>"))
    assert "<p>Paragraphe 0.</p>" in html
    assert "… 18 paragraphes sans changement" in html
    assert "Paragraphe 7." not in html


def test_a_few_equal_words_between_two_rewritten_passages_make_no_soup() -> None:
    old = "<p>Le chat noir dort sur la grande table rouge du salon.</p>"
    new = "<p>Un oiseau bleu chante dans la petite cage dorée et close.</p>"
    assert diff(old, new).count("<del>") == 1


@given(WORDS, WORDS)
def test_both_texts_are_in_it(old: str, new: str) -> None:
    html = inside(diff(old, new, html=False))
    plain = html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert all(word in plain for word in {*old.split(), *new.split()}) or not html


def chosen(words: list[str], seed: int) -> str:
    """Return a text of 200,000 characters made of these words."""
    dice = random.Random(seed)
    return " ".join(dice.choice(words) for _ in range(100_000))[:199_990]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (chosen(["a", "b"], 1), chosen(["a", "b"], 2)),
        (chosen([f"m{number}" for number in range(5_000)], 1), chosen([f"m{number}" for number in range(5_000)], 2)),
        ("<p>a</p>" * 25_000, "<p>b</p>" * 25_000),
        ("<" * 200_000, "<!" * 100_000),
        ("<a href=x>" * 20_000, "<div>" * 40_000),
    ],
    ids=["two words", "many words", "many paragraphs", "broken", "nested"],
)
def test_the_time_is_bounded(old: str, new: str) -> None:
    began = time.process_time()
    diff(old, new)
    assert time.process_time() - began < 5
