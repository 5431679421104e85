"""A form that comes back says on top what is to be mended, with the way to each field."""

import re

import pytest
from django.test import Client

from articles import publishing
from tests.articles.test_admin import ADD, change, filled
from tests.articles.writing import sent
from tests.factories import logged_in, make_article, make_author, make_draft, make_user

pytestmark = pytest.mark.django_db


def faults(html: str) -> list[tuple[str, str]]:
    """Return where each fault of a page leads, and what is said of it."""
    [listed] = re.findall(r'<section class="faults".*?</section>', html, re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)
    return [("".join(re.findall(r'href="(.*?)"', item)), re.sub(r"<[^>]+>", "", item)) for item in items]


def test_each_field_is_named_and_led_to(editor_client: Client) -> None:
    values = {"headline": "x" * 111, "published_at_0": "hier", "unpublished_at_0": "demain"}
    html = editor_client.post(ADD, filled(**values)).content.decode()
    found = dict(faults(html))
    assert found["#id_headline"] == "Titre : Le titre dépasse 110 caractères : il en a 111."
    assert set(found) == {"#id_headline", "#id_section", "#id_published_at_0", "#id_unpublished_at_0"}
    assert all(f'id="{place[1:]}"' in html for place in found)
    assert "<title>Erreur" in html
    assert "ci-dessous" not in html


def test_a_row_of_the_signature_is_named(editor_client: Client) -> None:
    author = make_author()
    article = make_article(authors=[author])
    row = {"bylines-TOTAL_FORMS": "1", "bylines-0-author": "", "bylines-0-position": "1000000"}
    [(place, said)] = faults(editor_client.post(change(article), filled(article, **row)).content.decode())[:1]
    assert place.startswith("#id_bylines-0-")
    assert said.startswith("Signature 1 · ")


def test_what_concerns_the_whole_leads_nowhere(editor_client: Client) -> None:
    article = make_draft()
    seen = sent(article, headline="Le mien")
    article.headline = "Le leur"
    publishing.save(article, by=None)
    [(place, said)] = faults(editor_client.post(change(article), seen).content.decode())
    assert (place, "entre-temps" in said) == ("", True)


def test_what_was_typed_is_escaped(editor_client: Client) -> None:
    html = editor_client.post(ADD, filled(commenting="<b>")).content.decode()
    assert ("#id_commenting", "&lt;b&gt;") in [
        (place, re.findall("&lt;b&gt;|$", said)[0]) for place, said in faults(html)
    ]


@pytest.mark.parametrize("place", ["articles/author", "articles/section", "articles/picture", "redirects/redirect"])
def test_other_forms_of_the_desk_say_so_too(db: None, place: str) -> None:
    client = logged_in(make_user("directrice", is_superuser=True))
    assert len(faults(client.post(f"/admin/{place}/add/", {}).content.decode())) > 0


def test_a_form_that_is_opened_finds_no_fault(editor_client: Client) -> None:
    assert "faults" not in editor_client.get(ADD).content.decode()
