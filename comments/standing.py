"""Where a comment stands, and where a decision leads it: nothing here asks the database, nothing changes it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import pen, rendering, rights
from comments.models import EXPLANATION_LENGTH, Comment, Decision
from multitude.people import name_of

Status = Comment.Status
Action = Decision.Action
Reason = Decision.Reason

NEEDS_REASON = frozenset({Action.REJECT, Action.REMOVE})
EXPLAINED = NEEDS_REASON | {Action.ESCALATE, Action.REDACT}
TARGETS: dict[Action, Comment.Status] = {
    Action.APPROVE: Status.APPROVED,
    Action.REJECT: Status.REJECTED,
    Action.MARK_AS_SPAM: Status.SPAM,
    Action.REMOVE: Status.REMOVED,
    Action.RETURN_TO_QUEUE: Status.PENDING,
    Action.ESCALATE: Status.PENDING,
}
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
        if reason == Reason.OTHER and not rendering.has_words(explanation):
            raise ReasonMissing(_("Le motif « autre » demande une explication."))
    elif action == Action.ESCALATE and not rendering.has_words(explanation):
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
class Standing:
    """Where a comment stands: its status, since when it waits for the director, its text and since when that is redacted."""

    status: Status
    escalated_at: datetime | None
    body: str
    redacted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants to decide, and when: `text` is a redaction's."""

    action: Action
    moderator: User | None
    text: str
    now: datetime


def after(comment: Comment, wanted: Wanted, seen_version: int | None, past: list[Decision]) -> Standing:
    """Return where the comment then stands; raises a DecisionRefused where the action does not begin from here, or is not theirs.

    `past` are the decisions on it, the last one first; for UNDO, with their evidence.
    """
    if seen_version not in {None, comment.version}:
        raise AlreadyDecided(_what_happened(comment, wanted.moderator, past))
    # Who saw the comment as it is was not too late: the action does not suit it.
    overtaken_by = past if seen_version is None else []
    standing = _undone(comment, past) if wanted.action == Action.UNDO else _decided(comment, wanted, overtaken_by)
    _check_director(comment, wanted, past)
    return standing


def _decided(comment: Comment, wanted: Wanted, past: list[Decision]) -> Standing:
    action = wanted.action
    if comment.status not in SOURCES[action] or (action == Action.ESCALATE and comment.escalated_at):
        raise AlreadyDecided(_what_happened(comment, wanted.moderator, past))
    if action == Action.REDACT:
        try:
            body = pen.redacted(comment.body, wanted.text)
        except pen.NotRedacted as error:
            raise TextRefused(str(error)) from error
        return Standing(Status(comment.status), comment.escalated_at, body, wanted.now)
    escalated_at = wanted.now if action == Action.ESCALATE else None
    return Standing(TARGETS[action], escalated_at, comment.body, comment.redacted_at)


def _undone(comment: Comment, past: list[Decision]) -> Standing:
    """Return where the comment stood before its last decision; raises NothingToUndo."""
    if not _has_to_undo(comment, past):
        raise NothingToUndo(_("Commentaire de %(name)s : aucune décision à annuler.") % {"name": comment.author_name})
    last = past[0]
    escalated_at, redacted_at = _dates_before_the_last(past[::-1])
    body = last.evidence.body if last.action == Action.REDACT else comment.body
    return Standing(Status(last.from_status), escalated_at, body, redacted_at)


def _dates_before_the_last(decisions: list[Decision]) -> tuple[datetime | None, datetime | None]:
    """Return since when a comment waited for the director, and was redacted, before the last of its decisions."""
    before: tuple[datetime | None, datetime | None] = None, None
    now = before
    for decision in decisions:
        escalated_at, redacted_at = now
        then: tuple[datetime | None, datetime | None]
        match decision.action:
            case Action.ESCALATE:
                then = decision.decided_at, redacted_at
            case Action.REDACT:
                then = escalated_at, decision.decided_at
            case Action.UNDO:
                then = before
            case _:
                then = None, redacted_at
        before, now = now, then
    return before


def _check_director(comment: Comment, wanted: Wanted, past: list[Decision]) -> None:
    """Leave what was passed on to those who may; whoever passed it on may think again."""
    moderator = wanted.moderator
    if moderator is None or is_theirs(moderator, past) or (wanted.action == Action.UNDO and _is_own(moderator, past)):
        return
    raise DirectorNeeded(
        _("Commentaire de %(name)s : il a été transmis à la direction de la publication, qui seule en décide.")
        % {"name": comment.author_name}
    )


def is_theirs(moderator: User, past: list[Decision]) -> bool:
    """Tell whether a comment is somebody's to decide: not passed on to the director, or they are one."""
    return moderator.has_perm(rights.DIRECT) or not is_passed_on(past)


def may_undo(comment: Comment, moderator: User, past: list[Decision]) -> bool:
    """Tell whether somebody can take the last decision on a comment back; `past` needs no evidence."""
    return _has_to_undo(comment, past) and (is_theirs(moderator, past) or _is_own(moderator, past))


def _has_to_undo(comment: Comment, past: list[Decision]) -> bool:
    return bool(past) and past[0].action != Action.UNDO and past[0].to_status == comment.status


def _is_own(moderator: User, past: list[Decision]) -> bool:
    return past[0].moderator_id == moderator.pk


def is_passed_on(past: list[Decision]) -> bool:
    """Tell whether a comment is the director's to decide: passed on, and not given back to the queue since.

    `past` are the decisions on it, the last one first.
    """
    is_undone = False
    for decision in past:
        if decision.action == Action.UNDO:
            is_undone = True
        elif is_undone:
            is_undone = False
        elif decision.action in {Action.ESCALATE, Action.RETURN_TO_QUEUE}:
            return decision.action == Action.ESCALATE
    return False


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
    facts["colleague"] = name_of(last.moderator) if last.moderator else _("une commande")
    facts["time"] = timezone.localtime(last.decided_at).strftime("%d/%m/%Y %H:%M")
    return (
        _("Commentaire de %(name)s : %(colleague)s a été plus rapide (%(status)s, le %(time)s). Rien n’a changé.")
        % facts
    )
