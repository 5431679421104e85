"""Comments as the verbs would have left them, many at a time: submitted, decided, judged, shown and counted."""

import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Self

from django.db import transaction
from django.db.models import F

from articles import popularity
from comments import counters
from comments.models import BlockedTerm, Comment, Decision, Evidence, Finding, new_follow_up_key
from comments.moderation import COMMAND
from comments.rendering import render_public
from comments.standing import EXPLAINED, NEEDS_REASON, TARGETS
from multitude import bulk
from multitude.demo.moulds import SAMPLED_AT, day_of, labels, mark, mould

Action = Decision.Action
Status = Comment.Status
Lane = Comment.Lane

# The decisions that lead to each status.
STEPS: dict[str, tuple[Action, ...]] = {
    "pending": (),
    "approved": (Action.APPROVE,),
    "rejected": (Action.REJECT,),
    "spam": (Action.MARK_AS_SPAM,),
    "removed": (Action.APPROVE, Action.REMOVE),
}
ESCALATION = (Action.ESCALATE,)


@dataclass(slots=True, kw_only=True)
class DemoComment:
    """A comment where it now stands, with the instants of the decisions that led there."""

    article_id: int
    parent: Self | None = None
    """What it answers, written at the same time."""
    answered_key: int | None = None
    """What it answers, written before."""
    author_name: str
    author_email: str
    client_network: str
    body: str
    body_html: str
    status: str
    submitted_at: datetime
    decided_at: Sequence[datetime]
    reason: str = ""
    explanation: str = ""
    is_escalated: bool = False
    """Whether it waits for the publication director, to whom its only decision passed it on."""
    is_trapped: bool = False
    """Whether the field that no person sees was filled."""
    seconds_spent: float | None = None
    findings: Sequence[tuple[str, str]] = ()
    """The rules that noticed something, each with its detail."""
    is_suspect: bool = False
    terms: Sequence[int] = ()
    """The keys of the watched terms that match."""
    text_digest: str = ""
    key: int = 0
    public_html: str | None = None

    @property
    def is_approved(self) -> bool:
        """Whether readers see it."""
        return self.status == "approved"

    @property
    def first_approved_at(self) -> datetime | None:
        """The instant of the first approval, or None."""
        return self.decided_at[0] if Action.APPROVE in STEPS[self.status] else None

    @property
    def parent_key(self) -> int | None:
        """The key of what it answers, or None."""
        return self.parent.key if self.parent else self.answered_key

    @property
    def lane(self) -> str:
        """In which of the desk's lists it stands, as the database works it out."""
        if self.status != Status.PENDING:
            return self.status
        return Lane.ESCALATED if self.is_escalated else Lane.SUSPECT if self.is_suspect else Lane.PENDING

    @property
    def steps(self) -> Sequence[Action]:
        """The decisions that led where it stands."""
        return ESCALATION if self.is_escalated else STEPS[self.status]


@transaction.atomic
def write(comments: Sequence[DemoComment], *, moderator_id: int | None) -> None:
    """Write whole conversations with their decisions, evidence and counts, in the order in which they came."""
    comments = sorted(comments, key=lambda comment: comment.submitted_at)
    for comment, key in zip(comments, bulk.reserve_keys(Comment, len(comments)), strict=True):
        comment.key = key
    _render(comments)
    # Sorted, these random keys walk through their index once, instead of back and forth through all of it.
    follow_up_keys = sorted(new_follow_up_key() for _comment in comments)
    bulk.insert(Comment, _COMMENT, map(_comment_row, comments, follow_up_keys))
    _write_decisions(comments, moderator_id)
    rows = [(comment.key, rule, detail) for comment in comments for rule, detail in comment.findings]
    bulk.insert(Finding, ("comment_id", "rule", "detail"), rows)
    _count_terms(comments)
    popularity.count_comments(
        Counter((comment.article_id, day_of(comment.decided_at[0])) for comment in comments if comment.is_approved)
    )
    counters.add(Counter(comment.lane for comment in comments))


def _count_terms(comments: Sequence[DemoComment]) -> None:
    """Count for each watched term the comments that matched it, and when the last of them came."""
    matched = [(pk, comment.submitted_at) for comment in comments for pk in comment.terms]
    last = dict(matched)
    for pk, number in sorted(Counter(pk for pk, _at in matched).items()):
        BlockedTerm.objects.filter(pk=pk).update(match_count=F("match_count") + number, last_matched_at=last[pk])


# What threads show ---------------------------------------------------------------------------


def _render(comments: Sequence[DemoComment]) -> None:
    """Fill what threads show: replies first, since what stands above them holds them, oldest first."""
    replies: dict[int, list[str]] = defaultdict(list)
    for comment in comments:
        if comment.parent and (html := _html(comment, [])):
            comment.public_html = html
            replies[comment.parent.key].append(html)
    for comment in comments:
        if not comment.parent:
            comment.public_html = _html(comment, replies.get(comment.key, []))


def _html(comment: DemoComment, replies: Sequence[str]) -> str | None:
    fill = _mould(comment.is_approved, comment.parent is not None, len(replies))
    return fill and fill(
        key=comment.key,
        name=escape(comment.author_name),
        body=comment.body_html,
        **labels(comment.submitted_at),
        **{f"reply{number}": html for number, html in enumerate(replies)},
    )


@functools.cache
def _mould(is_approved: bool, is_reply: bool, replies: int) -> Callable[..., str] | None:
    """Return what gives the HTML of all comments of one shape, or None where a thread shows nothing."""
    sample = Comment(
        pk=mark("key"),
        parent_id=1 if is_reply else None,
        author_name=mark("name"),
        body_html=mark("body"),
        submitted_at=SAMPLED_AT,
        status=Status.APPROVED if is_approved else Status.REMOVED,
    )
    answers = [f"reply{number}" for number in range(replies)]
    html = render_public(sample, [mark(answer) for answer in answers])
    return mould(html, "key", "name", "body", *answers) if html else None


# Rows ----------------------------------------------------------------------------------------

_COMMENT = (
    "id",
    "article_id",
    "parent_id",
    "author_name",
    "author_email",
    "client_network",
    "body",
    "body_html",
    "public_html",
    "submitted_at",
    "status",
    "decided_at",
    "first_approved_at",
    "version",
    "escalated_at",
    "is_suspect",
    "text_digest",
    "follow_up_key",
)
_DECISION = (
    "id",
    "comment_id",
    "action",
    "reason",
    "from_status",
    "to_status",
    "version",
    "moderator_id",
    "rule",
    "decided_at",
)
_EVIDENCE = ("decision_id", "author_name", "body", "findings", "explanation")


def _comment_row(comment: DemoComment, follow_up_key: str) -> bulk.Row:
    last = comment.decided_at[-1] if comment.decided_at else None
    return (
        comment.key,
        comment.article_id,
        comment.parent_key,
        comment.author_name,
        comment.author_email,
        comment.client_network,
        comment.body,
        comment.body_html,
        comment.public_html,
        comment.submitted_at,
        comment.status,
        last if not comment.is_escalated else None,
        comment.first_approved_at,
        1 + len(comment.decided_at),
        last if comment.is_escalated else None,
        comment.is_suspect,
        comment.text_digest,
        follow_up_key,
    )


def _write_decisions(comments: Sequence[DemoComment], moderator_id: int | None) -> None:
    """Write the decisions, each with what it judged."""
    keys = iter(bulk.reserve_keys(Decision, sum(len(comment.decided_at) for comment in comments)))
    decisions, evidence = [], []
    for comment in comments:
        source = Status.PENDING.value
        findings = [{"rule": rule, "detail": detail} for rule, detail in comment.findings]
        for version, (action, at) in enumerate(zip(comment.steps, comment.decided_at, strict=True), start=1):
            key, target = next(keys), TARGETS[action].value
            reason = comment.reason if action in NEEDS_REASON else ""
            explanation = comment.explanation if action in EXPLAINED else ""
            who = (moderator_id, "" if moderator_id else COMMAND)
            decisions.append((key, comment.key, action.value, reason, source, target, version, *who, at))
            evidence.append((key, comment.author_name, comment.body, findings, explanation))
            source = target
    bulk.insert(Decision, _DECISION, decisions)
    bulk.insert(Evidence, _EVIDENCE, evidence)
