"""An invalid form comes back with what was typed, and says in French what is wrong and where."""

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import by_id, named, page, post, text, value
from tests.factories import make_article

pytestmark = pytest.mark.django_db

MISSING = [
    ("author_name", "Indiquez votre nom."),
    ("author_email", "Indiquez votre email."),
    ("body", "Écrivez votre commentaire."),
]


@pytest.mark.parametrize(("field", "sentence"), MISSING)
@pytest.mark.parametrize("nothing", [None, "", "   ", "\r\n\t"])
def test_each_field_is_mandatory(client: Client, field: str, sentence: str, nothing: str | None):
    response = post(client, make_article(), **{field: nothing})

    assert response.status_code == 422
    assert sentence in text(page(response))
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("field", "sentence"), MISSING)
def test_an_error_stands_beside_its_field(client: Client, field: str, sentence: str):
    tree = page(post(client, make_article(), **{field: ""}))

    control = named(tree, field)
    described_by = [by_id(tree, identifier) for identifier in (control.get("aria-describedby") or "").split()]
    assert control.get("aria-invalid") == "true"
    assert any(sentence in text(element) for element in described_by)


@pytest.mark.parametrize(("field", "sentence"), MISSING)
def test_the_summary_leads_to_each_field_in_error(client: Client, field: str, sentence: str):
    tree = page(post(client, make_article(), **{field: ""}))

    summary = next(element for element in tree.iter() if element.get("role") == "alert")
    links = {text(link): link.get("href") for link in summary.iter("a")}
    assert links == {sentence: f"#{named(tree, field).get('id')}"}


def test_fields_without_error_are_not_marked(client: Client):
    tree = page(post(client, make_article(), body=""))

    assert named(tree, "author_name").get("aria-invalid") is None
    assert named(tree, "author_email").get("aria-invalid") is None


def test_three_missing_fields_are_three_errors(client: Client):
    tree = page(post(client, make_article(), author_name="", author_email="", body=""))

    summary = next(element for element in tree.iter() if element.get("role") == "alert")
    assert [text(link) for link in summary.iter("a")] == [sentence for _field, sentence in MISSING]


def test_the_note_on_the_email_stays_beside_it(client: Client):
    tree = page(post(client, make_article(), author_email="pas un email"))

    identifiers = (named(tree, "author_email").get("aria-describedby") or "").split()
    described = " ".join(text(by_id(tree, identifier)) for identifier in identifiers)
    assert "Votre email ne sera pas affiché publiquement." in described
    assert "Cet email n’est pas valide" in described


@pytest.mark.parametrize("email", ["jeanne", "jeanne@", "@exemple.fr", "a b@exemple.fr", "jeanne@exemple", "a@b@c.fr"])
def test_an_email_that_is_none_is_refused(client: Client, email: str):
    response = post(client, make_article(), author_email=email)

    assert response.status_code == 422
    assert "écrivez-le comme nom@exemple.fr" in text(page(response))


def test_what_was_typed_is_kept(client: Client):
    typed = {"author_name": 'Ève "la" <b>', "author_email": "mauvais & email", "body": "Un\n\n<b>&amp;</b> «texte»"}
    tree = page(post(client, make_article(), **typed))

    assert {name: value(tree, name) for name in typed} == typed


def test_a_text_that_begins_with_a_line_end_is_kept(client: Client):
    tree = page(post(client, make_article(), author_name="", body="\n\n  Un poème"))

    assert value(tree, "body").strip() == "Un poème"


@pytest.mark.parametrize("field", ["author_name", "author_email", "body"])
def test_the_browser_knows_that_each_field_is_mandatory(client: Client, field: str):
    article = make_article()
    tree = page(client.get(article.get_absolute_url()))

    assert named(tree, field).get("required") is not None


def test_the_browser_cuts_no_text_that_one_pastes(client: Client):
    article = make_article()

    assert named(page(client.get(article.get_absolute_url())), "body").get("maxlength") is None
