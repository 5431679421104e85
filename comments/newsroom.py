"""The newsroom's voice: it answers under an article, and chooses the comments that stand on top of a thread.

The verbs are called by the desk. Whether somebody may speak for the newsroom is the door's affair; what one may
answer or choose is what the public sees.
"""

import json
from dataclasses import dataclass

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count, Max
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles import freshness
from articles.models import Article
from comments import counters, house, moderation, rendering, threads
from comments.models import Comment, Decision
from comments.submission import REPEATED_WITHIN
from multitude import clock
from multitude.caching import purge
from multitude.prepared import Prepared
from multitude.sight import journal
from multitude.transactions import act

MOST_SELECTED = 5


class NotPublic(Exception):
    """What one would answer or choose is not, or no longer, before the public; the text says so, in French."""


class SelectionFull(Exception):
    """The article has as many chosen comments as there may be; the text says so, in French."""


def signature() -> str:
    """Return the name under which the newsroom answers."""
    return str(house.current().newsroom_name)


@act()
def answer(*, comment_id: int, body: str, moderator: User | None) -> Comment:
    """Publish the newsroom's answer to a public comment, once, and return it; a reply is answered beside it.

    `body` is in its normal form, as the form leaves it. The answer is a comment that whoever wrote it approves: its
    decision, its counts and its removal are those of any other. It needs no open form: closing is for readers.

    Raises NotPublic, or Comment.DoesNotExist.
    """
    answered = _held(comment_id)[comment_id]
    _check_public(answered)
    digest = _digest(answered, body, moderator)
    if (same := Comment.objects.filter(submission_digest=digest).first()) and _is_repeated(same):
        return same
    if same:
        same.submission_digest = None
        same.save(update_fields=["submission_digest"])
    comment = Comment.objects.create(
        article_id=answered.article_id,
        parent_id=answered.parent_id or answered.pk,
        author_name=signature(),
        body=body,
        body_html=rendering.render(body),
        submitted_at=clock.now(),
        is_newsroom=True,
        submission_digest=digest,
    )
    moderation.decide(comment_id=comment.pk, action=Decision.Action.APPROVE, moderator=moderator)
    # After the decision, which counts it out of the queue: lanes are always locked last and in their order.
    counters.add({Comment.Lane.PENDING: 1})
    comment.refresh_from_db()
    journal.act("comment.answer", comment=comment.pk, parent=comment_id, user=moderator.pk if moderator else None)
    return comment


def _is_repeated(comment: Comment) -> bool:
    """Tell whether sending the same again is a double click: the answer stands there, and has not for long."""
    return comment.is_approved and comment.submitted_at > clock.now() - REPEATED_WITHIN


def _digest(answered: Comment, body: str, moderator: User | None) -> str:
    """Return the HMAC of what makes two answers the same one."""
    identity = [answered.pk, body, moderator and moderator.pk]
    return salted_hmac("comments.newsroom", json.dumps(identity), algorithm="sha256").hexdigest()


def _check_public(comment: Comment) -> None:
    if not Comment.objects.approved().filter(pk=comment.pk).exists():
        raise NotPublic(
            _("Le commentaire de %(name)s n’est pas, ou n’est plus, en ligne.") % {"name": comment.author_name}
        )


# The selection ------------------------------------------------------------------------------


@act()
def select(*, comment_id: int, moderator: User | None) -> None:
    """Choose a public comment, after those of its article that are chosen already; choosing it twice changes nothing.

    Raises NotPublic, SelectionFull, or Comment.DoesNotExist.
    """
    held = _held(comment_id)
    comment = held[comment_id]
    _check_public(comment)
    # One at a time of an article, so that they are counted right.
    Article.objects.select_for_update(no_key=True).get(pk=comment.article_id)
    if comment.selected_rank is not None:
        return
    ranks = _chosen(comment.article_id).aggregate(number=Count("pk"), last=Max("selected_rank"))
    if ranks["number"] >= MOST_SELECTED:
        raise SelectionFull(
            _("La sélection de cet article compte déjà %(count)s commentaires : retirez-en un d’abord.")
            % {"count": MOST_SELECTED}
        )
    comment.selected_rank = (ranks["last"] or 0) + 1
    _show(comment, held, moderator, _("Choisi pour la sélection de la rédaction."))


@act()
def unselect(*, comment_id: int, moderator: User | None) -> None:
    """Take a comment out of the selection of its article. Raises Comment.DoesNotExist."""
    held = _held(comment_id)
    comment = held[comment_id]
    if comment.selected_rank is None:
        return
    comment.selected_rank = None
    _show(comment, held, moderator, _("Retiré de la sélection de la rédaction."))


@act()
def move(*, comment_id: int, by: int, moderator: User | None) -> None:
    """Move a chosen comment up (-1) or down (+1) in the selection; at its end it stays. Raises Comment.DoesNotExist."""
    comment = Comment.objects.get(pk=comment_id)
    locked = _chosen(comment.article_id).select_for_update(no_key=True).order_by("pk")
    chosen = sorted(locked, key=lambda one: (one.selected_rank or 0, one.pk))
    if comment not in chosen:
        return
    at = chosen.index(comment)
    if not 0 <= at + by < len(chosen):
        return
    one, other = chosen[at], chosen[at + by]
    one.selected_rank, other.selected_rank = other.selected_rank, one.selected_rank
    Comment.objects.bulk_update([one, other], ["selected_rank"])
    _say(comment, moderator, _("Déplacé dans la sélection de la rédaction."))


def _chosen(article_id: int) -> models.QuerySet[Comment]:
    return Comment.objects.filter(article_id=article_id, selected_rank__isnull=False)


def _held(comment_id: int) -> dict[int, Comment]:
    """Lock a comment and what it answers. Raises Comment.DoesNotExist."""
    held = moderation.locked([comment_id])
    if comment_id not in held:
        raise Comment.DoesNotExist
    return held


def _show(comment: Comment, held: dict[int, Comment], moderator: User | None, message: str) -> None:
    """Store a comment's new rank with what the thread then shows of it."""
    changed = rendering.show([comment], held)
    Comment.objects.bulk_update(changed.values(), ["selected_rank", "public_html"])
    _say(comment, moderator, message)


def _say(comment: Comment, moderator: User | None, message: str) -> None:
    """Log what changed, and have pages show it."""
    journal.act("comment.selection", comment=comment.pk, user=moderator.pk if moderator else None)
    if moderator:
        LogEntry.objects.log_actions(moderator.pk, [comment], CHANGE, message)
    purge(freshness.page(comment.article_id))


@dataclass(frozen=True)
class Chosen:
    """A comment of the selection as it stands on top of the thread, with the address of its place in it."""

    comment: Comment
    url: str


def selection(article: Article) -> list[Chosen]:
    """Return the chosen comments of a public article in their order: one query where there are none, else two."""
    comments = _selected.rows(article=article.pk)
    pages = threads.pages(comments) if comments else {}
    path = article.get_absolute_url()
    return [Chosen(comment, threads.page_url(path, pages[comment.pk], f"c{comment.pk}")) for comment in comments]


_selected = Prepared(
    lambda article: (
        _chosen(article)
        .filter(status=Comment.Status.APPROVED)
        .order_by("selected_rank", "pk")
        .only("parent_id", "author_name", "body_html", "submitted_at", "is_newsroom", "redacted_at")
    ),
    article=models.BigIntegerField(),
)
