"""What the newsroom knows of who wrote a comment: what became of their others, by their e-mail, which stays unseen.

It looks no further back than MOST comments of a person, so that a page of the queue costs the same whoever wrote.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from comments.models import Comment

MOST = 20
LAST = 3
_BEGINNING = 200


@dataclass(frozen=True)
class Other:
    """Another comment of the same person: what became of it, and how it begins."""

    pk: int
    status: Comment.Status
    beginning: str


@dataclass
class Person:
    """The last comments of one e-mail, the newest first: all that there are, or MOST of them."""

    others: list[Other] = field(default_factory=list)
    is_capped: bool = False

    def beside(self, comment: Comment) -> "Person":
        """Return the same person without one of their comments."""
        return Person([other for other in self.others if other.pk != comment.pk], self.is_capped)

    @property
    def last(self) -> list[Other]:
        """The last few."""
        return self.others[:LAST]

    @property
    def figures(self) -> list[tuple[str, int]]:
        """The statuses that occur with their numbers, in the order of the statuses."""
        counts = Counter(other.status for other in self.others)
        return [(_label(status, counts[status]), counts[status]) for status in Comment.Status if counts[status]]


def of(comments: Iterable[Comment]) -> dict[int, Person]:
    """Return by the comments' keys who wrote each, in one query; one whose e-mail is gone has no entry.

    The comments come from `with_reach()`.
    """
    comments = [comment for comment in comments if comment.author_email]
    persons = {comment.author_email: Person() for comment in comments}
    if not persons:
        return {}
    wanted = Q()
    for email, since in {comment.author_email: comment.person_since for comment in comments}.items():  # type: ignore[attr-defined]
        persons[email].is_capped = since is not None
        wanted |= Q(author_email=email) if since is None else Q(author_email=email, submitted_at__gt=since)
    newest_first = Comment.objects.filter(wanted).order_by("-submitted_at", "-pk")
    shown = newest_first.annotate(beginning=Left("body", _BEGINNING))
    for email, pk, status, beginning in shown.values_list("author_email", "pk", "status", "beginning"):
        persons[email].others.append(Other(pk, Comment.Status(status), beginning))
    return {comment.pk: persons[comment.author_email].beside(comment) for comment in comments}


def with_reach(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Add to comments, as `person_since`, when the newest of their e-mail came that is not looked at; None where all are."""
    same = Comment.objects.filter(author_email=OuterRef("author_email")).order_by("-submitted_at")
    return comments.annotate(person_since=Subquery(same.values("submitted_at")[MOST : MOST + 1]))


def _label(status: Comment.Status, number: int) -> str:
    """Name one comment's status, or several comments' by the lane that has their name; what waits is said alike."""
    several = number > 1 and status != Comment.Status.PENDING
    return str(Comment.Lane(status).label if several else status.label)
