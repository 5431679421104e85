"""The demo newspaper has the size that one asks for, adds to what is there, and survives being cut short."""

from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from articles import frontpage, naming
from articles.desk.waiting import piles
from articles.models import Article, Byline, DailyTally
from comments.models import Comment, Decision, Evidence, Finding
from multitude import bulk
from multitude.demo import archives, conversations, flood
from multitude.models import PurgeEvent
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

WRITTEN = (Article, Byline, DailyTally, Comment, Decision, Evidence, Finding)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return all rows that the demo writes."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in WRITTEN}


def assert_counts_are_true() -> None:
    """Compare totals and tallies with the comments that readers see."""
    totals: Counter[int] = Counter()
    days: Counter[tuple[int, date]] = Counter()
    for comment in Comment.objects.approved():
        assert comment.first_approved_at is not None
        totals[comment.article_id] += 1
        days[comment.article_id, timezone.localdate(comment.first_approved_at)] += 1
    assert dict(Article.objects.exclude(comment_count=0).values_list("pk", "comment_count")) == totals
    tallies = DailyTally.objects.exclude(comments=0).values_list("article", "day", "comments")
    assert {(article, day): number for article, day, number in tallies} == days


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a newspaper of a hundred comments take several batches."""
    monkeypatch.setattr(archives, "BATCH", 10)
    monkeypatch.setattr(conversations, "BATCH", 20)
    monkeypatch.setattr(flood, "BATCH", 8)


@pytest.mark.usefixtures("small_batches")
def test_it_has_as_many_articles_and_comments_as_one_asks_for():
    output = StringIO()
    call_command("demo", articles=50, comments=200, stdout=output)

    assert (Article.objects.count(), Comment.objects.count()) == (50, 200)
    assert output.getvalue().strip() == "50 articles, 200 commentaires."
    assert_counts_are_true()
    connection.check_constraints()


@pytest.mark.usefixtures("small_batches")
def test_a_second_run_adds_nothing():
    call_command("demo", articles=40, comments=150, verbosity=0)
    before = everything()
    call_command("demo", articles=40, comments=150, verbosity=0)

    assert everything() == before


def test_its_desk_has_something_to_do():
    editor = make_user("redactrice", is_superuser=True)
    call_command("demo", verbosity=0)

    waiting = {pile.title: pile.number for pile in piles(editor)}
    assert waiting["À relire"] == 2
    assert waiting["Programmés aujourd’hui"] + waiting["Programmés ensuite"] == 1
    assert waiting["Mes brouillons"] == 1
    assert len(frontpage.chosen()) == 3
    assert not Comment.objects.exclude(article__in=Article.objects.published()).exists()


def test_a_front_page_that_somebody_arranged_stays():
    own = make_article()
    frontpage.arrange([own.pk], seen=[])
    call_command("demo", verbosity=0)

    assert frontpage.chosen() == [own]


def test_growing_leaves_what_is_there_but_for_its_counts():
    call_command("demo", verbosity=0)
    before = everything()
    call_command("demo", articles=40, comments=300, verbosity=0)

    after = everything()
    for model in ("Byline", "Comment", "Decision", "Evidence"):
        assert after[model][: len(before[model])] == before[model]
    for old, new in zip(before["Article"], after["Article"], strict=False):
        assert new["comment_count"] >= old["comment_count"]
        assert new | {"comment_count": 0} == old | {"comment_count": 0}
    assert_counts_are_true()


@pytest.mark.usefixtures("small_batches")
def test_a_run_cut_between_two_batches_leaves_true_counts_and_the_next_one_adds_the_rest():
    call_command("demo", verbosity=0)
    there = Comment.objects.count()
    written = next(conversations.grow(100, moderator_id=None))

    assert Comment.objects.count() == there + written
    assert_counts_are_true()
    call_command("demo", comments=there + 100, verbosity=0)
    assert Comment.objects.count() == there + 100
    assert_counts_are_true()


@pytest.mark.usefixtures("small_batches")
def test_a_run_cut_within_a_batch_leaves_nothing_of_it(monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests):
    call_command("demo", verbosity=0)
    before = everything()
    cut_at: type[Any]
    for name, write in [(name, getattr(bulk, name)) for name in ("insert", "insert_or_increase")]:

        def cut(written: type[Any], *args: Any, write: Any = write, **values: Any) -> None:
            if written is cut_at:
                raise KeyboardInterrupt
            write(written, *args, **values)

        monkeypatch.setattr(bulk, name, cut)

    for cut_at in (Decision, Evidence, Finding, DailyTally, Byline):
        with subtests.test(cut_at=cut_at.__name__):
            with pytest.raises(KeyboardInterrupt), transaction.atomic():
                call_command("demo", articles=40 if cut_at is Byline else 0, comments=200, verbosity=0)

            assert everything() == before


def test_an_article_of_a_growing_newspaper_is_read_and_signed():
    call_command("demo", articles=40, verbosity=0)
    article = Article.objects.get(slug__startswith="archives-", pk=Article.objects.latest("pk").pk)

    assert article.slug == f"archives-{article.pk}"
    assert article.folded == naming.folded(article.headline, article.standfirst)
    assert article.authors.count() == 1
    assert article.tallies.get().views == article.view_count > 0


def test_the_same_newspaper_grows_in_the_same_way():
    call_command("demo", verbosity=0)
    grown = []
    for _time in range(2):
        with transaction.atomic():
            call_command("demo", articles=40, comments=150, verbosity=0)
            headlines = list(Article.objects.order_by("pk").values_list("headline", flat=True))
            grown.append((headlines, sorted(Comment.objects.values_list("author_email", "body", "status"))))
            transaction.set_rollback(True)

    assert grown[0] == grown[1]


def test_every_page_is_purged_once_it_has_grown():
    call_command("demo", articles=30, verbosity=0)
    assert PurgeEvent.objects.latest("pk").keys == "site"


def test_a_terminal_is_shown_how_far_it_is():
    terminal = StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    call_command("demo", articles=30, comments=120, stderr=terminal, verbosity=0)

    assert "Articles" in terminal.getvalue()
    assert "Commentaires" in terminal.getvalue()
    assert terminal.getvalue().count("100 %") == 2


@pytest.mark.parametrize("size", ["-1", "1e3", "²", ""])
def test_a_size_is_a_whole_number(size: str):
    with pytest.raises(CommandError, match="entier"):
        call_command("demo", f"--comments={size}")
