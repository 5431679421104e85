"""The signature of an article is written like its texts: kept, offered again, and never a reason to lose them."""

from typing import Any

import pytest
from django.test import Client

from articles import publishing
from articles.models import Article, Autosave, Byline
from tests.articles.test_admin import ADD, change, errors, filled
from tests.articles.writing import sent
from tests.factories import make_author, make_draft, make_section

pytestmark = pytest.mark.django_db


def signed(*rows: tuple[Any, Any], stored: int = 0, removed: tuple[int, ...] = ()) -> dict[str, str]:
    """Return what the form sends of bylines, each given by its key (or an empty one) and its author's."""
    fields = {"bylines-TOTAL_FORMS": str(len(rows)), "bylines-INITIAL_FORMS": str(stored)}
    for number, (key, author) in enumerate(rows):
        fields |= {f"bylines-{number}-id": str(key), f"bylines-{number}-author": str(author)}
        fields[f"bylines-{number}-position"] = str(number)
    return fields | {f"bylines-{number}-DELETE": "on" for number in removed}


def signers(article: Article) -> list[str]:
    """Return the names under the article, in their order."""
    return [str(byline) for byline in article.bylines.select_related("author")]


def keep(client: Client, article: Article, **values: Any) -> None:
    """Have what is typed kept."""
    client.post(f"/admin/articles/article/{article.pk}/brouillon/", sent(article, **values))


def test_a_signature_that_is_not_saved_is_offered_and_taken_up_again(editor_client: Client) -> None:
    ada, bob, cyd = (make_author(name=name) for name in ("Ada", "Bob", "Cyd"))
    article = make_draft(authors=[ada, bob])
    first, second = article.bylines.all()
    keep(
        editor_client, article, **signed((first.pk, cyd.pk), (second.pk, bob.pk), ("", ada.pk), stored=2, removed=(1,))
    )
    assert "Reprendre ce que vous" in editor_client.get(change(article)).content.decode()
    response = editor_client.get(f"{change(article)}?reprendre")
    [inline] = response.context["inline_admin_formsets"]
    shown = [(form["author"].value(), bool(form["DELETE"].value())) for form in inline.formset.forms]
    assert shown == [(str(cyd.pk), False), (str(bob.pk), True), (str(ada.pk), False), (None, False)]


def test_a_signature_that_is_the_same_is_not_offered(editor_client: Client) -> None:
    article = make_draft(authors=[make_author()])
    byline = article.bylines.get()
    Byline.objects.update(position=0)
    keep(editor_client, article, **signed((byline.pk, byline.author_id), ("", ""), stored=1))
    assert "Reprendre ce que vous" not in editor_client.get(change(article)).content.decode()


def test_the_signature_of_a_new_article_is_taken_up_again(editor_client: Client) -> None:
    author = make_author(name="Ada")
    editor_client.post("/admin/articles/article/nouveau/brouillon/", signed(("", author.pk)))
    assert "selected>Ada</option>" in editor_client.get(f"{ADD}?reprendre").content.decode()


@pytest.mark.parametrize("odd", ["x", "1.5", "²", "9" * 30])
def test_odd_keys_are_taken_up_as_none(editor_client: Client, odd: str) -> None:
    article = make_draft(authors=[make_author()])
    values = signed((odd, odd), stored=1) | {"lead_picture": odd, "section": odd, "bylines-0-position": odd}
    Autosave.objects.create(
        user_id=editor_client.session["_auth_user_id"], article=article, values=values | {"bylines-TOTAL_FORMS": odd}
    )
    for address in (change(article), f"{change(article)}?reprendre"):
        assert editor_client.get(address).status_code == 200
    Autosave.objects.update(values=values)
    for address in (change(article), f"{change(article)}?reprendre"):
        assert editor_client.get(address).status_code == 200
    assert editor_client.post(change(article), sent(article, lead_picture=odd)).status_code == 200


NO_KEYS = ("x", "-1", "1.5", "²", "[]", "1\x00", "\x00", "9" * 30, "x" * 5_000)


@pytest.mark.parametrize("field", ["bylines-0-author", "bylines-0-id", "bylines-0-position", "lead_picture", "section"])
def test_whatever_is_sent_for_a_choice_the_form_comes_back_with_all_that_was_typed(
    editor_client: Client, field: str
) -> None:
    article = make_draft(authors=[make_author()])
    byline = article.bylines.get()
    typed = sent(article, **signed((byline.pk, byline.author_id), stored=1), kicker="Tapé")
    is_choice = field in {"bylines-0-author", "lead_picture", "section"}
    for odd in (*NO_KEYS, *(["999999"] if is_choice else [])):
        response = editor_client.post(change(article), typed | {field: odd})
        assert response.status_code == 200, odd
        assert 'value="Tapé"' in response.content.decode()
        form, [inline] = response.context["adminform"].form, response.context["inline_admin_formsets"]
        assert [*form.errors.values(), *inline.formset.errors[0].values()], odd
    article.refresh_from_db()
    assert (article.kicker, signers(article)) == ("", [str(byline)])


def test_an_author_of_a_new_article_is_no_letter(editor_client: Client) -> None:
    response = editor_client.post(ADD, filled(section=make_section().pk, **signed(("", "x"))))
    [inline] = response.context["inline_admin_formsets"]
    said = "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."
    assert inline.formset.errors == [{"author": [said]}]
    assert not Article.objects.exists()


def test_a_byline_that_another_removed_is_a_collision_that_one_saves_over(editor_client: Client) -> None:
    ada, bob = make_author(name="Ada"), make_author(name="Bob")
    article = make_draft(authors=[ada, bob])
    publishing.save(article, by=None)
    form = sent(article) | signed(*article.bylines.values_list("pk", "author"), stored=2)
    article.bylines.get(author=ada).delete()
    publishing.save(Article.objects.get(), by=None)
    response = editor_client.post(change(article), form | {"headline": "Le mien"})
    assert "a enregistré cet article entre-temps" in errors(response, "__all__")[0]
    assert "<td>Ada, Bob</td>" in response.content.decode()
    over = {"headline": "Le mien", "over_version": str(Article.objects.get().version)}
    assert editor_client.post(change(article), form | over).status_code == 302
    article.refresh_from_db()
    assert (article.headline, signers(article)) == ("Le mien", ["Ada", "Bob"])


def test_a_byline_that_went_meanwhile_is_written_anew(editor_client: Client) -> None:
    ada, bob, cyd = (make_author(name=name) for name in ("Ada", "Bob", "Cyd"))
    article = make_draft(authors=[ada, bob])
    (gone, _ada), (key, _bob) = article.bylines.values_list("pk", "author")
    Byline.objects.filter(pk=gone).delete()
    rows = signed((gone, ada.pk), (key, bob.pk), ("", cyd.pk), stored=2)
    assert editor_client.post(change(article), sent(article) | rows).status_code == 302
    assert signers(article) == ["Ada", "Bob", "Cyd"]


def test_a_byline_that_went_meanwhile_may_be_removed(editor_client: Client) -> None:
    author = make_author()
    article = make_draft()
    rows = signed((999, author.pk), stored=1, removed=(0,))
    assert editor_client.post(change(article), sent(article) | rows).status_code == 302
    assert signers(article) == []


@pytest.mark.parametrize("made_up", ["101", "32768", "4294967295"])
def test_no_more_rows_are_read_than_an_article_has_and_that_is_said(editor_client: Client, made_up: str) -> None:
    article = make_draft()
    page = editor_client.post(change(article), filled(article) | {"bylines-TOTAL_FORMS": made_up})
    [inline] = page.context["inline_admin_formsets"]
    assert len(inline.formset.forms) == 100
    assert "100" in str(inline.formset.non_form_errors())
