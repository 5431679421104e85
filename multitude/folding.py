"""Text as it is compared: without case, accents, ligatures and what nobody sees; and French words by their form.

Whatever two people may write alike for a reader is alike here: `ŒUVRES`, `œuvres` and `oeu\u200bvres`.
"""

import functools
import re
import unicodedata

# Letters and symbols without a drawing: Hangul fillers and the blank of Braille.
_BLANKS = "\u115f\u1160\u3164\uffa0\u2800"
_WORD = re.compile(r"[^\W_]+")
_LONGEST_STEMMED = 40
_PLURAL = re.compile(r"(?<=..[aou])s$")


def without_unseen(text: str, *, marks: bool = False) -> str:
    """Return text without zero-width characters and blanks that pass for letters; `marks` takes accents that stand apart too."""
    gone = {"Cf", "Mn", "Me"} if marks else {"Cf"}
    for character in set(text):
        if character > "\x7f" and (character in _BLANKS or unicodedata.category(character) in gone):
            text = text.replace(character, "")
    return text


def fold(text: str) -> str:
    """Return text without case, accents, ligatures and unseen characters."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    return without_unseen(text, marks=True)


def words(folded: str) -> list[str]:
    """Return the words of folded text: letters and figures, cut at everything else, apostrophes and hyphens too."""
    return _WORD.findall(folded)


@functools.lru_cache(maxsize=8_192)
def form(word: str) -> str:
    """Return what the inflections of a folded French word share: `arnaqu` for arnaque, arnaques, arnaquées.

    It begins with the word's first two letters. It is Snowball's stem (https://snowballstem.org/algorithms/french/stemmer.html),
    made again until it stays: accents are gone, by which Snowball tells some endings. Its plurals are not those in -os, -us and -as.
    """
    if len(word) > _LONGEST_STEMMED:
        return word
    stemmer = _stemmer()
    while 2 <= len(shorter := stemmer().stemWord(_PLURAL.sub("", word))) < len(word):
        word = shorter
    return word


@functools.cache
def _stemmer() -> type:
    """Import the stemmer when a first word asks for it; an instance is one thread's for one word."""
    from snowballstemmer.french_stemmer import FrenchStemmer

    return FrenchStemmer
