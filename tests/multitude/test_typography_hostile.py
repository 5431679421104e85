"""Five thousand characters chosen to hurt: the answer is right, and it comes."""

import pytest

from articles.rendering import clean_html
from multitude import typography

SIZE = 5_000


@pytest.mark.parametrize("unit", ["!", "?!", '"', "`", "a@", "a.", "&", "&#", "://", "www.", "(", "…", "a-", "a+b"])
def test_a_long_run_of_marks_is_left_alone(unit: str) -> None:
    text = (unit * SIZE)[:SIZE]
    assert typography.spaces(text) == text


def test_a_long_run_of_spaces_before_a_mark_becomes_one() -> None:
    assert typography.spaces(f"a{' ' * SIZE}!") == "a\u202f!"


def test_a_long_run_of_spaces_before_nothing_stays() -> None:
    text = f"a{' ' * SIZE}b"
    assert typography.spaces(text) == text


def test_each_of_many_words_gets_its_space() -> None:
    assert typography.spaces("a! " * (SIZE // 3)) == "a\u202f! " * (SIZE // 3)


def test_each_of_many_guillemets_gets_its_space() -> None:
    assert typography.spaces("«a» " * (SIZE // 4)) == "«\u202fa\u202f» " * (SIZE // 4)


def test_a_long_figure_is_grouped_as_it_was_typed() -> None:
    assert typography.spaces("123 " * (SIZE // 4)).count("\u202f") == SIZE // 4 - 1


def test_a_long_address_is_kept_to_the_letter() -> None:
    address = "https://exemple.fr/?" + "a=1;b!" * (SIZE // 6)
    assert typography.spaces(address) == address


@pytest.mark.parametrize("unit", ["<", "<b", "</", "<!--", "<![CDATA[", "<?", "<p>", "<!a ", "&#"])
def test_broken_html_says_nothing_that_the_allow_list_refuses(unit: str) -> None:
    html = clean_html((unit * SIZE)[:SIZE] + "<script>alert(1)</script>")
    assert "<script" not in html
    assert "<!--" not in html


def test_deep_nesting_keeps_its_text() -> None:
    assert "fond" in clean_html("<em>" * 100 + "fond")
