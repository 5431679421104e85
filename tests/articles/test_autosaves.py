"""What is typed and not saved: kept once for each person and article, offered again, and dropped when it is saved."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles import autosaves
from articles.models import Article, Autosave
from multitude.background import housekeeping
from tests.articles.test_admin import ADD, change, filled
from tests.articles.writing import sent
from tests.factories import logged_in, make_article, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db

NEW = "/admin/articles/article/nouveau/brouillon/"


def draft(article: Article) -> str:
    """Return the address that keeps what is typed about an article."""
    return f"/admin/articles/article/{article.pk}/brouillon/"


def test_what_is_typed_is_kept_and_said(editor_client: Client, editor: User) -> None:
    article = make_draft()
    response = editor_client.post(draft(article), sent(article, body="<p>Presque</p>"))
    assert response.json()["said"].startswith("Brouillon gardé à ")
    kept = Autosave.objects.get()
    assert (kept.user, kept.article, kept.values["body"]) == (editor, article, "<p>Presque</p>")
    article.refresh_from_db()
    assert article.body == "<p>Un texte.</p>"


def test_a_form_has_one_draft_that_is_written_when_it_changes(editor_client: Client) -> None:
    article = make_draft()
    for body in ("<p>a</p>", "<p>b</p>"):
        editor_client.post(draft(article), sent(article, body=body))
    kept = Autosave.objects.get()
    assert kept.values["body"] == "<p>b</p>"
    editor_client.post(draft(article), sent(article, body="<p>b</p>"))
    assert Autosave.objects.get().saved_at == kept.saved_at


def test_a_new_article_has_a_draft_of_its_own(editor_client: Client) -> None:
    article = make_draft()
    editor_client.post(NEW, {"headline": "Neuf"})
    editor_client.post(draft(article), sent(article, headline="Ancien"))
    assert Autosave.objects.get(article=None).values == {"headline": "Neuf"}
    assert "Reprendre" in editor_client.get(ADD).content.decode()


def test_what_is_typed_elsewhere_overwrites_no_draft(editor_client: Client) -> None:
    article = make_draft()
    for address in (NEW, draft(article)):
        for key in ("a", "b"):
            editor_client.post(address, sent(article, body=f"<p>{key}</p>", form_key=key))
    kept = Autosave.objects.order_by("pk").values_list("article", "form_key", "values__body")
    assert [*kept] == [(one, key, f"<p>{key}</p>") for one in (None, article.pk) for key in "ab"]


def test_each_form_that_is_opened_has_a_key_which_what_is_taken_up_keeps(editor_client: Client) -> None:
    article = make_draft()

    def key(query: str = "") -> str:
        return editor_client.get(change(article) + query).context["adminform"].form["form_key"].value()

    assert len({key(), key(), ""}) == 3
    editor_client.post(draft(article), sent(article, body="<p>a</p>", form_key="a"))
    editor_client.post(draft(article), sent(article, body="<p>b</p>", form_key="b"))
    assert key() not in {"a", "b"}
    assert (key("?reprendre"), key("?reprendre=a")) == ("b", "a")
    page = editor_client.get(f"{change(article)}?reprendre=a").content.decode()
    assert '<input type="hidden" name="form_key" value="a"' in page
    assert "&lt;p&gt;a&lt;/p&gt;" in page


@pytest.mark.parametrize("key", ["x" * 33, "é", "a b", "a\x00", "'"])
def test_an_odd_key_is_none(editor_client: Client, key: str) -> None:
    article = make_draft()
    assert editor_client.post(draft(article), sent(article, form_key=key)).status_code == 200
    assert Autosave.objects.get().form_key == ""
    assert editor_client.get(change(article), {"reprendre": key}).status_code == 200


def test_saving_or_giving_up_one_form_leaves_what_was_typed_in_another(editor_client: Client) -> None:
    article = make_draft()
    for key in ("a", "b", "c"):
        editor_client.post(draft(article), sent(article, body=f"<p>{key}</p>", form_key=key))
    assert editor_client.post(change(article), sent(article, body="<p>b</p>", form_key="b")).status_code == 302
    assert "ce que vous n’aviez pas enregistré" in editor_client.get(change(article)).content.decode()
    editor_client.post(f"/admin/articles/article/{article.pk}/abandon/", {"form_key": "c"})
    assert Autosave.objects.get().form_key == "a"


def test_drafts_without_number_are_refused(editor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autosaves, "MOST_FORMS", 1)
    editor_client.post(NEW, {"headline": "a", "form_key": "a"})
    assert editor_client.post(NEW, {"headline": "b", "form_key": "a"}).status_code == 200
    refused = editor_client.post(NEW, {"headline": "a", "form_key": "b"})
    assert (refused.status_code, Autosave.objects.count()) == (413, 1)
    assert refused.json()["error"] == "Vous avez ici trop de brouillons\xa0: reprenez-en, ou abandonnez-en."


def test_the_log_says_nothing_of_a_forms_key(editor_client: Client) -> None:
    article = make_draft()
    editor_client.post(change(article), sent(article, headline="Autre", form_key="a"))
    assert "key" not in LogEntry.objects.get().change_message.lower()


def test_neither_tokens_nor_buttons_are_kept(editor_client: Client) -> None:
    editor_client.post(NEW, {"headline": "a", "csrfmiddlewaretoken": "x", "_save": "1", "over_version": "3"})
    assert Autosave.objects.get().values == {"headline": "a"}


def test_the_form_offers_what_was_not_saved(editor_client: Client) -> None:
    article = make_draft()
    editor_client.post(draft(article), sent(article, body="<p>Presque</p>"))
    response = editor_client.get(change(article))
    page = response.content.decode()
    assert "Reprendre ce que vous n’aviez pas enregistré (il y a moins d’une minute)" in page
    assert response.context["adminform"].form["body"].value() == article.body
    resumed = editor_client.get(f"{change(article)}?reprendre").content.decode()
    assert "&lt;p&gt;Presque&lt;/p&gt;" in resumed
    assert "Reprendre ce que" not in resumed


def test_the_offer_says_for_how_long(editor_client: Client) -> None:
    article = make_draft()
    editor_client.post(draft(article), sent(article, headline="Presque"))
    Autosave.objects.update(saved_at=timezone.now() - timedelta(minutes=5))
    assert "il y a 5\xa0minutes" in editor_client.get(change(article)).content.decode()


def test_dates_and_choices_are_taken_up_again(editor_client: Client) -> None:
    article, section = make_draft(), make_section(name="Culture")
    dates = {"published_at_0": "01/12/2030", "published_at_1": "08:30:00"}
    editor_client.post(draft(article), sent(article, section=section.pk, **dates))
    page = editor_client.get(f"{change(article)}?reprendre").content.decode()
    assert 'value="01/12/2030"' in page
    assert 'value="08:30:00"' in page
    assert f'<option value="{section.pk}" selected>Culture</option>' in page


@pytest.mark.parametrize("values", [{}, {"body": "<p>Un texte.</p>"}])
def test_what_is_no_different_is_not_offered(editor_client: Client, values: dict[str, str]) -> None:
    article = make_draft()
    editor_client.post(draft(article), sent(article, **values))
    assert "Reprendre ce que" not in editor_client.get(change(article)).content.decode()


def test_lines_are_compared_whatever_ends_them(editor_client: Client) -> None:
    article = make_draft(body="<p>a</p>\r\n<p>b</p>")
    editor_client.post(draft(article), sent(article, body="<p>a</p>\n<p>b</p>"))
    assert "Reprendre ce que" not in editor_client.get(change(article)).content.decode()


def test_saving_drops_the_draft_and_nobody_elses(editor_client: Client) -> None:
    article, other = make_draft(), make_user("autre", groups=["Rédacteurs"])
    editor_client.post(draft(article), sent(article, body="<p>a</p>"))
    autosaves.keep(user=other, article=article, values={"body": "b"}, seen_version=0)
    assert editor_client.post(change(article), sent(article, body="<p>a</p>")).status_code == 302
    assert [kept.user for kept in Autosave.objects.all()] == [other]


def test_saving_a_new_article_drops_its_draft(editor_client: Client) -> None:
    editor_client.post(NEW, {"headline": "Neuf"})
    assert editor_client.post(ADD, filled(section=make_section().pk)).status_code == 302
    assert not Autosave.objects.exists()


def test_a_form_with_an_error_keeps_the_draft(editor_client: Client) -> None:
    article = make_draft()
    editor_client.post(draft(article), sent(article, body="<p>a</p>"))
    assert editor_client.post(change(article), sent(article, headline="")).status_code == 200
    assert Autosave.objects.exists()


def test_a_draft_is_given_up(editor_client: Client) -> None:
    article = make_draft()
    editor_client.post(draft(article), sent(article, body="<p>a</p>"))
    response = editor_client.post(f"/admin/articles/article/{article.pk}/abandon/")
    assert response.headers["Location"] == change(article)
    assert not Autosave.objects.exists()
    assert editor_client.get(f"/admin/articles/article/{article.pk}/abandon/").status_code == 405


@pytest.mark.parametrize(
    "values", [{"body": "a" * (autosaves.MOST_TYPED + 1)}, {"n" * 101: "a"}, {f"champ{n}": "a" for n in range(301)}]
)
def test_what_is_too_much_is_refused_with_a_sentence(editor_client: Client, values: dict[str, str]) -> None:
    response = editor_client.post(NEW, values)
    assert response.status_code == 413
    assert response.json()["error"] == "Ce texte est trop long pour être gardé en brouillon : il faut le raccourcir."
    assert not Autosave.objects.exists()


def test_what_no_database_stores_is_left_out(editor_client: Client) -> None:
    editor_client.post(NEW, {"head\x00line": "a\x00b", "seen_version": "x"})
    assert Autosave.objects.get().values == {"headline": "ab"}


def test_who_may_not_write_keeps_nothing(moderator_client: Client) -> None:
    article = make_draft()
    assert moderator_client.post(draft(article), sent(article)).status_code == 403
    assert moderator_client.post(NEW, {"headline": "a"}).status_code == 403
    assert moderator_client.post(f"/admin/articles/article/{article.pk}/abandon/").status_code == 403
    assert not Autosave.objects.exists()


def test_somebody_who_is_logged_out_is_sent_to_log_in(client: Client) -> None:
    assert client.post(NEW, {"headline": "a"}).status_code == 302
    assert not Autosave.objects.exists()


def test_a_draft_of_nothing_is_not_found(editor_client: Client) -> None:
    assert editor_client.post("/admin/articles/article/999/brouillon/", {}).status_code == 404


def test_no_draft_is_kept_without_the_pages_token(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(NEW, {"headline": "a"}).status_code == 403
    token = client.get(NEW).json()["token"]
    assert client.post(NEW, {"headline": "a", "csrfmiddlewaretoken": token}).status_code == 200


def test_one_does_not_see_the_draft_of_another(editor_client: Client) -> None:
    article = make_draft()
    editor_client.post(draft(article), sent(article, body="<p>Secret</p>"))
    other = logged_in(make_user("autre", groups=["Rédacteurs"]))
    for address in (change(article), f"{change(article)}?reprendre"):
        page = other.get(address).content.decode()
        assert "Secret" not in page
        assert "Reprendre ce que" not in page


def test_a_draft_older_than_what_another_saved_says_so(editor_client: Client) -> None:
    article, other = make_article(), logged_in(make_user("autre", groups=["Rédacteurs"]))
    editor_client.post(draft(article), sent(article, body="<p>Le mien</p>"))
    other.post(change(article), sent(article, body="<p>Le sien</p>"))
    assert "L’article a été enregistré depuis" in editor_client.get(change(article)).content.decode()
    resumed = editor_client.get(f"{change(article)}?reprendre").content.decode()
    assert '<input type="hidden" name="seen_version" value="0"' in resumed


def test_what_nobody_added_to_for_ninety_days_is_dropped(editor: User) -> None:
    now, article = timezone.now(), make_draft()
    for age in (0, 89, 91, 400):
        at = now - timedelta(days=age)
        Autosave.objects.create(user=editor, article=article, form_key=str(age), values={}, saved_at=at)
    assert autosaves.drop_old(now) == 2
    assert {kept.form_key for kept in Autosave.objects.all()} == {"0", "89"}


def test_web_processes_drop_what_is_old(editor: User) -> None:
    old = timezone.now() - 2 * autosaves.RETENTION
    Autosave.objects.create(user=editor, article=None, values={}, saved_at=old)
    chores = [chore.act for chore in housekeeping._chores]
    [sweep] = [act for act in chores if getattr(act, "__wrapped__", None) == autosaves.drop_old]
    sweep()
    assert not Autosave.objects.exists()
