"""From a comment's plain text to the HTML that is stored and shown.

Everything a reader typed is shown as typed: escaped, its paragraphs and line ends kept, its
addresses made links. Typography only inserts or replaces spaces.
"""

import functools
import re
from html import escape
from typing import Any

from multitude import typography

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
