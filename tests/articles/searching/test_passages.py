"""What is shown of an article: its own words, what was looked for marked, whatever is hostile escaped."""

import re
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.searching.passages import excerpt, highlighted
from articles.searching.query import parse


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Les Élections locales", "election", "Les <mark>Élections</mark> locales"),
        ("L’œuvre et l’œuf", "oeuvres", "L’<mark>œuvre</mark> et l’œuf"),
        ("Deux chevaux", "cheval", "Deux <mark>chevaux</mark>"),
        ("À Saint-Étienne, Étienne", "saint-etienne", "À <mark>Saint-Étienne</mark>, Étienne"),
        ("Un week-end", "weekend", "Un <mark>week-end</mark>"),
        ("Un weekend", "week-end", "Un <mark>weekend</mark>"),
        ("La réforme des retraites", '"réforme retraite"', "La <mark>réforme des retraites</mark>"),
        ("Retraites sans réforme", '"réforme retraite"', "Retraites sans réforme"),
        ("Week-end, week", "week weekend week-end", "<mark>Week-end</mark>, <mark>week</mark>"),
        ("46\u202f000 €", "46 000", "<mark>46\u202f000</mark> €"),
        ("Le budget", "ville -budget", "Le budget"),
        (
            "<b>Le</b> maire & l’élu",
            "maire b",
            "&lt;<mark>b</mark>&gt;Le&lt;/<mark>b</mark>&gt; <mark>maire</mark> &amp; l’élu",
        ),
        ("", "maire", ""),
    ],
)
def test_what_was_looked_for_is_marked(text: str, typed: str, shown: str) -> None:
    assert highlighted(text, parse(typed)) == shown


def test_a_passage_is_cut_around_what_was_looked_for() -> None:
    block = f"{'avant ' * 60}le zèbre rayé {'après ' * 60}"
    shown = excerpt(["Rien ici.", block], parse("zèbre"))
    assert shown is not None
    assert shown.startswith("… avant ")
    assert shown.endswith(" après …")
    assert "le <mark>zèbre</mark> rayé" in shown
    assert len(shown.split()) < 50


def test_what_stands_apart_is_shown_in_two_passages_in_their_order() -> None:
    shown = excerpt(["Une girafe.", "mot " * 100, "Un zèbre."], parse("zèbre girafe"))
    assert shown == "Une <mark>girafe</mark>. Un <mark>zèbre</mark>."


def test_passages_of_a_block_that_meet_are_shown_as_one() -> None:
    shown = excerpt([f"Le budget {'mot ' * 13}élection puis plus rien"], parse("élections budget"))
    assert shown == f"Le <mark>budget</mark> {'mot ' * 13}<mark>élection</mark> puis plus rien"


def test_one_sign_stands_where_words_between_two_passages_are_left_out() -> None:
    shown = excerpt([f"Un zèbre, {'mot ' * 60}une girafe {'mot ' * 60}"], parse("zèbre girafe"))
    assert shown is not None
    assert shown.startswith("Un <mark>zèbre</mark>")
    assert shown.count("…") == 2
    assert shown.endswith("mot …")


@given(
    st.lists(st.lists(st.sampled_from(["mot", "mot", "mot", "zèbre", "girafe", "lion"]), max_size=70), max_size=3),
    st.sampled_from(["zèbre girafe", "zèbre girafe lion", "lion", '"zèbre girafe" lion']),
)
def test_no_word_of_a_text_is_shown_twice_and_all_stand_in_their_order(blocks: list[list[str]], typed: str) -> None:
    numbers = count()
    numbered = [" ".join(f"{word} {next(numbers)}" for word in block) for block in blocks]
    shown = [int(number) for number in re.findall(r"[0-9]+", excerpt(numbered, parse(typed)) or "")]
    assert shown == sorted(set(shown))


def test_the_passage_that_holds_all_is_preferred() -> None:
    assert excerpt(["Un zèbre.", "Une girafe.", "Un zèbre et une girafe."], parse("zèbre girafe")) == (
        "Un <mark>zèbre</mark> et une <mark>girafe</mark>."
    )


def test_a_text_without_it_has_no_passage() -> None:
    assert excerpt(["Rien."], parse("zèbre")) is None
    assert excerpt([], parse("zèbre")) is None


@given(
    st.text(alphabet=st.sampled_from("<>&\"' mariezébœ-\u0301’")), st.text(alphabet=st.sampled_from('<>&" marié-zeb'))
)
def test_nothing_of_a_text_becomes_html_and_nothing_is_lost(text: str, typed: str) -> None:
    shown = highlighted(text, parse(typed))
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert not re.search(r"[<>\"']", bare)
    assert shown.count("<mark>") == shown.count("</mark>")
    escapes = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&"}
    assert re.sub("|".join(escapes), lambda match: escapes[match[0]], bare) == text
