"""What an article's page tells machines of its comments, in schema.org's words (JSON-LD, Comment)."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.conf import settings

from comments.models import Comment
from comments.threads import First, Thread, page_url

# Machines are told of every comment that the page shows, in its order, as long as their texts have no more characters than
# these: some hundred comments of ordinary length. A longer page would cost readers more than it tells machines.
MOST_TEXT = 40_000
# A reply as `_comment.html` writes it into what is stored of its conversation; no reader can write such tags.
_REPLY = re.compile(
    r'<article class="comment[^"]*" id="c(?P<pk>\d+)">.*?<bdi class="comment-author">(?P<name>.*?)</bdi>'
    r'.*?<time datetime="(?P<at>[^"]*)">.*?<div class="comment-body">(?P<body>.*?)</div>',
    re.DOTALL,
)
_REPLIES = '<ol role="list" class="replies">'
_PARAGRAPH, _LINE, _TAG = re.compile(r"</p>\s*<p[^>]*>"), re.compile(r"<br>\n?"), re.compile(r"<[^<>]*>")


def comments(thread: Thread) -> list[dict[str, Any]]:
    """Return the approved comments of a page of a thread, each with its approved replies, whole ones up to MOST_TEXT.

    Replies to what was removed stand by themselves.
    """
    told: list[dict[str, Any]] = []
    left = MOST_TEXT
    for first in thread.conversations:
        answered: dict[str, Any] | None = None
        for comment in _approved(first, thread):
            left -= len(comment["text"])
            if left < 0:
                return told
            if answered is not None:
                answered.setdefault("comment", []).append(comment)
                continue
            told.append(comment)
            if first.status == Comment.Status.APPROVED:
                answered = comment
    return told


def _comment(pk: int, name: str, at: str, text: str, thread: Thread) -> dict[str, Any]:
    return {
        "@type": "Comment",
        "url": settings.SITE_URL + page_url(thread.url, thread.number, f"c{pk}"),
        "author": {"@type": "Person", "name": name},
        "datePublished": at,
        "text": text,
    }


def _approved(first: First, thread: Thread) -> Iterator[dict[str, Any]]:
    """Yield a conversation's first comment, if it is public, and its replies."""
    if first.status == Comment.Status.APPROVED:
        yield _comment(
            first.pk, first.author_name, first.submitted_at.isoformat(timespec="seconds"), first.body, thread
        )
    for found in _REPLY.finditer((first.html or "").partition(_REPLIES)[2]):
        yield _comment(int(found["pk"]), unescape(found["name"]), found["at"], _text(found["body"]), thread)


def _text(html: str) -> str:
    """Return the text of a comment's stored HTML, its paragraphs and line ends kept."""
    return unescape(_TAG.sub("", _LINE.sub("\n", _PARAGRAPH.sub("\n\n", html)))).strip()
