"""A thread: the conversations of one article, oldest first, fifty to a page.

A conversation is a comment of the first level with its replies. One whose first comment is no
longer public stays, as «Commentaire retiré», for as long as a reply to it is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.safestring import mark_safe

from articles.models import Article
from comments.models import Comment
from multitude.prepared import Prepared

PAGE_LENGTH = 50
# The invitation to reply, as `_comment.html` writes it into what is stored; no reader can write such a tag.
_INVITATION = re.compile(r'(?<!\s)\s*+<a class="comment-reply"[^>]*>.*?</a>', re.DOTALL)


class First(NamedTuple):
    """The first comment of a conversation, and the HTML of the whole as stored."""

    html: str | None
    pk: int
    status: str
    author_name: str
    body: str
    submitted_at: datetime


@dataclass(frozen=True)
class Thread:
    """One page of a thread, as its template shows it: `html` is its conversations, as stored, each in its `<li>`.

    `conversations` are these as stored: each has something public, be it replies to what was removed.
    """

    html: str
    number: int
    has_next: bool
    url: str
    conversations: Sequence[First] = ()

    @property
    def previous_url(self) -> str:
        """The address of the earlier page, empty on the first."""
        return page_url(self.url, self.number - 1, "commentaires") if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The address of the later page, empty on the last."""
        return page_url(self.url, self.number + 1, "commentaires") if self.has_next else ""


def load(article: Article, page: int, *, is_closed: bool = False) -> Thread:
    """Return a page of an article's thread, in one query; a page beyond the last raises Http404.

    Where the comments are closed nothing invites to reply.
    """
    rows = _conversations.rows(article=article.pk, limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH)
    if page > 1 and not rows:
        raise Http404
    shown = [First(*row) for row in rows[:PAGE_LENGTH]]
    html = "".join(f"<li>{first.html}</li>\n" for first in shown)
    if is_closed:
        html = _INVITATION.sub("", html)
    html = mark_safe(html)  # noqa: S308  stored as a template rendered it
    return Thread(html, page, len(rows) > PAGE_LENGTH, article.get_absolute_url(), shown)


_conversations = Prepared(
    lambda article: (
        Comment.objects.conversations()
        .filter(article_id=article)
        .oldest_first()
        .values_list("public_html", "pk", "status", "author_name", "body", "submitted_at")
    ),
    article=models.BigIntegerField(),
)


def pages(comments: Iterable[Comment]) -> dict[int, int]:
    """Return, by the comments' keys, the page of the thread on which each of these public ones stands.

    One query numbers the conversations concerned, however many comments the article has.
    """
    roots = {comment.pk: comment.parent_id or comment.pk for comment in comments}
    earlier = (
        Comment.objects.conversations()
        .filter(
            Q(submitted_at__lt=OuterRef("submitted_at"))
            | Q(submitted_at=OuterRef("submitted_at"), pk__lt=OuterRef("pk")),
            article_id=OuterRef("article_id"),
        )
        .order_by()
        .values("article_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    numbered = Comment.objects.filter(pk__in=set(roots.values())).annotate(number=Coalesce(Subquery(earlier), 0))
    numbers = dict(numbered.values_list("pk", "number"))
    return {key: numbers[root] // PAGE_LENGTH + 1 for key, root in roots.items()}


def permalink(comment: Comment, page: int) -> str:
    """Return the path of a public comment on its page of the thread; its article is loaded."""
    return page_url(comment.article.get_absolute_url(), page, f"c{comment.pk}")


def page_url(path: str, page: int, fragment: str) -> str:
    """Return the address of a place on a page of a thread; the first page has no parameter."""
    return f"{path}?page={page}#{fragment}" if page > 1 else f"{path}#{fragment}"
