"""Where moderators in chief close an article's comments, and open them again: who may, and what is left of it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from articles.models import Article, Commenting
from comments import closing
from multitude.models import PurgeEvent
from tests.comments.helpers import QUEUE, by_id, page, text
from tests.factories import logged_in, make_approved, make_article, make_comment, make_draft, make_user

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"
CLOSED = {"commenting": "closed", "commenting_note": "Procès en cours."}


@pytest.fixture
def chief_client(db: None) -> Client:
    """Return a client of a member of «Modération en chef» and of nothing else."""
    return logged_in(make_user("cheffe", groups=["Modération en chef"]))


@pytest.fixture
def article() -> Article:
    """Return an article."""
    return make_article(headline="Un pont se ferme")


def desk(article: Article) -> str:
    """Return the address of the page."""
    return f"{QUEUE}fermeture/{article.pk}/"


def state(article: Article) -> tuple[str, str]:
    """Return what is chosen for an article."""
    article.refresh_from_db()
    return article.commenting, article.commenting_note


def test_the_comments_of_an_article_are_closed_for_a_reason_that_readers_read(
    client: Client, chief_client: Client, article: Article
):
    response = chief_client.post(desk(article), CLOSED, follow=True)

    assert "Procès en cours." in text(page(response))
    assert state(article) == ("closed", "Procès en cours.")
    assert "Procès en cours." in text(by_id(page(client.get(article.get_absolute_url())), "commenter"))


def test_they_are_opened_again(chief_client: Client):
    article = make_article(**CLOSED)
    chief_client.post(desk(article), {"commenting": "auto", "commenting_note": ""})

    assert state(article) == ("auto", "")
    assert not closing.of(article).is_closed


def test_the_history_of_the_article_tells_who_and_why(chief_client: Client, article: Article):
    chief_client.post(desk(article), CLOSED)
    entry = LogEntry.objects.get()

    assert (entry.user.username, entry.object_id, entry.get_edited_object()) == ("cheffe", str(article.pk), article)
    assert "fermés" in entry.get_change_message()
    assert "Procès en cours." in entry.get_change_message()


def test_the_same_choice_twice_is_one_act(chief_client: Client, article: Article):
    chief_client.post(desk(article), CLOSED)
    response = chief_client.post(desk(article), CLOSED, follow=True)

    assert "Rien n’a changé." in text(page(response))
    assert LogEntry.objects.count() == 1


def test_closing_changes_nothing_else_of_the_article(chief_client: Client, article: Article):
    stored = Article.objects.values().get(pk=article.pk)
    chief_client.post(desk(article), CLOSED | {"headline": "Autre", "body": "Autre", "slug": "autre"})

    assert Article.objects.values().get(pk=article.pk) == stored | CLOSED


def test_looking_changes_nothing(chief_client: Client, article: Article):
    purges = PurgeEvent.objects.count()
    response = chief_client.get(desk(article), CLOSED)

    assert "Un pont se ferme" in text(page(response))
    assert "les lecteurs peuvent commenter" in text(page(response))
    assert state(article) == ("auto", "")
    assert (PurgeEvent.objects.count(), LogEntry.objects.count()) == (purges, 0)


def test_a_closed_article_says_so_and_why(chief_client: Client):
    shown = text(page(chief_client.get(desk(make_article(commenting="closed", commenting_note=HOSTILE)))))

    assert "personne ne peut commenter" in shown
    assert HOSTILE in shown


@pytest.mark.parametrize("make", [make_draft, lambda: make_article(published_at=timezone.now().replace(year=9_999))])
def test_an_article_that_nobody_sees_can_be_closed_in_advance(chief_client: Client, make):
    article = make()
    assert chief_client.get(desk(article)).status_code == 200
    assert chief_client.post(desk(article), CLOSED).status_code == 302
    assert state(article) == tuple(CLOSED.values())


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"commenting": ""},
        {"commenting": "peut-être"},
        {"commenting": "closed\0"},
        {"commenting": "closed", "commenting_note": "x" * 201},
        {"commenting": "closed", "commenting_note": "a\0b"},
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    chief_client: Client, article: Article, values: dict[str, str]
):
    response = chief_client.post(desk(article), values)

    assert response.status_code == 200
    assert len(response.context["form"].errors) == 1
    assert "rreur" in text(page(response))
    assert values.get("commenting_note", "") in response.content.decode()
    assert state(article) == ("auto", "")


def test_a_note_of_several_lines_is_one_line(chief_client: Client, article: Article):
    chief_client.post(desk(article), {"commenting": "closed", "commenting_note": "  Un\r\n\tdeux\u202e  "})

    assert state(article) == ("closed", "Un deux")


@pytest.mark.parametrize("key", ["0", "999999", "9" * 40])
def test_an_article_that_is_not_there_is_not_found(chief_client: Client, key: str):
    assert chief_client.get(f"{QUEUE}fermeture/{key}/").status_code == 404
    assert chief_client.post(f"{QUEUE}fermeture/{key}/", CLOSED).status_code == 404


# Rights ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [[], ["Modérateurs"], ["Rédacteurs"], ["Modérateurs", "Rédacteurs"]])
def test_others_close_nothing(article: Article, groups: list[str]):
    client = logged_in(make_user("autre", groups=groups))

    assert client.get(desk(article)).status_code == 403
    assert client.post(desk(article), CLOSED).status_code == 403
    assert state(article) == ("auto", "")


@pytest.mark.parametrize("group", ["Modération en chef", "Direction de la publication"])
def test_those_who_may_close_need_not_be_able_to_change_articles(article: Article, group: str):
    client = logged_in(make_user("autre", groups=[group]))
    assert client.post(f"/admin/articles/article/{article.pk}/change/", CLOSED).status_code == 403

    assert client.post(desk(article), CLOSED).status_code == 302
    assert state(article)[0] == "closed"


def test_a_visitor_is_led_to_the_login(client: Client, article: Article):
    response = client.post(desk(article), CLOSED)

    assert response["Location"].startswith("/admin/login/")
    assert state(article) == ("auto", "")


def test_closing_needs_the_token_of_the_desk(article: Article):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("cheffe", groups=["Modération en chef"]))

    assert client.post(desk(article), CLOSED).status_code == 403
    assert state(article) == ("auto", "")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_does_anything(chief_client: Client, article: Article, method: str):
    assert getattr(chief_client, method)(desk(article), CLOSED).status_code == 405


# The way there -----------------------------------------------------------------------------------


def test_the_page_of_a_comment_leads_there(chief_client: Client):
    comment = make_comment()
    tree = page(chief_client.get(f"{QUEUE}{comment.pk}/change/"))

    assert desk(comment.article) in [link.get("href") for link in tree.iter("a")]
    assert "Ouverts." in text(tree)


def test_it_leads_nobody_else_there(moderator_client: Client):
    comment = make_comment()
    tree = page(moderator_client.get(f"{QUEUE}{comment.pk}/change/"))

    assert desk(comment.article) not in [link.get("href") for link in tree.iter("a")]


def test_the_page_of_a_comment_says_why_its_article_is_closed(chief_client: Client):
    comment = make_approved()
    closing.choose(
        article_id=comment.article_id, commenting=Commenting.CLOSED, note=HOSTILE, moderator=make_user("autre")
    )
    response = chief_client.get(f"{QUEUE}{comment.pk}/change/")

    assert HOSTILE in text(page(response))
    assert HOSTILE not in response.content.decode()
