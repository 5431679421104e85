"""The newsroom's desk: what an editor writes and publishes, and what a moderator may not."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles import popularity
from articles.forms import ArticleForm
from articles.models import Article
from comments.models import Comment
from tests.factories import logged_in, make_article, make_author, make_comment, make_section, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"


def filled(article: Article | None = None, **values: Any) -> dict[str, Any]:
    """Return what the form of an article sends, without any byline unless told otherwise."""
    fields = {"headline": "L'été des «indiens»", "body": "<p>Un texte.</p>", "standfirst": "", "kicker": ""}
    fields |= {"footnote": "", "slug": "", "published_at_0": "", "published_at_1": ""}
    fields |= {"unpublished_at_0": "", "unpublished_at_1": ""}
    if article:
        fields |= {"headline": article.headline, "slug": article.slug, "section": str(article.section_id)}
        when = timezone.localtime(article.published_at) if article.published_at else None
        if when:
            fields |= {"published_at_0": f"{when:%d/%m/%Y}", "published_at_1": f"{when:%H:%M:%S}"}
    formset = {"bylines-TOTAL_FORMS": "0", "bylines-INITIAL_FORMS": "0"}
    return fields | formset | values


def change(article: Article) -> str:
    """Return the address of the page on which an article is changed."""
    return f"{LIST}{article.pk}/change/"


def errors(response: HttpResponse, field: str) -> list[str]:
    """Return a field's errors on a form that came back."""
    assert response.status_code == 200
    form = response.context["adminform"].form  # type: ignore[attr-defined]
    return [str(error) for error in form.errors.get(field, [])]


def test_an_editor_writes_a_draft_that_nobody_sees(editor_client: Client) -> None:
    section, author = make_section(), make_author()
    byline = {"bylines-TOTAL_FORMS": "1", "bylines-0-author": str(author.pk), "bylines-0-position": "0"}
    response = editor_client.post(ADD, filled(section=section.pk, **byline))
    assert response.status_code == 302
    article = Article.objects.get()
    assert (article.slug, article.published_at) == ("l-ete-des-indiens", None)
    assert article.display_headline == "L’été des «\u202findiens\u202f»"
    assert [byline.author for byline in article.bylines.all()] == [author]
    assert Client().get(article.get_absolute_url()).status_code == 404


def test_an_editor_publishes_by_giving_a_date(editor_client: Client) -> None:
    values = filled(section=make_section().pk, published_at_0="01/11/2026", published_at_1="08:00:00")
    assert editor_client.post(ADD, values).status_code == 302
    article = Article.objects.get()
    assert article.first_published_at == article.published_at
    assert article.published_at is not None
    assert timezone.localtime(article.published_at).hour == 8


def test_an_author_who_signs_twice_is_named_so(editor_client: Client) -> None:
    author = make_author()
    article = make_article(authors=[author])
    byline = {"bylines-TOTAL_FORMS": "1", "bylines-0-author": str(author.pk), "bylines-0-position": "1"}
    response = editor_client.post(change(article), filled(article, **byline))
    assert "Cet auteur signe déjà l’article." in response.content.decode()
    assert article.bylines.count() == 1


def test_addresses_drawn_from_one_title_are_numbered(editor_client: Client) -> None:
    section = make_section()
    for _ in range(3):
        editor_client.post(ADD, filled(section=section.pk))
    slugs = Article.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["l-ete-des-indiens", "l-ete-des-indiens-2", "l-ete-des-indiens-3"]


@pytest.mark.parametrize(("headline", "slug"), [("日本", "article"), ("a" * 110, "a" * 100), ("!?", "article")])
def test_any_title_gives_an_address(editor_client: Client, headline: str, slug: str) -> None:
    editor_client.post(ADD, filled(section=make_section().pk, headline=headline))
    assert Article.objects.get().slug == slug


def test_an_address_that_was_typed_is_kept(editor_client: Client) -> None:
    article = make_article(slug="ete")
    editor_client.post(change(article), filled(article, headline="Hiver"))
    article.refresh_from_db()
    assert (article.slug, article.headline) == ("ete", "Hiver")


@pytest.mark.parametrize("field", ["embargo_until", "published_at", "unpublished_at"])
@pytest.mark.parametrize("day", ["01/01/0001", "31/12/1899"])
def test_a_date_in_another_century_is_refused_and_kept(editor_client: Client, field: str, day: str) -> None:
    article = make_article()
    typed = {f"{field}_0": day, f"{field}_1": "00:00:00"}
    response = editor_client.post(change(article), filled(article, **typed))
    assert "Cette date est antérieure à 1900 : vérifiez l’année." in errors(response, field)
    assert f'value="{day}"' in response.content.decode()


def test_a_withdrawal_before_publication_is_refused_with_a_sentence(editor_client: Client) -> None:
    dates = {"published_at_0": "10/11/2026", "published_at_1": "08:00:00"}
    dates |= {"unpublished_at_0": "09/11/2026", "unpublished_at_1": "08:00:00"}
    response = editor_client.post(ADD, filled(section=make_section().pk, **dates))
    assert errors(response, "unpublished_at") == ["La dépublication suit la mise en ligne."]
    assert not Article.objects.exists()


def test_a_withdrawal_without_a_publication_is_refused(editor_client: Client) -> None:
    dates = {"unpublished_at_0": "09/11/2026", "unpublished_at_1": "08:00:00"}
    response = editor_client.post(ADD, filled(section=make_section().pk, **dates))
    assert errors(response, "unpublished_at") == ["La dépublication suit la mise en ligne."]


@pytest.mark.parametrize("body", ["<script>alert(1)</script>", "<!-- a -->", "<style>p{}</style>", "<p></p>", "<br>"])
def test_a_text_of_which_nothing_remains_is_refused(editor_client: Client, body: str) -> None:
    response = editor_client.post(ADD, filled(section=make_section().pk, body=body))
    assert len(errors(response, "body")) == 1
    assert not Article.objects.exists()


def test_a_text_that_is_too_long_is_refused_with_a_sentence(editor_client: Client) -> None:
    response = editor_client.post(ADD, filled(section=make_section().pk, body="a" * 200_001))
    assert len(errors(response, "body")) == 1


def test_a_text_is_cleaned_as_it_is_saved(editor_client: Client) -> None:
    editor_client.post(ADD, filled(section=make_section().pk, body="<p onclick=x>Oui!<script>y</script></p>"))
    assert Article.objects.get().body_html == "<p>Oui\u202f!</p>"


def test_readings_counted_while_an_editor_saves_are_not_lost(
    editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article()
    clean = ArticleForm.clean

    def slowly(form: ArticleForm) -> dict[str, Any]:
        popularity.count(article_id=article.pk, day=popularity.day_of(timezone.now()), views=1, comments=1)
        return clean(form)

    monkeypatch.setattr(ArticleForm, "clean", slowly)
    assert editor_client.post(change(article), filled(article)).status_code == 302
    article.refresh_from_db()
    assert (article.view_count, article.comment_count) == (1, 1)


def test_a_moderator_reads_articles_and_changes_none(moderator_client: Client) -> None:
    article = make_article()
    assert moderator_client.get(change(article)).status_code == 200
    assert moderator_client.post(change(article), filled(article, headline="Autre")).status_code == 403
    assert moderator_client.get(ADD).status_code == 403
    moderator_client.post(LIST, {"action": "unpublish", "_selected_action": [article.pk]})
    article.refresh_from_db()
    assert article.headline != "Autre"
    assert article.is_published()


def test_an_editor_reads_comments_and_decides_about_none(editor_client: Client) -> None:
    comment = make_comment()
    assert editor_client.get("/admin/comments/comment/").status_code == 200
    editor_client.post("/admin/comments/comment/", {"action": "approve", "_selected_action": [comment.pk]})
    comment.refresh_from_db()
    assert comment.status == Comment.Status.PENDING


def test_an_editor_closes_the_comments_of_an_article_for_a_reason(editor_client: Client) -> None:
    article = make_article()
    values = filled(article, commenting="closed", commenting_note="L’affaire est jugée demain.")
    assert editor_client.post(change(article), values).status_code == 302
    article.refresh_from_db()
    assert (article.commenting, article.commenting_note) == ("closed", "L’affaire est jugée demain.")


@pytest.mark.parametrize("sent", [{}, {"commenting": ""}])
def test_what_is_not_sent_about_comments_stays(editor_client: Client, sent: dict[str, str]) -> None:
    article = make_article(commenting="closed")
    assert editor_client.post(change(article), filled(article, **sent)).status_code == 302
    article.refresh_from_db()
    assert article.commenting == "closed"


def test_an_unknown_choice_about_comments_is_refused(editor_client: Client) -> None:
    article = make_article()
    assert len(errors(editor_client.post(change(article), filled(article, commenting="peut-être")), "commenting")) == 1


def test_a_section_is_closed_in_its_form() -> None:
    client, section = logged_in(make_user("cheffe", is_superuser=True)), make_section()
    values = {"name": section.name, "slug": section.slug, "position": "0", "description": ""}
    closed = {"commenting": "closed", "commenting_note": "Trop de travail."}
    assert client.post(f"/admin/articles/section/{section.pk}/change/", values | closed).status_code == 302
    section.refresh_from_db()
    assert (section.commenting, section.commenting_note) == ("closed", "Trop de travail.")


@pytest.mark.parametrize("name", ["editor_client", "moderator_client"])
def test_nobody_deletes_an_article(request: pytest.FixtureRequest, name: str) -> None:
    article = make_article()
    assert request.getfixturevalue(name).post(f"{LIST}{article.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Article.objects.exists()
