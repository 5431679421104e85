"""Words in braces, which the program replaces by what it knows."""

import pytest
from django.test import override_settings
from django.utils.safestring import mark_safe

from comments import privacy
from multitude import facts


@pytest.fixture(autouse=True)
def _own_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "_facts", dict(facts._facts))
    facts.tell("balise", "du texte", lambda: "<b>&")
    facts.tell("lien", "un lien", lambda: mark_safe('<a href="/x/">x</a>'))


@pytest.mark.parametrize(
    ("html", "filled"),
    [
        ("<p>{lien} et {lien}</p>", '<p><a href="/x/">x</a> et <a href="/x/">x</a></p>'),
        ("<p>{balise}</p>", "<p>&lt;b&gt;&amp;</p>"),
        ("<p>{rien}, {}, { lien }, {{}}, {1}</p>", "<p>{rien}, {}, { lien }, {{}}, {1}</p>"),
        ('<p title="a>b {lien}">c</p>', '<p title="a>b {lien}">c</p>'),
        ("<p title='\"{lien}'>c</p>", "<p title='\"{lien}'>c</p>"),
        ("", ""),
    ],
)
def test_a_word_in_braces_is_replaced_in_the_text_alone(html: str, filled: str) -> None:
    assert facts.fill(html) == filled


def test_words_that_name_nothing_are_told_once_each() -> None:
    assert facts.unknown('<p title="{ici}">{durée} {lien} {durée} {là}</p>') == ["durée", "là"]


def test_a_text_of_braces_alone_is_read_in_linear_time() -> None:
    hostile = "<p>" + "{a" * 20_000 + "<" * 5_000 + '<a "' * 2_000
    assert facts.fill(hostile) == hostile


@override_settings(SITE_URL="https://journal.exemple", DEFAULT_FROM_EMAIL="La rédaction <ecrire@journal.exemple>")
def test_the_settings_are_told_as_they_are() -> None:
    assert facts.fill("{site} {contact}") == (
        'https://journal.exemple <a href="mailto:ecrire@journal.exemple">ecrire@journal.exemple</a>'
    )


def test_the_retention_is_the_one_that_is_applied() -> None:
    assert facts.fill("{conservation}") == f"{privacy.RETENTION.days}\u00a0jours"
