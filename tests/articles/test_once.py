"""The form of a new article that is sent twice: one article, and nothing lost."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import autosaves
from articles.models import BODY_LENGTH, Article, Autosave, State
from tests.articles.desk import said
from tests.articles.test_admin import ADD, change, filled
from tests.factories import logged_in, make_author, make_section, make_user
from tests.parallel import THREADS, together

pytestmark = pytest.mark.django_db


def new(**values: Any) -> dict[str, Any]:
    """Return what the form of a new article sends, with the key that it has from then on."""
    return filled(section=str(make_section().pk), commenting="auto", form_key="a" * 32) | values


def signed() -> dict[str, str]:
    """Return the part of a form in which somebody signs."""
    return {"bylines-TOTAL_FORMS": "1", "bylines-0-author": str(make_author().pk), "bylines-0-position": "0"}


@pytest.mark.parametrize("slug", ["", "une-adresse"])
def test_sent_twice_it_makes_one_and_leads_to_it(editor_client: Client, slug: str) -> None:
    sent = new(slug=slug) | signed()
    editor_client.post(ADD, sent)
    response = editor_client.post(ADD, sent | {"_continue": "1"}, follow=True)
    article = Article.objects.get()
    assert response.redirect_chain == [(change(article), 302)]
    assert "déjà enregistré : le voici" in said(response)
    assert not Autosave.objects.exists()


def test_a_step_that_is_asked_for_twice_is_taken_once(editor_client: Client) -> None:
    sent = new(_publish="1")
    for _ in range(2):
        editor_client.post(ADD, sent)
    article = Article.objects.get()
    assert article.state() == State.PUBLISHED
    assert list(article.events.values_list("kind", flat=True)) == ["published", "created"]


def test_what_was_changed_since_is_offered_in_the_article(editor_client: Client) -> None:
    author, sent = make_author(), new() | signed()
    editor_client.post(ADD, sent)
    other = sent | {"headline": "Un autre titre", "bylines-1-author": str(author.pk), "bylines-1-position": "1"}
    response = editor_client.post(ADD, other | {"bylines-TOTAL_FORMS": "2"}, follow=True)
    article = Article.objects.get()
    html = response.content.decode()
    assert "Un autre titre" in html
    assert article.headline != "Un autre titre"
    assert f'value="{article.slug}"' in html
    forms = response.context["inline_admin_formsets"][0].formset.forms
    assert [form["author"].value() for form in forms[:2]] == [str(article.bylines.get().author_id), str(author.pk)]


def test_what_was_offered_is_saved_over_the_article(editor_client: Client) -> None:
    editor_client.post(ADD, new())
    editor_client.post(ADD, new(headline="Un autre titre"))
    article, kept = Article.objects.get(), Autosave.objects.get()
    editor_client.post(change(article), filled(article) | kept.values | {"slug": article.slug, "seen_version": "1"})
    assert Article.objects.get().headline == "Un autre titre"


def test_another_form_makes_another_article(editor_client: Client) -> None:
    for key in ("a", "b", "", ""):
        editor_client.post(ADD, new(form_key=key))
    assert Article.objects.count() == 4


def test_what_is_too_long_to_be_kept_comes_back_in_the_page(editor_client: Client) -> None:
    editor_client.post(ADD, new())
    body = "x" * (autosaves.MOST_TYPED + 1)
    response = editor_client.post(ADD, new(body=body, headline="Un livre"))
    assert (response.status_code, Article.objects.count()) == (200, 1)
    assert body in response.content.decode()
    assert len(body) > BODY_LENGTH


def test_whoever_may_see_no_article_is_led_to_none(editor_client: Client) -> None:
    editor_client.post(ADD, new())
    nobody = logged_in(make_user("visiteuse"))
    assert nobody.post(ADD, new(section="1")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_sent_eight_times_at_the_same_instant_it_makes_one(editor: User) -> None:
    sent = new()
    clients = [logged_in(editor) for _ in range(THREADS)]
    answers = together(lambda number: clients[number].post(ADD, sent).status_code)
    assert answers == [302] * THREADS
    assert Article.objects.count() == 1
