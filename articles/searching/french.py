"""French words by what their inflections share, as they are compared behind the search.

The two databases index and look for the same tokens, which are made here; neither knows any French. Snowball's stemmer
(`folding.form`) does most of it. Before it come irregular words and those endings that it leaves: feminine forms,
plurals in -aux, third persons in -ent, first persons in -ons. Accents are gone before anything else, since readers leave them out.
"""

import functools
import re

from articles.searching import irregular, nouns
from multitude import folding

type Endings = tuple[tuple[re.Pattern[str], str], ...]

_LONGEST = 64
_IRREGULAR = irregular.table()
_PLURAL = re.compile(r"(?<=[^s])s$")
_NO_VERB = re.compile(r"(?:m|er|iss|ai)ent$")
# «Nous votons, mangeons, finissons, voterons», and of those in -ions, which are nouns for the most part, «nous publions».
_FIRST_PERSON = (
    (re.compile(r"(?<=..[^aeiouy])issons$"), "ir"),
    (re.compile(r"(?<=..)erons$"), "er"),
    (re.compile(r"(?:(?<=...)(?<!i)|(?<=.fi|.ci|bli|udi|edi))ons$"), "er"),
)
# The first that a word has is replaced.
_ENDINGS = (
    (re.compile(r"(?<=.)eaux$"), "eau"),
    (re.compile(r"(?<=..)aux$"), "al"),
    (re.compile(r"(?<=..)trice$"), "teur"),
    (re.compile(r"(?<=..)eu(?:se|x|re)$"), "eur"),
    (re.compile(r"(?<=..)if$"), "ive"),
    (re.compile(r"(?<=...)(?:ere|erent)$"), "er"),
    (re.compile(r"(?<=..[^aeiouy])iss(?:ent|ait|aient|ant|ante|ez|e)$"), "ir"),
    (re.compile(r"(?<=..)ee$"), "e"),
)


@functools.lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return what the inflections of a folded word share: `cheval` for cheval and chevaux."""
    word = word[:_LONGEST]
    for spelling in (word, singular := _singular(word)):
        if known := _IRREGULAR.get(spelling):
            return known
    if singular in nouns.IN_ENT:
        word = singular
    elif _is_verb_in_ent(singular):
        word = singular[:-2]
    elif word.endswith("ons") and singular not in nouns.IN_ON:
        word = _with_ending(word, _FIRST_PERSON, singular)
    else:
        word = _with_ending(singular, _ENDINGS, singular)
    form = folding.form(word)
    form = _singular(form) if len(form) > 3 else form
    return f"{form[:-1]}i" if form.endswith("y") else form


def stem_of_compound(parts: list[str]) -> str:
    """Return the stem of a compound as it is written without hyphens: that of `plateforme` for plates-formes."""
    return stem("".join(map(_singular, parts)))


def _singular(word: str) -> str:
    return _PLURAL.sub("", word) if len(word) > 2 else word


def _is_verb_in_ent(word: str) -> bool:
    return len(word) > 5 and (word in nouns.VERBS_IN_MENT or (word.endswith("ent") and not _NO_VERB.search(word)))


def _with_ending(word: str, endings: Endings, otherwise: str) -> str:
    """Return a word with its ending replaced, by the first that it has; `otherwise` where it has none of them."""
    for pattern, ending in endings:
        changed = pattern.sub(ending, word)
        if changed != word:
            return changed
    return otherwise
