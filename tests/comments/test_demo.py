"""What the demo writes many at a time is what readers and moderators would have written by the verbs."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone

from articles.models import Article
from comments import moderation, newsroom, submission
from comments.incoming import Submission
from comments.models import Comment, Decision
from multitude.demo.newspaper import ESSAY
from tests.factories import make_article

pytestmark = pytest.mark.django_db

# Keys, and what holds them; the digest by which a repetition is known has served after 15 minutes, and the demo writes none.
# Nor has it one of its published texts, which are made of the same few sentences, and which it does not screen.
OWN = {"id", "article_id", "parent_id", "follow_up_key", "submission_digest", "public_html"}
OWN |= {"text_digest", "is_suspect", "lane"}


def told(comment: Comment) -> dict[str, Any]:
    """Return what is stored of a comment and its decisions, but for keys."""
    values = {field.attname: getattr(comment, field.attname) for field in Comment._meta.concrete_fields}
    decisions = [
        (
            *(getattr(decision, name) for name in ("action", "reason", "from_status", "to_status", "version")),
            decision.decided_at,
            (decision.evidence.author_name, decision.evidence.body, decision.evidence.explanation),
        )
        for decision in comment.decisions.order_by("version")
    ]
    html = comment.public_html and re.sub(r'("c|"#c|parent=)\d+', r"\1", comment.public_html)
    return {name: value for name, value in values.items() if name not in OWN} | {"html": html, "decisions": decisions}


def as_sent(comment: Comment) -> str:
    """Return a comment's text before any of it was masked."""
    first = comment.decisions.order_by("version").first()
    return first.evidence.body if first else comment.body


def tallies(article: Article) -> list[tuple[Any, int]]:
    """Return the comments counted by day."""
    return list(article.tallies.exclude(comments=0).order_by("day").values_list("day", "comments"))


def say_again(comment: Comment, article: Article, parent: Comment | None) -> Comment:
    """Say what a comment says under another article: the newsroom at once, a reader for a moderator to decide."""
    if not comment.is_newsroom or parent is None:
        return submit(comment, article, parent)
    who = comment.decisions.get().moderator
    return newsroom.answer(comment_id=parent.pk, body=comment.body, moderator=who)


def submit(comment: Comment, article: Article, parent: Comment | None) -> Comment:
    """Send what a comment says to another article."""
    return submission.submit(
        Submission(
            article_id=article.pk,
            parent_id=parent.pk if parent else None,
            author_name=comment.author_name,
            author_email=comment.author_email,
            body=as_sent(comment),
            client_network=comment.client_network,
        )
    )


def test_the_verbs_at_the_same_instants_give_the_same_rows(monkeypatch: pytest.MonkeyPatch, settings: LazySettings):
    settings.COMMENT_RATE = None
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    call_command("demo", articles=30, comments=150, verbosity=0)
    comments = list(Comment.objects.order_by("pk"))
    twins = {article: make_article(published_at=article.published_at) for article in Article.objects.all()}
    again: dict[int, Comment] = {}
    acts: list[tuple[datetime, int, Comment | Decision]] = [(each.submitted_at, each.pk, each) for each in comments]
    acts += [(decision.decided_at, decision.pk, decision) for decision in Decision.objects.all()]

    for at, _key, act in sorted(acts, key=lambda each: each[:2]):
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        if isinstance(act, Comment):
            parent = again[act.parent_id] if act.parent_id else None
            again[act.pk] = say_again(act, twins[act.article], parent)
        elif not act.comment.is_newsroom:
            moderation.decide(
                comment_id=again[act.comment_id].pk,
                action=Decision.Action(act.action),
                moderator=act.moderator,
                reason=act.reason,
                explanation=act.evidence.explanation,
                text=act.comment.body,
            )
    for comment in Comment.objects.exclude(selected_rank=None).order_by("article", "selected_rank"):
        newsroom.select(comment_id=again[comment.pk].pk, moderator=None)

    for comment in comments:
        again[comment.pk].refresh_from_db()
        assert told(comment) == told(again[comment.pk])
    for article, twin in twins.items():
        article.refresh_from_db()
        twin.refresh_from_db()
        assert (article.comment_count, tallies(article)) == (twin.comment_count, tallies(twin))


def test_rendering_it_again_changes_nothing():
    call_command("demo", articles=60, comments=200, verbosity=0)

    def everything() -> list[list[dict[str, Any]]]:
        # The essay's fixture writes its hour as in Paris, and a row says it in UTC.
        written = Article.objects.exclude(slug=ESSAY), Comment.objects.all()
        return [list(rows.order_by("pk").values()) for rows in written]

    before = everything()
    call_command("rerender", verbosity=0)
    assert everything() == before
