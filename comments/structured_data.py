"""What an article's page tells machines of its comments, in schema.org's words (JSON-LD, Comment)."""

from typing import Any

from django.conf import settings

from comments.threads import Thread, page_url

# A page of a thread has fifty conversations; machines are told of the first of them, so that the page stays light.
MOST = 20


def comments(thread: Thread) -> list[dict[str, Any]]:
    """Return the approved comments of the first level at the head of a page of a thread, as the thread shows them."""
    return [
        {
            "@type": "Comment",
            "url": settings.SITE_URL + page_url(thread.url, thread.number, f"c{first.pk}"),
            "author": {"@type": "Person", "name": first.author_name},
            "datePublished": first.submitted_at.isoformat(timespec="seconds"),
            "text": first.body,
        }
        for first in thread.approved[:MOST]
    ]
