"""The verb of moderators: decide. Every door calls it: admin today, commands and mail tomorrow.

Status, `Decision`, `Evidence` and the counts change in one transaction or not at all, and a decision
names the version that it judged. One comment or a thousand take the same way and as many queries.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import freshness, popularity
from comments import charter, counters, rendering
from comments.models import EXPLANATION_LENGTH, Comment, Decision, Evidence, Finding
from multitude import bulk
from multitude.caching import LISTS, purge
from multitude.transactions import act

Status = Comment.Status
Action = Decision.Action
Reason = Decision.Reason

NEEDS_REASON = frozenset({Action.REJECT, Action.REMOVE})
EXPLAINED = NEEDS_REASON | {Action.ESCALATE}
# What stands for a moderator where a command decides.
COMMAND = "command"
# The permission of the publication director, without whom nobody decides on what was passed on to them.
DIRECTOR = "comments.decide_escalated_comment"
TARGETS: dict[Action, Comment.Status] = {
    Action.APPROVE: Status.APPROVED,
    Action.REJECT: Status.REJECTED,
    Action.MARK_AS_SPAM: Status.SPAM,
    Action.REMOVE: Status.REMOVED,
    Action.RETURN_TO_QUEUE: Status.PENDING,
    Action.ESCALATE: Status.PENDING,
}
_CHANGED = ("status", "decided_at", "escalated_at", "first_approved_at", "version", "selected_rank", "public_html")
SOURCES: dict[Action, frozenset[Comment.Status]] = {
    Action.APPROVE: frozenset({Status.PENDING}),
    Action.REJECT: frozenset({Status.PENDING}),
    Action.MARK_AS_SPAM: frozenset({Status.PENDING}),
    Action.REMOVE: frozenset({Status.APPROVED}),
    Action.RETURN_TO_QUEUE: frozenset({Status.APPROVED, Status.REJECTED, Status.SPAM, Status.REMOVED}),
    Action.ESCALATE: frozenset({Status.PENDING}),
}


class DecisionRefused(Exception):
    """The decision was not taken, and nothing changed; its text says why, in French."""


class ReasonMissing(DecisionRefused):
    """A refusal or a removal came without a known reason, `other` without an explanation, or an escalation without a note."""


class AlreadyDecided(DecisionRefused):
    """The comment is no longer what the moderator saw: a colleague was faster."""


class DirectorNeeded(DecisionRefused):
    """The comment was passed on to the publication director, and somebody else decides."""


class NothingToUndo(DecisionRefused):
    """No decision was taken on the comment, or the last one has been taken back already."""


def check_reason(action: Action, reason: str, explanation: str) -> None:
    """Raise ReasonMissing unless the action has the reason, or the note, that it needs."""
    if action in NEEDS_REASON:
        if reason not in Reason:
            raise ReasonMissing(_("Choisissez un motif : un refus ou un retrait en a toujours un."))
        if reason == Reason.OTHER and not explanation.strip():
            raise ReasonMissing(_("Le motif « autre » demande une explication."))
    elif action == Action.ESCALATE and not explanation.strip():
        raise ReasonMissing(_("Écrivez à la direction ce qui vous fait hésiter."))
    if action in EXPLAINED and len(explanation) > EXPLANATION_LENGTH:
        raise ReasonMissing(_("L’explication dépasse 1 000 caractères."))


def open_to(comment: Comment) -> list[Action]:
    """Return the actions that can begin from where a comment stands; whether a decision can be undone is not looked up."""
    return [
        action
        for action, sources in SOURCES.items()
        if comment.status in sources and not (action == Action.ESCALATE and comment.escalated_at)
    ]


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
    seen_version: int | None = None,
    rule: str = COMMAND,
) -> Decision:
    """Take a decision on one comment and return its row; the arguments are those of `decide_all`.

    Raises ReasonMissing, AlreadyDecided, DirectorNeeded, NothingToUndo, or Comment.DoesNotExist.
    """
    outcome = decide_all(
        {comment_id: seen_version},
        action=action,
        moderator=moderator,
        reason=reason,
        explanation=explanation,
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
    rule: str = COMMAND,
) -> Outcome:
    """Take the same decision on each of some comments, in one transaction, and tell what became of each.

    `seen` names the comments by their keys, with the version of each that the moderator had before their eyes; None
    checks its status alone. A comment that is not there is passed over. `moderator` is None when a command decides, or
    a rule, which `rule` then names.

    UNDO takes the last decision back: the comment stands again as it stood before.

    Raises ReasonMissing, and then nothing was decided.
    """
    action = Action(action)
    check_reason(action, reason, explanation)
    comments = _locked(seen)
    past = _past(comment for pk, comment in comments.items() if pk in seen)
    outcome = Outcome()
    moves = []
    for pk in sorted(seen.keys() & comments.keys()):
        try:
            after = _after(comments[pk], action, moderator, seen[pk], past[pk])
        except DecisionRefused as refusal:
            outcome.refused[pk] = refusal
        else:
            moves.append(_Move(comments[pk], after))
    if moves:
        now = timezone.now()
        taken = Decision(action=action, moderator=moderator, rule="" if moderator else rule, decided_at=now)
        taken.reason = reason if action in NEEDS_REASON else ""
        outcome.taken.extend(_record(moves, taken, explanation.strip() if action in EXPLAINED else ""))
        _carry_out(moves, comments, now)
    return outcome


def _locked(seen: Collection[int]) -> dict[int, Comment]:
    """Lock comments and what they answer, in the order of their keys, so that no two acts wait for each other."""
    answered = Comment.objects.filter(pk__in=seen, parent__isnull=False).values("parent")
    wanted = Comment.objects.filter(Q(pk__in=seen) | Q(pk__in=answered)).order_by("pk")
    return {comment.pk: comment for comment in wanted.select_for_update()}


def _past(comments: Iterable[Comment]) -> dict[int, list[Decision]]:
    """Return the decisions on each comment, the last one first."""
    past: dict[int, list[Decision]] = defaultdict(list)
    if decided := [comment.pk for comment in comments if comment.version > 1]:
        rows = Decision.objects.filter(comment__in=decided).select_related("moderator")
        for decision in rows.order_by("comment_id", "-version"):
            past[decision.comment_id].append(decision)
    return past


@dataclass(frozen=True)
class _Standing:
    """Where a comment stands: its status, and whether it waits for the publication director."""

    status: Status
    is_escalated: bool = False


@dataclass(frozen=True)
class _Move:
    """A comment that stands elsewhere after the decision."""

    comment: Comment
    after: _Standing


def _after(
    comment: Comment, action: Action, moderator: User | None, seen_version: int | None, past: list[Decision]
) -> _Standing:
    """Return where an action leads; raises a DecisionRefused where it does not begin from here, or is not theirs."""
    if seen_version not in {None, comment.version}:
        raise AlreadyDecided(_what_happened(comment, moderator, past))
    if action == Action.UNDO:
        after = _undone(comment, past)
    elif comment.status in SOURCES[action] and not (action == Action.ESCALATE and comment.escalated_at):
        after = _Standing(TARGETS[action], is_escalated=action == Action.ESCALATE)
    else:
        raise AlreadyDecided(_what_happened(comment, moderator, past))
    _check_director(comment, action, moderator, past)
    return after


def _undone(comment: Comment, past: list[Decision]) -> _Standing:
    """Return where the comment stood before its last decision; raises NothingToUndo."""
    if not past or past[0].action == Action.UNDO or past[0].to_status != comment.status:
        raise NothingToUndo(_("Commentaire de %(name)s : aucune décision à annuler.") % {"name": comment.author_name})
    was_escalated = len(past) > 1 and past[1].action == Action.ESCALATE
    return _Standing(Status(past[0].from_status), is_escalated=was_escalated)


def _check_director(comment: Comment, action: Action, moderator: User | None, past: list[Decision]) -> None:
    """Leave what was passed on to those who may; whoever passed it on may think again."""
    if comment.escalated_at is None or moderator is None or moderator.has_perm(DIRECTOR):
        return
    if action == Action.UNDO and past[0].moderator_id == moderator.pk:
        return
    raise DirectorNeeded(
        _("Commentaire de %(name)s : il a été transmis à la direction de la publication, qui seule en décide.")
        % {"name": comment.author_name}
    )


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


def _carry_out(moves: list[_Move], comments: dict[int, Comment], now: datetime) -> None:
    """Write where the comments stand with the HTML that goes with it, count them, and have their pages made anew."""
    lanes: Counter[str] = Counter()
    shown: Counter[tuple[int, date]] = Counter()
    turned = []
    for move in moves:
        comment, after = move.comment, move.after
        lanes[comment.current_lane] -= 1
        difference = (after.status == Status.APPROVED) - (comment.status == Status.APPROVED)
        comment.status = after.status
        comment.decided_at = None if after.status == Status.PENDING else now
        comment.escalated_at = now if after.is_escalated else None
        comment.version += 1
        if after.status == Status.APPROVED:
            comment.first_approved_at = comment.first_approved_at or now
        else:
            comment.selected_rank = None
        lanes[comment.current_lane] += 1
        if difference:
            turned.append(comment)
        if difference and comment.first_approved_at:
            shown[comment.article_id, popularity.day_of(comment.first_approved_at)] += difference
    written = {move.comment.pk: move.comment for move in moves} | rendering.show(turned, comments)
    bulk.update(
        Comment, _CHANGED, [[getattr(written[pk], name) for name in ("pk", *_CHANGED)] for pk in sorted(written)]
    )
    popularity.count_comments(shown)
    purge(LISTS, *{freshness.page(move.comment.article_id) for move in moves})
    counters.add({lane: number for lane, number in lanes.items() if number})


def _what_happened(comment: Comment, moderator: User | None, past: list[Decision]) -> str:
    """Say who was faster, and with what outcome."""
    facts = {"name": comment.author_name, "status": comment.get_status_display()}
    if not past:
        return (
            _("Commentaire de %(name)s : cette décision ne convient pas à son état (%(status)s). Rien n’a changé.")
            % facts
        )
    last = past[0]
    if moderator is not None and last.moderator_id == moderator.pk:
        return _("Commentaire de %(name)s : vous avez déjà décidé (%(status)s). Rien n’a changé.") % facts
    facts["colleague"] = (last.moderator and (last.moderator.get_full_name() or last.moderator.get_username())) or _(
        "une commande"
    )
    facts["time"] = timezone.localtime(last.decided_at).strftime("%d/%m/%Y %H:%M")
    return (
        _("Commentaire de %(name)s : %(colleague)s a été plus rapide (%(status)s, le %(time)s). Rien n’a changé.")
        % facts
    )
