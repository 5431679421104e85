"""From a comment to the HTML that is stored and shown: its text when it comes, the whole of it when it is approved.

Everything a reader typed is shown as typed: escaped, its paragraphs and line ends kept, its
addresses made links. Typography only inserts or replaces spaces.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from comments.models import Comment
from multitude import typography

BATCH = 500
REL = "nofollow ugc noopener"
# Letters and symbols without a drawing: Hangul fillers and the blank of Braille.
INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800")
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


def has_words(text: str) -> bool:
    """Tell whether a text says anything: whether it has a letter or a figure that one sees."""
    return any(character.isalnum() and character not in INVISIBLE for character in text)


def render(body: str) -> str:
    """Return a comment's body as safe HTML: paragraphs, each in its own direction, with links."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", typography.spaces(plain_text(body)).strip())
    return "".join(f'<p dir="auto">{_with_links(paragraph).replace("\n", "<br>")}</p>' for paragraph in paragraphs)


def render_public(comment: Comment, replies: Sequence[str] = ()) -> str | None:
    """Return what a thread shows in a comment's place, or None for nothing.

    `replies` are its approved replies, as stored. A comment that is not public leaves a word
    above them. Links are relative to the article's page: the HTML does not depend on the article.
    """
    if not comment.is_approved and not replies:
        return None
    reply_url = f"commentaires/?parent={comment.pk}" if comment.parent_id is None else ""
    context = {"comment": comment, "reply_url": reply_url, "replies": replies}
    return render_to_string("comments/_conversation.html", context).strip()


def show(turned: Iterable[Comment], comments: Mapping[int, Comment]) -> dict[int, Comment]:
    """Fill the HTML of comments that appear or disappear, and of what they answer, in memory; return all whose HTML changed.

    `comments` holds them and what they answer by their keys, as they are to be stored; all are locked.
    """
    changed = {comment.pk: comment for comment in turned}
    replies = {pk: comment for pk, comment in changed.items() if comment.parent_id}
    for comment in replies.values():
        comment.public_html = render_public(comment)
    first = {comment.parent_id or comment.pk for comment in changed.values()}
    stored = Comment.objects.filter(parent__in=first, status=Comment.Status.APPROVED).exclude(pk__in=replies)
    conversations: dict[int, list[Comment]] = defaultdict(list)
    for reply in (*stored.only("parent", "submitted_at", "public_html"), *replies.values()):
        conversations[reply.parent_id or reply.pk].append(reply)
    for pk in first:
        answers = sorted(conversations[pk], key=lambda reply: (reply.submitted_at, reply.pk))
        comments[pk].public_html = render_public(
            comments[pk], [reply.public_html for reply in answers if reply.public_html]
        )
        changed[pk] = comments[pk]
    return changed


def rerender() -> Iterator[int]:
    """Render every comment again, and yield how many each batch held; a batch is a short transaction of its own.

    Replies come first: what stands above them is made of what is stored of them.
    """
    for is_first in (False, True):
        last = 0
        while keys := _rerender_after(last, is_first):
            last = keys[-1]
            yield len(keys)


@transaction.atomic
def _rerender_after(last: int, is_first: bool) -> list[int]:
    """Render the batch of comments, first ones or replies, that follows a key, and return their keys."""
    some = Comment.objects.filter(parent__isnull=is_first, pk__gt=last)
    comments = list(some.select_for_update(no_key=True).order_by("pk")[:BATCH])
    for comment in comments:
        comment.body_html = render(comment.body)
        comment.public_html = render_public(comment)
    if is_first:
        show(comments, {comment.pk: comment for comment in comments})
    Comment.objects.bulk_update(comments, ["body_html", "public_html"])
    return [comment.pk for comment in comments]


def links(text: str) -> list[str]:
    """Return the addresses in a text that become links."""
    return [_without_unmatched_parenthesis(match[0]) for match in _ADDRESS.finditer(text)]


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
