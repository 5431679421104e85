"""What a text that the newsroom writes may leave to the program to say: a word in braces, replaced when a page is made.

An app tells a fact in `AppConfig.ready()`; whoever shows such a text fills it. What a setting says is so never written twice.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape

# A tag, whose attributes may hold anything, or a word in braces.
_PIECES = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>|\{(?P<word>[^\W\d_]{1,30})\}""")


@dataclass(frozen=True)
class Fact:
    """A word, what it stands for as the newsroom is told, and how to read its value, which may be safe HTML."""

    word: str
    meaning: Any
    read: Callable[[], str]


_facts: dict[str, Fact] = {}


def tell(word: str, meaning: Any, read: Callable[[], str]) -> None:
    """Have `{word}` stand for what `read` returns."""
    _facts[word] = Fact(word, meaning, read)


def known() -> Iterable[Fact]:
    """Return the facts that a text may name, in the order in which they were told."""
    return _facts.values()


def fill(html: str) -> str:
    """Return HTML with the facts in place of their words; nothing changes inside tags, nor a word that names none."""

    def value(piece: re.Match[str]) -> str:
        fact = _facts.get(piece["word"] or "")
        return conditional_escape(fact.read()) if fact else piece[0]

    return _PIECES.sub(value, html)


def unknown(html: str) -> list[str]:
    """Return the words in braces that name no fact, each once, in their order."""
    words = (piece["word"] for piece in _PIECES.finditer(html))
    return list(dict.fromkeys(word for word in words if word and word not in _facts))
