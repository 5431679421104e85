"""The verb of moderators: decide. Every door calls it: admin today, commands and mail tomorrow.

Status, `Decision`, `Evidence` and the article's counts change in one transaction or not at all,
and a decision names the version that it judged.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import freshness, popularity
from comments import rendering
from comments.models import EXPLANATION_LENGTH, Comment, Decision, Evidence
from multitude.caching import LISTS, purge
from multitude.transactions import act

Status = Comment.Status
Action = Decision.Action
Reason = Decision.Reason

NEEDS_REASON = frozenset({Action.REJECT, Action.REMOVE})
TARGETS: dict[Action, Comment.Status] = {
    Action.APPROVE: Status.APPROVED,
    Action.REJECT: Status.REJECTED,
    Action.MARK_AS_SPAM: Status.SPAM,
    Action.REMOVE: Status.REMOVED,
    Action.RETURN_TO_QUEUE: Status.PENDING,
}
SOURCES: dict[Action, frozenset[Comment.Status]] = {
    Action.APPROVE: frozenset({Status.PENDING}),
    Action.REJECT: frozenset({Status.PENDING}),
    Action.MARK_AS_SPAM: frozenset({Status.PENDING}),
    Action.REMOVE: frozenset({Status.APPROVED}),
    Action.RETURN_TO_QUEUE: frozenset({Status.APPROVED, Status.REJECTED, Status.SPAM, Status.REMOVED}),
}


class DecisionRefused(Exception):
    """The decision was not taken, and nothing changed; its text says why, in French."""


class ReasonMissing(DecisionRefused):
    """A refusal or a removal came without a known reason, or `other` without an explanation."""


class AlreadyDecided(DecisionRefused):
    """The comment is no longer what the moderator saw: a colleague was faster."""


def check_reason(action: Action, reason: str, explanation: str) -> None:
    """Raise ReasonMissing unless the action has the reason that it needs."""
    if action not in NEEDS_REASON:
        return
    if reason not in Reason:
        raise ReasonMissing(_("Choisissez un motif : un refus ou un retrait en a toujours un."))
    if reason == Reason.OTHER and not explanation.strip():
        raise ReasonMissing(_("Le motif « autre » demande une explication."))
    if len(explanation) > EXPLANATION_LENGTH:
        raise ReasonMissing(_("L’explication dépasse 1 000 caractères."))


@act()
def decide(
    *,
    comment_id: int,
    action: Action,
    moderator: User | None,
    reason: str = "",
    explanation: str = "",
    seen_version: int | None = None,
) -> Decision:
    """Take a decision on one comment and return its row.

    `seen_version` is the version that the moderator had before their eyes; None checks the
    comment's status alone. `moderator` is None when a command decides.

    Raises ReasonMissing, AlreadyDecided, or Comment.DoesNotExist.
    """
    action = Action(action)
    check_reason(action, reason, explanation)
    comment = Comment.objects.select_for_update().get(pk=comment_id)
    source = Status(comment.status)
    if source not in SOURCES[action] or seen_version not in {None, comment.version}:
        raise AlreadyDecided(_what_happened(comment, moderator))
    now = timezone.now()
    decision = Decision.objects.create(
        comment=comment,
        action=action,
        reason=reason if action in NEEDS_REASON else "",
        from_status=source,
        to_status=TARGETS[action],
        version=comment.version,
        moderator=moderator,
        decided_at=now,
    )
    Evidence.objects.create(
        decision=decision,
        author_name=comment.author_name,
        body=comment.body,
        explanation=explanation.strip() if action in NEEDS_REASON else "",
    )
    _change_status(comment, TARGETS[action], now)
    purge(freshness.page(comment.article_id), LISTS)
    return decision


def _change_status(comment: Comment, target: Comment.Status, now: datetime) -> None:
    """Write the status with the HTML that goes with it, and count the comment on the day of its first approval."""
    source, comment.status = comment.status, target
    comment.decided_at = None if target == Status.PENDING else now
    comment.version += 1
    if target == Status.APPROVED and comment.first_approved_at is None:
        comment.first_approved_at = now
    comment.public_html = rendering.render_public(comment, rendering.stored_replies(comment))
    comment.save(update_fields=["status", "decided_at", "first_approved_at", "version", "public_html"])
    if comment.parent_id:
        # The lock comes before the reading: two replies decided at once are both in what is written last.
        first = Comment.objects.select_for_update().get(pk=comment.parent_id)
        first.public_html = rendering.render_public(first, rendering.stored_replies(first))
        first.save(update_fields=["public_html"])
    difference = (target == Status.APPROVED) - (source == Status.APPROVED)
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
