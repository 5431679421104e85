"""What the newsroom knows of who wrote a comment: what became of their others, by their e-mail, which stays unseen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from comments.models import Comment

LAST = 3


@dataclass
class Person:
    """How many comments of one e-mail have come to each status, and the last ones of all."""

    counts: Counter[str] = field(default_factory=Counter)
    last: list[Comment] = field(default_factory=list)

    def beside(self, comment: Comment) -> "Person":
        """Return the same person without one of their comments."""
        counts = self.counts - Counter([comment.status])
        return Person(counts, [other for other in self.last if other.pk != comment.pk][:LAST])

    @property
    def figures(self) -> list[tuple[str, int]]:
        """The statuses that occur with their numbers, in the order of the statuses."""
        return [(str(status.label), self.counts[status]) for status in Comment.Status if self.counts[status]]


def of(comments: Iterable[Comment]) -> dict[int, Person]:
    """Return by the comments' keys who wrote each, in two queries; one whose e-mail is gone has no entry."""
    comments = list(comments)
    emails = {comment.author_email for comment in comments} - {""}
    persons = {email: Person() for email in emails}
    written = Comment.objects.filter(author_email__in=emails)
    for email, status, number in written.order_by().values_list("author_email", "status").annotate(number=Count("pk")):
        persons[email].counts[status] = number
    rank = Window(RowNumber(), partition_by=F("author_email"), order_by=[F("submitted_at").desc(), F("pk").desc()])
    for other in (
        written.annotate(rank=rank).filter(rank__lte=LAST + 1).defer("body_html", "public_html").order_by("rank")
    ):
        persons[other.author_email].last.append(other)
    return {comment.pk: persons[comment.author_email].beside(comment) for comment in comments if comment.author_email}
