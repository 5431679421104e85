"""Words are compared by form, without case, accents, ligatures and what nobody sees."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multitude import folding

FAMILIES = [
    "arnaque arnaques arnaqué arnaquée arnaqués arnaquées arnaquees arnaquer arnaquait ARNAQUE Arnaquez",
    "œuvre oeuvre œuvres OEUVRES Œuvre",
    "élève élèves eleve ELEVES",
    "idiot idiote idiots idiotes",
    "vendu vendus vendue vendues",
    "casino casinos",
    "mafia mafias",
    "facho fachos",
    "traître traîtres traitre",
    "conne connes con cons",
]
STRANGERS = [
    "arnaque arnica",
    "con conte contre concert contester",
    "œuvre œuf ouvre",
    "sale salle salaire",
    "vol violet",
]


def form(word: str) -> str:
    """Return the form of a word as it is typed."""
    return folding.form(folding.fold(word))


@pytest.mark.parametrize("family", FAMILIES)
def test_inflections_of_a_word_share_its_form(family: str):
    assert len({form(word) for word in family.split()}) == 1


@pytest.mark.parametrize("strangers", STRANGERS)
def test_other_words_do_not(strangers: str):
    words = strangers.split()
    assert len({form(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    "typed",
    [
        "arnaque",
        "ARNAQUE",
        "ar\u200bna\u00adque",
        "a\u2060r\ufeffnaque",
        "𝐚𝐫𝐧𝐚𝐪𝐮𝐞",
        "ａｒｎａｑｕｅ",
    ],
)
def test_writings_of_a_word_are_folded_into_one(typed: str):
    assert folding.fold(typed) == "arnaque"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("L’œuvre d'Élise", ["l", "oeuvre", "d", "elise"]),
        ("porte-monnaie", ["porte", "monnaie"]),
        ("e\u0301te\u0301", ["ete"]),
        ("snake_case, 12", ["snake", "case", "12"]),
        ("…!?", []),
        ("", []),
    ],
)
def test_words_are_cut_at_all_but_letters_and_figures(typed: str, words: list[str]):
    assert folding.words(folding.fold(typed)) == words


@given(st.text())
def test_folding_takes_any_text_and_a_second_time_changes_nothing(text: str):
    folded = folding.fold(text)
    assert folding.words(folding.fold(folded)) == folding.words(folded)


@settings(deadline=None)  # the first word imports the stemmer
@given(st.text("abcdeéèêfghiïjlmnoœpqrstuùvxyz", min_size=1, max_size=45))
def test_a_form_begins_like_its_word(text: str):
    word = folding.fold(text)
    assert folding.form(word)[:2] == word[:2]
