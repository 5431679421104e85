"""The moderator's pen: a text is corrected by replacing passages with «[…]», and in no other way.

`redacted()` holds what a moderator typed against the text as it stood. It knows no database; `comments.moderation`
calls it, and keeps the text as it stood in the decision's evidence.
"""

import re
import unicodedata
from bisect import bisect
from dataclasses import dataclass
from itertools import takewhile

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from multitude import typography

MARK = "[…]"
SHOWN = 60

_ONE_MARK = r"\[\s*(?:…|\.{3})\s*\]"
_TOKEN = re.compile(rf"(?P<mark>{_ONE_MARK}(?:\s*{_ONE_MARK})*)|(?P<space>\s+)|.", re.DOTALL)
# A noncharacter that no stored text holds stands for marks, one or several in a row.
_HOLE = "\ufdd0"


class NotRedacted(ValueError):
    """What was typed is not the text with passages replaced; the error's text says why, in French."""


def redacted(original: str, typed: str) -> str:
    """Return a text with the passages masked that were replaced by «[…]», or «[...]», in what was typed.

    What is left is the original's to the letter: only the kind of white space, and how much of it, may differ in what
    was typed, and beside a mark it may be there or not. Raises NotRedacted when anything else differs, when nothing
    is masked, and when no word is left.
    """
    text, wanted = _Folded.of(original.strip()), _Folded.of(typography.printable(typed).strip())
    if wanted.text == text.text:
        raise _nothing_masked()
    if not any(unicodedata.category(character)[0] in "LNS" for character in wanted.text.replace(_HOLE, "")):
        raise NotRedacted(
            _("Il ne reste rien du texte : refusez ou retirez le commentaire plutôt que de tout masquer.")
        )
    pieces = [_Piece.of(part) for part in wanted.text.split(_HOLE)]
    if (masked := _rebuilt(text, pieces, _places(text.text, pieces))) == text.source:
        raise _nothing_masked()
    return masked


@dataclass(frozen=True)
class _Folded:
    """A text in which white space is one space and marks are one sign, and where each of its signs stands in the source."""

    text: str
    source: str
    at: list[int]

    @classmethod
    def of(cls, source: str) -> "_Folded":
        tokens = list(_TOKEN.finditer(source))
        signs = (_HOLE if token["mark"] else " " if token["space"] else token[0] for token in tokens)
        return cls("".join(signs), source, [*(token.start() for token in tokens), len(source)])

    def between(self, start: int, end: int) -> str:
        """Return what stands in the source from one sign to another."""
        return self.source[self.at[start] : self.at[end]]


@dataclass(frozen=True)
class _Piece:
    """What is left of a text between two masked passages, and whether white space stood beside it."""

    text: str
    begins_apart: bool
    ends_apart: bool

    @classmethod
    def of(cls, part: str) -> "_Piece":
        return cls(part.strip(" "), part.startswith(" "), part.endswith(" "))

    def fits(self, text: str, start: int) -> bool:
        """Tell whether the piece may stand at a place of a text where it does: no letter, and no word, is cut unseen."""
        end = start + len(self.text)
        if not self.text:
            return True
        return _may_cut(text, start, is_apart=self.begins_apart) and _may_cut(text, end, is_apart=self.ends_apart)


def _may_cut(text: str, at: int, *, is_apart: bool) -> bool:
    """Tell whether a passage may begin or end at a place: never inside a letter, and inside a word only without a space."""
    if at in {0, len(text)}:
        return True
    if unicodedata.category(text[at])[0] == "M" and text[at - 1] != " ":
        return False
    return not is_apart or not (_is_of_a_word(text[at - 1]) and _is_of_a_word(text[at]))


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _places(text: str, pieces: list[_Piece]) -> list[int]:
    """Return where each piece begins in a text: the first at its beginning, the last at its end, the others as early as can be.

    A piece that stands as early as it can leaves the most to those after it, so that nothing is refused which fits.
    """
    first, *others = pieces
    if not others:
        raise NotRedacted(_("Le texte a changé sans marque : remplacez chaque passage par […]."))
    if not text.startswith(first.text) or not first.fits(text, 0):
        same = takewhile(lambda two: two[0] == two[1], zip(text, first.text, strict=False))
        raise _changed(first.text, len(list(same)))
    places, end = [0], len(first.text)
    for piece in others[:-1]:
        place = _find(text, piece, _after_a_passage(text, end))
        if place is None:
            raise _changed(piece.text, _known(text, piece.text, _after_a_passage(text, end)))
        places.append(place)
        end = place + len(piece.text)
    last = others[-1]
    place = len(text) - len(last.text)
    if not text.endswith(last.text) or place < _after_a_passage(text, end) or not last.fits(text, place):
        raise _changed(last.text, _known(text, last.text, _after_a_passage(text, end)))
    return [*places, place]


def _after_a_passage(text: str, start: int) -> int:
    """Return where the shortest passage ends that begins at a place; one of white space alone is none."""
    return start + 1 + text.startswith(" ", start)


def _find(text: str, piece: _Piece, start: int) -> int | None:
    """Return the first place, from one on, where a piece stands and may stand."""
    place = text.find(piece.text, start)
    while place >= 0 and not piece.fits(text, place):
        place = text.find(piece.text, place + 1)
    return place if place >= 0 else None


def _rebuilt(text: _Folded, pieces: list[_Piece], places: list[int]) -> str:
    """Return the pieces as the source writes them, with a mark for each passage between."""
    written = [text.between(0, len(pieces[0].text))]
    for before, start, after, place in zip(pieces, places, pieces[1:], places[1:], strict=False):
        end = start + len(before.text)
        if text.text[end:place].strip(" ") == _HOLE:
            written.append(text.between(end, place))
        else:
            left = text.between(end, end + 1) if text.text[end] == " " else " "
            right = text.between(place - 1, place) if text.text[place - 1] == " " else " "
            written += (left if before.ends_apart else "", MARK, right if after.begins_apart else "")
        written.append(text.between(place, place + len(after.text)))
    return "".join(written)


def _nothing_masked() -> NotRedacted:
    return NotRedacted(_("Rien n’est masqué : remplacez au moins un passage par […]."))


def _known(text: str, piece: str, start: int) -> int:
    """Return how much of a piece's beginning stands in a text from a place on."""
    return bisect(range(len(piece)), 0, key=lambda length: piece[: length + 1] not in text[start:])


def _changed(piece: str, known: int) -> NotRedacted:
    """Say what differs, from the word on of which the beginning of the piece is known."""
    if not piece:
        return NotRedacted(_("La marque […] de la fin ne remplace rien."))
    strange = piece if known == len(piece) else piece[piece.rfind(" ", 0, known) + 1 :]
    return NotRedacted(
        _(
            "Seuls des passages remplacés par […] sont admis : « %(piece)s » n’est pas, ou pas là, dans le texte d’origine."
        )
        % {"piece": Truncator(strange).chars(SHOWN)}
    )
