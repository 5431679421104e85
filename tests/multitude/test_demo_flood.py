"""The flood that waits at the demo's desk: of every kind, in its true lanes, with what the screening finds in it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from comments import blocklist, screening
from comments.forms import CommentForm
from comments.incoming import Context, Submission
from comments.models import BlockedTerm, Comment, Decision
from comments.rendering import render
from comments.submission import text_digest
from multitude.demo import flood
from tests.multitude.lanes import assert_lanes_are_true

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def busy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Comment]]:
    """Fill the desk once for all who look at it, and return what waits."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", comments=2_500, verbosity=0)
        yield list(Comment.objects.pending().prefetch_related("findings").order_by("submitted_at", "pk"))
        transaction.set_rollback(True)


def test_a_part_of_all_comments_waits_in_its_lanes(busy: list[Comment]):
    assert len(busy) == round(flood.SHARE * 2_500)
    assert {comment.lane for comment in busy} == {"pending", "suspect", "escalated"}
    assert_lanes_are_true()


def test_it_is_of_every_kind(busy: list[Comment]):
    bodies = [comment.body for comment in busy]
    assert min(map(len, bodies)) < 10
    assert 2_500 < max(map(len, bodies)) <= 5_000
    for sign in ("\n\n", "https?://", "[A-ZÀÉ !?]{30}", "[\u0400-\u06ff\u4e00-\u9fff]{3}", "[😀-🙏]"):
        assert any(re.search(sign, body) for body in bodies), sign
    assert max(Counter(bodies).values()) > 2
    assert any(comment.parent_id for comment in busy)


def test_most_of_it_came_within_a_day_and_the_rest_within_a_week(busy: list[Comment]):
    last = busy[-1].submitted_at
    recent = sum(comment.submitted_at > last - timedelta(days=1) for comment in busy)
    assert 0.4 < recent / len(busy) < 0.8
    assert busy[0].submitted_at > last - timedelta(days=8)


def test_nothing_is_older_than_what_it_stands_under(busy: list[Comment]):
    for comment in Comment.objects.pending().select_related("article", "parent"):
        assert comment.article.published_at is not None
        assert comment.submitted_at > comment.article.published_at
        if comment.parent:
            assert comment.parent.first_approved_at is not None
            assert comment.submitted_at > comment.parent.first_approved_at


def test_each_is_what_the_form_takes(busy: list[Comment]):
    for comment in busy:
        said = {"author_name": comment.author_name, "author_email": comment.author_email, "body": comment.body}
        form = CommentForm(said, action="")
        assert form.is_valid(), form.errors
        assert {name: form.cleaned_data[name] for name in said} == said
        assert comment.body_html == render(comment.body)


def test_each_has_what_the_screening_finds_in_it(busy: list[Comment]):
    _number, seconds = screening.flood_limit()
    watched = blocklist.current()
    waiting = {comment.pk for comment in busy}
    decided = list(Comment.objects.exclude(pk__in=waiting).values_list("author_email", "text_digest"))
    found: Counter[str] = Counter()
    for place, comment in enumerate(busy):
        before = busy[:place]
        own = [other for other in before if other.author_email == comment.author_email]
        same = [other for other in before if other.text_digest == comment.text_digest]
        rules = {finding.rule: finding.detail for finding in comment.findings.all()}
        sent = Submission(
            article_id=comment.article_id,
            parent_id=comment.parent_id,
            author_name=comment.author_name,
            author_email=comment.author_email,
            body=comment.body,
            client_network=comment.client_network,
            honeypot="x" if "honeypot" in rules else "",
            seconds_spent=1 if "too_fast" in rules else None,
        )
        context = Context(
            repeats=any((other.article_id, other.body) == (comment.article_id, comment.body) for other in own),
            is_elsewhere=bool(comment.text_digest)
            and (
                any(digest == comment.text_digest for _email, digest in decided)
                or any((o.article_id, o.author_email) != (comment.article_id, comment.author_email) for o in same)
            ),
            is_first=not own and all(email != comment.author_email for email, _digest in decided),
            recent_of_email=sum(
                other.submitted_at > comment.submitted_at - timedelta(seconds=seconds) for other in own
            ),
            blocked=watched.matches(sent),
        )
        screened = screening.screen(sent, context)
        is_told = not (comment.text_digest or rules)  # the newspaper's own comments are not screened
        if not is_told:
            assert comment.text_digest == text_digest(sent)
            assert (rules, comment.is_suspect) == (dict(screened.rows), screened.is_suspect)
        found.update(rules.keys())
    assert {"honeypot", "too_fast", "links", "elsewhere", "duplicate", "flood", "first_comment"} <= set(found)
    assert {"capitals", "repetition", "link_only", "blocked_word", "blocked_domain"} <= set(found)


def test_watched_terms_count_what_they_matched(busy: list[Comment]):
    terms = list(BlockedTerm.objects.order_by("pk"))
    assert {term.kind for term in terms} == {"word", "domain"}
    assert all(
        term.match_count and term.last_matched_at for term in terms if term.value in {"jetable.example", "crypto"}
    )


def test_a_few_were_passed_on_to_the_director_with_a_note(busy: list[Comment]):
    decisions = Decision.objects.filter(action="escalate").select_related("comment", "evidence")
    assert decisions.count() == 3
    for decision in decisions:
        assert decision.comment.escalated_at == decision.decided_at > decision.comment.submitted_at
        assert decision.evidence.explanation
        assert decision.comment.version == 2


def test_growing_again_asks_the_director_nothing_more(busy: list[Comment]):
    call_command("demo", comments=2_800, verbosity=0)
    assert Comment.objects.pending().count() == round(flood.SHARE * 2_800)
    assert Comment.objects.filter(lane="escalated").count() == 3
    assert_lanes_are_true()


def test_what_was_refused_has_a_fitting_reason_and_the_findings_of_its_time(busy: list[Comment]):
    refused = Decision.objects.exclude(reason="").select_related("evidence", "comment")
    assert {"insult", "hate", "off_topic", "advertising", "personal_data"} <= {each.reason for each in refused}
    links = [each for each in refused if "https://" in each.evidence.body]
    assert {each.reason for each in links} == {"advertising"}
    for decision in refused:
        findings = list(decision.comment.findings.order_by("pk").values("rule", "detail"))
        assert decision.evidence.findings == findings


def test_some_people_were_published_once_and_refused_another_time(busy: list[Comment]):
    approved, rejected = (
        set(Comment.objects.filter(status=status).values_list("author_email", flat=True))
        for status in ("approved", "rejected")
    )
    assert approved & rejected & {comment.author_email for comment in busy}
