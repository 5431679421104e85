"""The verb of moderators: decide. Every door calls it: admin today, commands and mail tomorrow.

Status, `Decision`, `Evidence` and the article's counts change in one transaction or not at all,
and a decision names the version that it judged.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import freshness, popularity
from comments import charter, counters, pen, rendering
from comments.models import EXPLANATION_LENGTH, Comment, Decision, Evidence
from multitude.caching import LISTS, purge
from multitude.transactions import act

Status = Comment.Status
Action = Decision.Action
Reason = Decision.Reason

NEEDS_REASON = frozenset({Action.REJECT, Action.REMOVE})
EXPLAINED = NEEDS_REASON | {Action.ESCALATE, Action.REDACT}
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
_REWRITTEN = ("body", "body_html", "redacted_at")
SOURCES: dict[Action, frozenset[Comment.Status]] = {
    Action.APPROVE: frozenset({Status.PENDING}),
    Action.REJECT: frozenset({Status.PENDING}),
    Action.MARK_AS_SPAM: frozenset({Status.PENDING}),
    Action.REMOVE: frozenset({Status.APPROVED}),
    Action.RETURN_TO_QUEUE: frozenset({Status.APPROVED, Status.REJECTED, Status.SPAM, Status.REMOVED}),
    Action.ESCALATE: frozenset({Status.PENDING}),
    Action.REDACT: frozenset({Status.PENDING, Status.APPROVED}),
}


class DecisionRefused(Exception):
    """The decision was not taken, and nothing changed; its text says why, in French."""


class ReasonMissing(DecisionRefused):
    """A refusal or a removal came without a known reason, `other` without an explanation, or an escalation without a note."""


class AlreadyDecided(DecisionRefused):
    """The comment is no longer what the moderator saw: a colleague was faster."""


class DirectorNeeded(DecisionRefused):
    """The comment was passed on to the publication director, and somebody else decides."""


class TextRefused(DecisionRefused):
    """A redaction does more to the text than to mask passages, or masks none."""


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


@act()
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
    """Take a decision on one comment and return its row.

    `seen_version` is the version that the moderator had before their eyes; None checks the
    comment's status alone. `moderator` is None when a command decides, or a rule, which `rule` then names.

    REDACT keeps the status and masks passages: `text` is the comment's with «[…]» in their place. UNDO takes the last
    decision back: the comment stands again as it stood before, its text included.

    Raises ReasonMissing, AlreadyDecided, DirectorNeeded, TextRefused, NothingToUndo, or Comment.DoesNotExist.
    """
    action = Action(action)
    check_reason(action, reason, explanation)
    comment = Comment.objects.select_for_update().get(pk=comment_id)
    if seen_version not in {None, comment.version}:
        raise AlreadyDecided(_what_happened(comment, moderator))
    now = timezone.now()
    after = _undone(comment) if action == Action.UNDO else _decided(comment, action, moderator, text, now)
    _check_director(comment, action, moderator)
    decision = Decision.objects.create(
        comment=comment,
        action=action,
        reason=reason if action in NEEDS_REASON else "",
        from_status=comment.status,
        to_status=after.status,
        version=comment.version,
        moderator=moderator,
        rule="" if moderator else rule,
        charter_id=charter.in_force(),
        decided_at=now,
    )
    Evidence.objects.create(
        decision=decision,
        author_name=comment.author_name,
        body=comment.body,
        findings=list(comment.findings.order_by("pk").values("rule", "detail")),
        explanation=explanation.strip() if action in EXPLAINED else "",
    )
    _change(comment, after, now)
    purge(freshness.page(comment.article_id), LISTS)
    return decision


@dataclass(frozen=True)
class _Standing:
    """Where a comment stands: its status, since when it waits for the publication director, its text and since when it is redacted."""

    status: Status
    escalated_at: datetime | None
    body: str
    redacted_at: datetime | None


type _Dates = tuple[datetime | None, datetime | None]


def _decided(comment: Comment, action: Action, moderator: User | None, text: str, now: datetime) -> _Standing:
    """Return where an action leads; raises AlreadyDecided where it does not begin from here, or TextRefused."""
    if comment.status not in SOURCES[action] or (action == Action.ESCALATE and comment.escalated_at):
        raise AlreadyDecided(_what_happened(comment, moderator))
    if action == Action.REDACT:
        return _Standing(Status(comment.status), comment.escalated_at, _redacted(comment, text), now)
    return _Standing(TARGETS[action], now if action == Action.ESCALATE else None, comment.body, comment.redacted_at)


def _redacted(comment: Comment, text: str) -> str:
    """Return the comment's text with the passages masked that `text` masks; raises TextRefused."""
    try:
        return pen.redacted(comment.body, text)
    except pen.NotRedacted as error:
        raise TextRefused(str(error)) from error


def _undone(comment: Comment) -> _Standing:
    """Return where the comment stood before its last decision; raises NothingToUndo."""
    decisions = list(comment.decisions.order_by("version"))
    if not decisions or decisions[-1].action == Action.UNDO or decisions[-1].to_status != comment.status:
        raise NothingToUndo(_("Commentaire de %(name)s : aucune décision à annuler.") % {"name": comment.author_name})
    last = decisions[-1]
    escalated_at, redacted_at = _dates_before_the_last(decisions)
    body = last.evidence.body if last.action == Action.REDACT else comment.body
    return _Standing(Status(last.from_status), escalated_at, body, redacted_at)


def _dates_before_the_last(decisions: list[Decision]) -> _Dates:
    """Return since when a comment waited for the director, and was redacted, before the last of its decisions."""
    before: _Dates = None, None
    after: _Dates = None, None
    for decision in decisions:
        start = after
        match decision.action:
            case Action.ESCALATE:
                after = decision.decided_at, start[1]
            case Action.REDACT:
                after = start[0], decision.decided_at
            case Action.UNDO:
                after = before
            case _:
                after = None, start[1]
        before = start
    return before


def _check_director(comment: Comment, action: Action, moderator: User | None) -> None:
    """Leave what was passed on to those who may; whoever passed it on may think again."""
    if comment.escalated_at is None or moderator is None or moderator.has_perm(DIRECTOR):
        return
    if action == Action.UNDO and comment.decisions.order_by("-version")[0].moderator_id == moderator.pk:
        return
    raise DirectorNeeded(
        _("Commentaire de %(name)s : il a été transmis à la direction de la publication, qui seule en décide.")
        % {"name": comment.author_name}
    )


def _change(comment: Comment, after: _Standing, now: datetime) -> None:
    """Write where the comment stands with the HTML that goes with it, and count it on the day of its first approval."""
    source, comment.status = comment.status, after.status
    lane = comment.lane
    comment.decided_at = None if after.status == Status.PENDING else now
    comment.escalated_at = after.escalated_at
    comment.version += 1
    is_rewritten = after.body != comment.body
    if is_rewritten:
        comment.body, comment.body_html = after.body, rendering.render(after.body)
        comment.redacted_at = after.redacted_at
    if after.status == Status.APPROVED and comment.first_approved_at is None:
        comment.first_approved_at = now
    if {source, after.status} & {Status.APPROVED}:
        comment.public_html = rendering.render_public(comment, rendering.stored_replies(comment))
    if after.status != Status.APPROVED:
        comment.selected_rank = None
    comment.save(update_fields=[*_CHANGED, *(_REWRITTEN if is_rewritten else ())])
    if {source, after.status} & {Status.APPROVED}:
        _show(comment, (after.status == Status.APPROVED) - (source == Status.APPROVED))
    counters.move(out_of=lane, into=comment.lane)


def _show(comment: Comment, difference: int) -> None:
    """Count a comment that appears or disappears, and have the one that it answers show it as it is, or no longer."""
    if comment.parent_id:
        rendering.refresh(comment.parent_id)
    if difference and comment.first_approved_at:
        day = popularity.day_of(comment.first_approved_at)
        popularity.count(article_id=comment.article_id, day=day, comments=difference)


def _what_happened(comment: Comment, moderator: User | None) -> str:
    """Say who was faster, and with what outcome."""
    last = comment.decisions.select_related("moderator").last()
    facts = {"name": comment.author_name, "status": comment.get_status_display()}
    if last is None:
        return (
            _("Commentaire de %(name)s : cette décision ne convient pas à son état (%(status)s). Rien n’a changé.")
            % facts
        )
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
