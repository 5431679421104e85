"""While the database is away: a page that says so, and a comment whose text comes back."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from articles.models import ArticleQuerySet
from comments import submission, views
from comments.models import Comment
from multitude import environment
from multitude.prepared import Prepared
from tests.comments.helpers import FIELDS, named, page, post, text, value
from tests.factories import make_article

pytestmark = pytest.mark.django_db

AWAY = [OperationalError("server closed the connection unexpectedly"), InterfaceError("connection already closed")]


def raising(error: Exception):
    """Return what raises an error whatever it is given."""

    def fail(*args: object, **kwargs: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_a_page_says_that_it_will_be_back(client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception):
    path = make_article().section.get_absolute_url()
    monkeypatch.setattr(ArticleQuerySet, "published", raising(error))
    response = client.get(path)

    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert int(response["Retry-After"]) > 0
    assert "ne répond pas pour le moment" in text(page(response))


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("where", ["the article is not found", "the comment is not stored"])
def test_a_comment_s_text_comes_back(client: Client, monkeypatch: pytest.MonkeyPatch, where: str, error: Exception):
    article = make_article()
    if where == "the article is not found":
        monkeypatch.setattr(Prepared, "first", raising(error))
    else:
        monkeypatch.setattr(submission._comments, "insert", raising(error))
    response = post(client, article, body="Une phrase à laquelle on tient.\nEt une autre.", website="")
    tree = page(response)

    assert (response.status_code, response["Cache-Control"]) == (503, "private, no-store")
    assert int(response["Retry-After"]) > 0
    assert value(tree, "body").strip() == "Une phrase à laquelle on tient.\nEt une autre."
    assert (value(tree, "author_name"), value(tree, "author_email")) == (FIELDS["author_name"], FIELDS["author_email"])
    assert "Votre texte est gardé ci-dessous" in text(tree)
    assert "<title>Votre commentaire\N{NO-BREAK SPACE}— Multitude</title>" in response.content.decode()
    assert not Comment.objects.exists()


def test_the_text_that_came_back_can_be_sent_again_as_the_reply_it_was(client: Client, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as away:
        away.setattr(Prepared, "first", raising(AWAY[0]))
        tree = page(post(client, make_article(slug="un"), parent="12"))
    assert named(tree, "parent").get("value") == "12"
    assert next(form for form in tree.iter("form")).get("action") == "/articles/un/commentaires/"


def test_the_page_that_gives_a_text_back_asks_the_database_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
):
    article = make_article()
    monkeypatch.setattr(Prepared, "first", raising(AWAY[0]))
    with django_assert_num_queries(0):
        assert post(client, article).status_code == 503


def test_another_fault_is_no_absence(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(views, "_receive", raising(ValueError("une faute")))
    client.raise_request_exception = False

    assert post(client, make_article()).status_code == 500


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Demande DATABASE_URL, l’adresse d’un PostgreSQL.")
@pytest.mark.parametrize(
    ("setting", "limit"),
    [("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "30s"), ("statement_timeout", "0")],
)
def test_postgresql_limits_locks_and_idle_transactions_everywhere(setting: str, limit: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == (limit,)


def test_a_web_process_limits_its_statements_too(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MULTITUDE_ESSAI", "postgres://u:p@127.0.0.1/nom")
    config = environment.database("MULTITUDE_ESSAI", tmp_path)
    environment.limit_statements(config)
    assert "-c statement_timeout=15s" in config["OPTIONS"]["options"]
    assert config["OPTIONS"]["pool"]["timeout"] < 1

    monkeypatch.setenv("MULTITUDE_ESSAI", "")
    config = environment.database("MULTITUDE_ESSAI", tmp_path)
    environment.limit_statements(config)
    assert config["OPTIONS"]["timeout"] == 20
