"""A text whose elements stand in one another without end is refused before anything parses it."""

from time import process_time

import pytest
from django.test import Client

from articles.models import BODY_LENGTH, Article
from articles.nesting import MOST, is_too_deep
from articles.rendering import clean_html
from tests.articles.test_admin import ADD, errors, filled
from tests.factories import make_section

DEEP = [
    "<ul>",
    "<b>",
    "<x>",
    "<UL a='</ul>'>",
    '<div title="</div>">',
    "<ul></b>",
    "<ul><!--</ul>-->",
    "<ul><style></ul></style>",
    "<ul><svg><![CDATA[></ul>]]></svg>",
    "<!--><ul>",
    "<svg><style><ul></style>",
    "<ul></x a='></ul>'>",
]
FLAT = [
    "<p>a",
    "<li>",
    "<br>",
    "<p><b>a</b></p>",
    "<ul><li>a</li></ul>",
    "<!--<ul>-->",
    "<o:p></o:p>",
    "a < b ",
    "<ul></ul ",
    "<table><tr><td>a</table>",
]
ENDLESS = ["<", "<!--", "</ul", "<a=", '<a="', "<a '\"=", "<![CDATA[", "<style", "<!", "<a b=' ", "</a b='", "</a b='>"]


@pytest.mark.parametrize("unit", DEEP)
def test_what_nests_without_end_is_too_deep(unit: str) -> None:
    assert is_too_deep(unit * (MOST + 1))
    assert not is_too_deep(unit * 20)


@pytest.mark.parametrize("unit", FLAT)
def test_what_stands_side_by_side_is_not(unit: str) -> None:
    assert not is_too_deep(unit * 2_000)


@pytest.mark.parametrize("unit", [*DEEP, *FLAT, *ENDLESS])
def test_the_depth_is_told_in_time(unit: str) -> None:
    begun = process_time()
    is_too_deep((unit * BODY_LENGTH)[:BODY_LENGTH])
    assert process_time() - begun < 2


def test_nothing_that_is_too_deep_is_parsed() -> None:
    with pytest.raises(ValueError, match="emboîte"):
        clean_html("<ul>" * 12_000)


@pytest.mark.django_db
def test_a_text_that_is_too_deep_is_refused_at_its_field(editor_client: Client) -> None:
    response = editor_client.post(ADD, filled(section=make_section().pk, body="<ul>" * 12_000 + "mot"))
    assert errors(response, "body") == [
        "Ce texte emboîte trop d’éléments les uns dans les autres\xa0: simplifiez son balisage."
    ]
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_a_text_that_grows_too_long_when_it_is_tidied_is_refused(editor_client: Client) -> None:
    body = "<div>a</div>" + "<b>a</b><p>b</p>" * (BODY_LENGTH // 16 - 1)
    assert len(body) <= BODY_LENGTH
    response = editor_client.post(ADD, filled(section=make_section().pk, body=body))
    [error] = errors(response, "body")
    assert error.startswith("Le texte dépasse 200000 caractères")
    assert not Article.objects.exists()
