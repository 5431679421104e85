"""The verb of moderators: decide. Every door calls it: admin today, commands and mail tomorrow.

Status, `Decision`, `Evidence` and the counts change in one transaction or not at all, and a decision
names the version that it judged. One comment or a thousand take the same way and as many queries.
Where a decision leads, and why it is refused, is in `comments.standing`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import User

from articles import freshness, popularity
from comments import charter, counters, rendering, standing
from comments.models import Comment, Decision, Evidence, Finding
from comments.standing import (
    EXPLAINED,
    NEEDS_REASON,
    AlreadyDecided,
    DecisionRefused,
    DirectorNeeded,
    NothingToUndo,
    ReasonMissing,
    Standing,
    TextRefused,
    Wanted,
    check_reason,
    open_to,
)
from multitude import bulk, clock
from multitude.caching import LISTS, purge
from multitude.sight import journal
from multitude.transactions import act

__all__ = [
    "AlreadyDecided",
    "DecisionRefused",
    "DirectorNeeded",
    "NothingToUndo",
    "Outcome",
    "ReasonMissing",
    "TextRefused",
    "check_reason",
    "decide",
    "decide_all",
    "locked",
    "open_to",
]

Status = Comment.Status
Action = Decision.Action

# What stands for a moderator where a command decides.
COMMAND = "command"
_CHANGED = ("status", "decided_at", "escalated_at", "first_approved_at", "version", "selected_rank", "public_html")
_REWRITTEN = ("body", "body_html", "redacted_at")


@dataclass(frozen=True)
class Outcome:
    """What became of the comments that one decided about: the decisions taken, and why the others were not, by key."""

    taken: list[Decision] = field(default_factory=list)
    refused: dict[int, DecisionRefused] = field(default_factory=dict)


def decide(
    *,
    comment_id: int,
    action: Action,
    moderator: User | None,
    reason: str = "",
    explanation: str = "",
    text: str = "",
    seen_version: int | None = None,
    rule: str = COMMAND,
) -> Decision:
    """Take a decision on one comment and return its row; the arguments are those of `decide_all`.

    Raises ReasonMissing, AlreadyDecided, DirectorNeeded, TextRefused, NothingToUndo, or Comment.DoesNotExist.
    """
    outcome = decide_all(
        {comment_id: seen_version},
        action=action,
        moderator=moderator,
        reason=reason,
        explanation=explanation,
        text=text,
        rule=rule,
    )
    for refusal in outcome.refused.values():
        raise refusal
    for decision in outcome.taken:
        return decision
    raise Comment.DoesNotExist


@act()
def decide_all(
    seen: Mapping[int, int | None],
    *,
    action: Action,
    moderator: User | None,
    reason: str = "",
    explanation: str = "",
    text: str = "",
    rule: str = COMMAND,
) -> Outcome:
    """Take the same decision on each of some comments, in one transaction, and tell what became of each.

    `seen` names the comments by their keys, with the version of each that the moderator had before their eyes; None
    checks its status alone. A comment that is not there is passed over. `moderator` is None when a command decides, or
    a rule, which `rule` then names.

    REDACT keeps the status and masks passages: `text` is the comment's with «[…]» in their place. UNDO takes the last
    decision back: the comment stands again as it stood before, its text included, but for its place in the selection.

    Raises ReasonMissing, and then nothing was decided.
    """
    action = Action(action)
    check_reason(action, reason, explanation)
    wanted = Wanted(action=action, moderator=moderator, text=text, now=clock.now())
    comments = locked(seen)
    past = _past([comment for pk, comment in comments.items() if pk in seen], has_evidence=action == Action.UNDO)
    outcome = Outcome()
    moves = []
    for pk in sorted(seen.keys() & comments.keys()):
        try:
            after = standing.after(comments[pk], wanted, seen[pk], past[pk])
        except DecisionRefused as refusal:
            outcome.refused[pk] = refusal
        else:
            moves.append(_Move(comments[pk], after))
    if moves:
        taken = Decision(action=action, moderator=moderator, rule="" if moderator else rule, decided_at=wanted.now)
        taken.reason = reason if action in NEEDS_REASON else ""
        outcome.taken.extend(_record(moves, taken, explanation.strip() if action in EXPLAINED else ""))
        _carry_out(moves, comments, wanted)
        journal.act(
            f"comment.{action}",
            count=len(moves),
            comment=moves[0].comment.pk if len(moves) == 1 else None,
            reason=taken.reason or None,
            user=moderator.pk if moderator else None,
            rule=taken.rule or None,
        )
    return outcome


def locked(keys: Collection[int]) -> dict[int, Comment]:
    """Lock comments and what they answer, in the order of their keys, so that no two acts wait for each other.

    The lock leaves their keys alone: a reply that a reader sends meanwhile refers to one, and is not held up.
    """
    meant = Comment.objects.filter(pk__in=keys).order_by()
    answered = meant.filter(parent__isnull=False)
    # Not two conditions with an «or» between them: PostgreSQL would read every comment there is.
    either = meant.values_list("pk").union(answered.values_list("parent"))
    wanted = Comment.objects.filter(pk__in=either).order_by("pk")
    return {comment.pk: comment for comment in wanted.select_for_update(no_key=True)}


def _past(comments: Iterable[Comment], *, has_evidence: bool) -> dict[int, list[Decision]]:
    """Return the decisions on each comment, the last one first, with their evidence if asked for."""
    past: dict[int, list[Decision]] = defaultdict(list)
    if decided := [comment.pk for comment in comments if comment.version > 1]:
        rows = Decision.objects.filter(comment__in=decided).select_related("moderator")
        rows = rows.select_related("evidence") if has_evidence else rows
        for decision in rows.order_by("comment_id", "-version"):
            past[decision.comment_id].append(decision)
    return past


@dataclass(frozen=True)
class _Move:
    """A comment that stands elsewhere after the decision."""

    comment: Comment
    after: Standing


def _record(moves: list[_Move], taken: Decision, explanation: str) -> list[Decision]:
    """Store a decision on each comment, with what it judged."""
    charter_id = charter.in_force()
    decisions = Decision.objects.bulk_create(
        Decision(
            comment=move.comment,
            action=taken.action,
            reason=taken.reason,
            from_status=move.comment.status,
            to_status=move.after.status,
            version=move.comment.version,
            moderator=taken.moderator,
            rule=taken.rule,
            charter_id=charter_id,
            decided_at=taken.decided_at,
        )
        for move in moves
    )
    findings: dict[int, list[dict[str, str]]] = defaultdict(list)
    found = Finding.objects.filter(comment__in=[move.comment.pk for move in moves]).order_by("pk")
    for comment_id, name, detail in found.values_list("comment_id", "rule", "detail"):
        findings[comment_id].append({"rule": name, "detail": detail})
    Evidence.objects.bulk_create(
        Evidence(
            decision=decision,
            author_name=decision.comment.author_name,
            body=decision.comment.body,
            findings=findings[decision.comment_id],
            explanation=explanation,
        )
        for decision in decisions
    )
    return decisions


def _carry_out(moves: list[_Move], comments: dict[int, Comment], wanted: Wanted) -> None:
    """Write where the comments stand with the HTML that goes with it, count them, and have their pages made anew."""
    lanes: Counter[str] = Counter()
    shown: Counter[tuple[int, date]] = Counter()
    turned, is_rewritten = [], wanted.action in {Action.REDACT, Action.UNDO}
    for move in moves:
        comment, after = move.comment, move.after
        lanes[comment.current_lane] -= 1
        difference = (after.status == Status.APPROVED) - (comment.status == Status.APPROVED)
        comment.status = after.status
        comment.decided_at = None if after.status == Status.PENDING else wanted.now
        comment.escalated_at = after.escalated_at
        comment.version += 1
        if after.body != comment.body:
            comment.body, comment.body_html = after.body, rendering.render(after.body)
        comment.redacted_at = after.redacted_at
        if after.status == Status.APPROVED:
            comment.first_approved_at = comment.first_approved_at or wanted.now
        else:
            comment.selected_rank = None
        lanes[comment.current_lane] += 1
        if difference or is_rewritten:
            turned.append(comment)
        if difference and comment.first_approved_at:
            shown[comment.article_id, popularity.day_of(comment.first_approved_at)] += difference
    written = {move.comment.pk: move.comment for move in moves} | rendering.show(turned, comments)
    names = (*_CHANGED, *(_REWRITTEN if is_rewritten else ()))
    bulk.update(Comment, names, [[getattr(written[pk], name) for name in ("pk", *names)] for pk in sorted(written)])
    popularity.count_comments(shown)
    purge(LISTS, *{freshness.page(move.comment.article_id) for move in moves})
    counters.add({lane: number for lane, number in lanes.items() if number})
