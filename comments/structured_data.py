"""What an article's page tells machines of its comments, in schema.org's words (JSON-LD, Comment)."""

import re
from html import unescape
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

from comments.threads import First, Thread, page_url

# A page of a thread has fifty conversations; machines are told of the first of them, and of the first replies in each, so
# that the page stays light.
MOST = 20
MOST_REPLIES = 3
# A reply as `_comment.html` writes it into what is stored of its conversation; no reader can write such tags.
_REPLY = re.compile(
    r'<article class="comment[^"]*" id="c(?P<pk>\d+)">.*?<bdi class="comment-author">(?P<name>.*?)</bdi>'
    r'.*?<time datetime="(?P<at>[^"]*)">.*?<div class="comment-body">(?P<body>.*?)</div>',
    re.DOTALL,
)
_REPLIES = '<ol role="list" class="replies">'
_PARAGRAPH, _LINE = re.compile(r"</p>\s*<p[^>]*>"), re.compile(r"<br>\n?")


def comments(thread: Thread) -> list[dict[str, Any]]:
    """Return the approved comments at the head of a page of a thread, each with its first approved replies."""
    return [_conversation(first, thread) for first in thread.approved[:MOST]]


def _conversation(first: First, thread: Thread) -> dict[str, Any]:
    told = _comment(first.pk, first.author_name, first.submitted_at.isoformat(timespec="seconds"), first.body, thread)
    replies = [
        _comment(int(found["pk"]), unescape(found["name"]), found["at"], _text(found["body"]), thread)
        for found in islice(_REPLY.finditer((first.html or "").partition(_REPLIES)[2]), MOST_REPLIES)
    ]
    return told | {"comment": replies} if replies else told


def _comment(pk: int, name: str, at: str, text: str, thread: Thread) -> dict[str, Any]:
    return {
        "@type": "Comment",
        "url": settings.SITE_URL + page_url(thread.url, thread.number, f"c{pk}"),
        "author": {"@type": "Person", "name": name},
        "datePublished": at,
        "text": text,
    }


def _text(html: str) -> str:
    """Return the text of a comment's stored HTML, its paragraphs and line ends kept."""
    return unescape(strip_tags(_LINE.sub("\n", _PARAGRAPH.sub("\n\n", html)))).strip()
