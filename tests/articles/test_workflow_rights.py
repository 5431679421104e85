"""Whoever writes does not publish: by no button, no page, no action, no field and no forged request."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles import autosaves, publishing
from articles.models import Article, State
from tests.articles.desk import act, press, said, step
from tests.articles.test_admin import ADD, LIST, change, filled
from tests.factories import logged_in, make_article, make_author, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def journalist(db: None) -> User:
    """Return a member of «Journalistes» and of nothing else."""
    return make_user("journaliste", groups=["Journalistes"])


@pytest.fixture
def client(journalist: User) -> Client:
    """Return a client logged in as the journalist."""
    return logged_in(journalist)


def state_of(article: Article) -> State:
    """Return where the article stands in the database."""
    article.refresh_from_db()
    return article.state()


def test_a_journalist_writes_and_sends_for_review(client: Client) -> None:
    byline = {"bylines-TOTAL_FORMS": "1", "bylines-0-author": str(make_author().pk), "bylines-0-position": "0"}
    client.post(ADD, filled(section=make_section().pk, **byline))
    article = Article.objects.get()
    assert "À relire" in said(press(client, article, "_review", headline="Relu par moi"))
    assert state_of(article) == State.REVIEW
    assert article.headline == "Relu par moi"


def test_a_journalist_is_offered_what_they_may_do(client: Client) -> None:
    draft, waiting = make_draft(), make_draft(ready_at=timezone.now())
    offered = [[name for name, _label in client.get(change(one)).context["steps"]] for one in (draft, waiting)]
    assert offered == [["_review"], ["_send_back"]]


@pytest.mark.parametrize("button", ["_publish", "_schedule", "_unpublish"])
def test_a_forged_button_is_refused_and_nothing_is_saved(client: Client, button: str) -> None:
    article = make_draft(headline="Avant")
    assert press(client, article, button, headline="Après").status_code == 403
    article.refresh_from_db()
    assert (article.headline, article.state()) == ("Avant", State.DRAFT)


@pytest.mark.parametrize("button", ["_publish", "_schedule"])
def test_a_forged_button_creates_nothing(client: Client, button: str) -> None:
    values = filled(section=make_section().pk, **{button: "1"})
    assert client.post(ADD, values).status_code == 403
    assert not Article.objects.exists()


@pytest.mark.parametrize("word", ["programmer", "depublier"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_that_publishes_is_closed_to_a_journalist(client: Client, word: str, method: str) -> None:
    article = make_draft() if word == "programmer" else make_article()
    state = article.state()
    response = getattr(client, method)(step(article, word), {"at": "2099-01-01T06:00"})
    assert response.status_code == 403
    assert state_of(article) == state


def test_a_date_that_is_typed_publishes_nothing(client: Client) -> None:
    dates = {"published_at_0": "01/11/2026", "published_at_1": "08:00:00"}
    assert client.post(ADD, filled(section=make_section().pk, **dates)).status_code == 302
    article = Article.objects.get()
    client.post(change(article), filled(article, **dates))
    assert state_of(article) == State.DRAFT


@pytest.mark.parametrize(
    "values",
    [{}, {"published_at": timezone.now() + HOUR}, {"unpublished_at": timezone.now() - HOUR}],
    ids=["public", "scheduled", "unpublished"],
)
def test_what_has_a_date_is_not_a_journalists_to_change(client: Client, values: dict[str, object]) -> None:
    article = make_article(headline="Avant", **values)
    assert client.get(change(article)).status_code == 200
    assert client.get(change(article)).context["steps"] == []
    assert client.post(change(article), filled(article, headline="Après")).status_code == 302
    article.refresh_from_db()
    assert article.headline == "Avant"


def test_a_date_that_comes_while_a_journalist_writes_costs_them_nothing(client: Client, journalist: User) -> None:
    article = make_draft()
    values = filled(article, body="<p>Deux mille mots</p>", seen_version="0")
    publishing.publish(article_id=article.pk)
    response = client.post(change(article), values, follow=True)
    assert "seuls ceux qui publient le changent. Ce que vous avez écrit est gardé ci-dessous." in said(response)
    assert "&lt;p&gt;Deux mille mots&lt;/p&gt;</textarea>" in response.content.decode()
    client.post(f"{LIST}{article.pk}/abandon/")
    assert "Deux mille mots" not in client.get(change(article)).content.decode()


def test_what_is_typed_in_what_just_got_a_date_is_kept(client: Client) -> None:
    article = make_article()
    response = client.post(f"{LIST}{article.pk}/brouillon/", filled(article, body="<p>Encore</p>"))
    assert response.json()["said"].startswith("Brouillon gardé")
    assert "&lt;p&gt;Encore&lt;/p&gt;</textarea>" in client.get(change(article)).content.decode()


def test_what_is_too_long_to_be_kept_is_not_said_to_be(client: Client) -> None:
    article = make_article()
    response = client.post(change(article), filled(article, body="a" * (autosaves.MOST_TYPED + 1)), follow=True)
    assert "est gardé" not in said(response)


@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_an_action_that_publishes_is_not_a_journalists(client: Client, action: str) -> None:
    article = make_draft() if action == "publish" else make_article()
    state = article.state()
    act(client, action, article)
    assert state_of(article) == state


def test_an_action_passes_over_what_is_not_a_journalists(client: Client) -> None:
    draft, public = make_draft(), make_article(headline="Publique")
    response = act(client, "review", draft, public)
    assert "Publique\u202f»\u00a0: vous n’avez pas le droit" in said(response)
    assert (state_of(draft), state_of(public)) == (State.REVIEW, State.PUBLISHED)


@pytest.mark.parametrize("word", ["programmer", "rendre", "depublier"])
def test_a_moderator_takes_no_step(moderator_client: Client, word: str) -> None:
    article = make_draft(ready_at=timezone.now()) if word != "depublier" else make_article()
    assert moderator_client.post(step(article, word)).status_code == 403


def test_nobody_takes_a_step_without_an_account() -> None:
    article = make_article()
    assert Client().post(step(article, "depublier")).status_code == 302
    assert state_of(article) == State.PUBLISHED


def test_another_site_takes_no_step(journalist: User) -> None:
    article = make_draft(ready_at=timezone.now())
    client = Client(enforce_csrf_checks=True)
    client.force_login(journalist)
    assert client.post(step(article, "rendre")).status_code == 403
    assert client.post(LIST, {"action": "review", "_selected_action": [article.pk]}).status_code == 403
    assert state_of(article) == State.REVIEW
