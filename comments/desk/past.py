"""What was decided of a comment before, in words: beside each comment of the queue, and in full on its own page."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from comments import evidence
from comments.models import Comment, Decision
from multitude.people import name_of

# How many decisions stand beside a comment of the queue.
LAST = 3


@dataclass(frozen=True)
class Entry:
    """One decision: itself, who took it, and what the screening had noticed by then."""

    decision: Decision
    who: str
    findings: list[str]


def of(comment: Comment) -> list[Entry]:
    """Return every decision on a comment with what it judged, the oldest first."""
    decisions = comment.decisions.select_related("moderator", "evidence", "charter")
    return [
        Entry(decision, who(decision), [evidence.finding_in_words(one) for one in decision.evidence.findings])
        for decision in decisions
    ]


@dataclass(frozen=True)
class Past:
    """The last decisions on a comment, the newest first."""

    entries: list[Entry]
    has_more: bool


def bring_last(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Bring the last decisions on each comment along, in one query for all; `last_of` then tells them."""
    decisions = Decision.objects.select_related("moderator", "evidence").defer("evidence__body")
    newest_first = decisions.order_by("-version")[: LAST + 1]
    return comments.prefetch_related(Prefetch("decisions", newest_first, to_attr="last_decisions"))


def last_of(comment: Comment) -> Past | None:
    """Return what `bring_last` brought; None where nothing was decided yet, or nobody asked."""
    decisions: list[Decision] = getattr(comment, "last_decisions", [])
    if not decisions:
        return None
    return Past([Entry(decision, who(decision), []) for decision in decisions[:LAST]], len(decisions) > LAST)


def who(decision: Decision) -> str:
    """Say who took a decision: a moderator, or the command or the rule that did."""
    return name_of(decision.moderator) if decision.moderator else evidence.words_of(decision.rule)
