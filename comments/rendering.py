"""From a comment to the HTML that is stored and shown: its text when it comes, the whole of it when it is approved.

Everything a reader typed is shown as typed: escaped, its paragraphs and line ends kept, its
addresses made links. Typography only inserts or replaces spaces.
"""

import functools
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from comments.models import Comment
from multitude import typography

BATCH = 500
REL = "nofollow ugc noopener"
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ADDRESS = re.compile(
    rf"""(?<![\w/@.])(?:https?://|www\.)[^\s<>"«»“”`{_BIDI_CONTROLS}]{{1,2000}}(?<![.,;:!?…'’])""", re.IGNORECASE
)


def plain_text(text: str) -> str:
    """Return text with one kind of line end, and without what no page or feed can carry."""
    return typography.printable(text.replace("\r\n", "\n").replace("\r", "\n"))


def plain_line(text: str) -> str:
    """Return one line of text, such as a name, that cannot reorder what stands around it."""
    return " ".join(re.sub(f"[{_BIDI_CONTROLS}\n\t]", " ", plain_text(text)).split())


def render(body: str) -> str:
    """Return a comment's body as safe HTML: paragraphs, each in its own direction, with links."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", typography.spaces(plain_text(body)).strip())
    return "".join(f'<p dir="auto">{_with_links(paragraph).replace("\n", "<br>")}</p>' for paragraph in paragraphs)


def render_public(comment: Comment) -> str:
    """Return a comment as its thread shows it; what is no reply itself has a link to reply.

    The link is relative to the article's page, so the HTML does not depend on the article.
    """
    reply_url = f"commentaires/?parent={comment.pk}" if comment.parent_id is None else ""
    return render_to_string("comments/_comment.html", {"comment": comment, "reply_url": reply_url}).strip()


def rerender() -> Iterator[int]:
    """Render every comment again, and yield how many each batch held; a batch is a short transaction of its own."""
    last = 0
    while keys := _rerender_after(last):
        last = keys[-1]
        yield len(keys)


@transaction.atomic
def _rerender_after(last: int) -> list[int]:
    """Render the batch of comments that follows a key, and return their keys."""
    comments = list(Comment.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:BATCH])
    for comment in comments:
        comment.body_html = render(comment.body)
        comment.public_html = render_public(comment) if comment.is_approved else ""
    Comment.objects.bulk_update(comments, ["body_html", "public_html"])
    return [comment.pk for comment in comments]


def _with_links(text: str) -> str:
    """Escape the text, and make links of the addresses in it."""
    pieces: list[str] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        address = _without_unmatched_parenthesis(match[0])
        pieces += escape(text[end : match.start()]), _linker().linkify(escape(address))
        end = match.start() + len(address)
    return "".join([*pieces, escape(text[end:])])


def _without_unmatched_parenthesis(address: str) -> str:
    """Leave out the «)» of a sentence's parenthesis in which the address stands."""
    surplus = address.count(")") - address.count("(")
    trailing = len(address) - len(address.rstrip(")"))
    return address[: len(address) - min(surplus, trailing)] if surplus > 0 else address


@functools.cache
def _linker() -> Any:
    """Import bleach when a first address asks for it: the import takes a second."""
    from bleach.linkifier import Linker

    return Linker(callbacks=[_only_these_attributes], url_re=re.compile(r"\S+"), parse_email=False)


def _only_these_attributes(attributes: dict[Any, str], new: bool = False) -> dict[Any, str]:
    return {(None, "href"): attributes[None, "href"], (None, "rel"): REL, "_text": attributes["_text"]}
