"""`manage.py publish`, `unpublish` and `correct` do what the desk does, and say so in French."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Article, Correction, Event, State
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def run(*arguments: str) -> str:
    """Run a command and return what it says."""
    said = StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(
    "name", ["{0.pk}", "{0.slug}", "/articles/{0.slug}/", "https://exemple.fr/articles/{0.slug}/?a=1#c2"]
)
def test_publish_takes_a_number_a_slug_or_an_address(name: str) -> None:
    article = make_draft()
    assert "En ligne depuis le" in run("publish", name.format(article))
    article.refresh_from_db()
    assert article.is_published()


def test_publish_at_an_hour_is_in_paris() -> None:
    with time_machine.travel(NOW, tick=False):
        article = make_draft(headline="Un pont")
        said = run("publish", article.slug, "--at", "2026-12-01 06:00")
    article.refresh_from_db()
    assert article.published_at == datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert said.splitlines() == [
        "Un pont",
        article.get_absolute_url(),
        "Programmé pour le 1er décembre 2026 à 6\u202fh\u202f00\u00a0: il paraîtra de lui-même.",
    ]


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-20 12:59",
        "0001-01-01 00:00",
        "demain",
        "",
        "2027-03-28 02:30",
        "2027-10-31 02:30",
        "2026-13-45 99:99",
    ],
)
def test_an_hour_that_is_past_or_is_none_is_refused(at: str) -> None:
    with time_machine.travel(NOW, tick=False):
        article = make_draft()
        with pytest.raises(CommandError, match=r"^--at\s: "):
            run("publish", article.slug, "--at", at)
    article.refresh_from_db()
    assert article.published_at is None


def test_publish_respects_the_embargo() -> None:
    article = make_draft(embargo_until=timezone.now() + DAY)
    with pytest.raises(CommandError, match="sous embargo"):
        run("publish", article.slug)


def test_unpublish_withdraws() -> None:
    article = make_article()
    assert "410" in run("unpublish", str(article.pk))
    article.refresh_from_db()
    assert article.state() == State.UNPUBLISHED


def test_unpublish_makes_a_scheduled_article_a_draft() -> None:
    article = make_article(published_at=timezone.now() + DAY)
    assert "Brouillon" in run("unpublish", article.slug)


def test_correct_publishes_a_notice() -> None:
    article = make_article()
    assert "Rectificatif daté du" in run("correct", article.get_absolute_url(), "Le pont mesure 12 mètres.")
    assert Correction.objects.get().body == "Le pont mesure 12 mètres."
    assert Event.objects.get(kind=Event.Kind.CORRECTED).by is None


@pytest.mark.parametrize("body", ["", "   ", "a" * 1_001])
def test_a_notice_that_is_empty_or_too_long_is_refused(body: str) -> None:
    article = make_article()
    with pytest.raises(CommandError):
        run("correct", article.slug, body)


def test_what_never_was_public_is_not_corrected() -> None:
    with pytest.raises(CommandError, match="jamais été en ligne"):
        run("correct", make_draft().slug, "Une faute.")


@pytest.mark.parametrize("command", [["publish"], ["unpublish"], ["correct", "…"]])
@pytest.mark.parametrize("name", ["rien", "", "999999", "\x00", "https://exemple.fr/", "9" * 30])
def test_an_unknown_article_is_said_to_be(command: list[str], name: str) -> None:
    with pytest.raises(CommandError, match="Aucun article"):
        run(command[0], name, *command[1:])
    assert not Article.objects.exists()
