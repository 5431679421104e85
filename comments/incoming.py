"""A comment as it comes: what a reader sent, and what is known around it. The rules of `comments.screening` read both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from comments import rendering
from multitude import folding


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a reader sent, in its normal form, and from which network."""

    article_id: int
    parent_id: int | None
    author_name: str
    author_email: str
    body: str
    client_network: str
    honeypot: str = ""
    seconds_spent: float | None = None
    """From the first touch of the form until it was sent, where a script reported it."""

    @cached_property
    def folded(self) -> str:
        """The text without case, accents and what nobody sees, made once for all who compare."""
        return folding.fold(self.body)

    @cached_property
    def words(self) -> list[str]:
        """The words of the folded text."""
        return folding.words(self.folded)

    @cached_property
    def links(self) -> list[str]:
        """The addresses in the text that become links."""
        return rendering.links(self.body)


class Match(NamedTuple):
    """A term of the block list that a submission matches."""

    pk: int
    shown: str = ""
    """What everybody at the desk may read of it: nothing of an e-mail or of an address."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the database knows of other comments, and the newsroom of unwanted ones, when a submission comes."""

    repeats: bool = False
    """The same e-mail has already sent the same text to the same article."""
    is_elsewhere: bool = False
    """The same text, long enough to tell, came from another e-mail or under another article."""
    is_first: bool = False
    """No comment of this e-mail is known."""
    recent_of_email: int = 0
    """Comments of this e-mail within the seconds of `screening.flood_limit()`."""
    blocked: Mapping[str, tuple[Match, ...]] = field(default_factory=dict)
    """The terms of the block list that match, by their kind."""
