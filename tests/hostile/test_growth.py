"""No text takes a time that grows faster than it does: every pattern of the code, and everything that reads what people type.

Growth is measured in the process's own time at two sizes, several times where it looks too large; how fast the machine is
does not enter.
"""

import contextlib
import math
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from time import process_time
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ValidationError

import articles
import comments
import multitude
from articles import embeds, nesting, pasting, previews, rendering
from articles.history import diff
from articles.searching import documents, passages, query
from articles.tags import names_in
from comments import rendering as comments_rendering
from comments import terms
from comments.incoming import Submission
from multitude import facts, folding, pages, typography
from multitude.syndication import portable

pytestmark = pytest.mark.any_database
# Small enough for a pattern that doubles with each character to be told apart before it takes a minute.
_FIRST = (12, 16, 20, 24)
_LARGE = (2_000, 8_000)
# What takes less than this is not measured: it is the clock that one would measure.
_TELLING = 0.02
# A quadratic time grows 16 times from the one to the other; a linear one 4 times, and a machine under load adds to it.
_MOST = 9
UNITS = (
    "a",
    " ",
    "-",
    "'",
    '"',
    "<",
    ">",
    "a ",
    "a-",
    "l'",
    "<a ",
    "<!--",
    "&",
    "1",
    "1 ",
    ".",
    "a.",
    "(",
    "[",
    "{a",
    "«",
    "\n",
    "\n ",
    "http://",
    "www.a",
    "a@",
    "/",
    "=",
    'a="',
    "\u00a0",
    "e\u0301",
    "\u200d",
    "ﷺ",
    "</p><p>",
    "<figure>",
    "`",
    ";",
    ",",
    "A. ",
    ":",
)
ENDS = ("", "!", "\0")
# Only ever matched against the whole of a text of bounded length, or at its beginning.
WHOLE = {"articles.naming._ADDRESS", "comments.desk.export._COMMENT", "comments.terms._HOST", "comments.terms._QUOTED"}


def grows_too_fast(read: Callable[[str], Any], unit: str, end: str) -> bool:
    """Return whether a text four times as long takes much more than four times as long."""
    for size in _FIRST:
        if took(read, unit * size + end) > 0.3:
            return True
    small, large = (unit * (size // len(unit)) + end for size in _LARGE)
    # The best of several: what else the machine does only ever adds.
    for _ in range(5):
        longer = took(read, large)
        if longer < _TELLING or longer < _MOST * took(read, small):
            return False
    return True


def took(read: Callable[[str], Any], text: str) -> float:
    """Return this process's own seconds for reading a text; a refusal is an answer."""
    began = process_time()
    with contextlib.suppress(ValueError, LookupError, ValidationError):
        read(text)
    return process_time() - began


def modules() -> Iterator[ModuleType]:
    """Yield every module of the site's code that can be looked into."""
    for package in (multitude, articles, comments):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(migrations|management|wsgi|demo)\b", found.name):
                yield import_module(found.name)


def patterns() -> dict[str, re.Pattern[str]]:
    """Return every regular expression of the code, wherever a module keeps it."""
    found: dict[str, re.Pattern[str]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for number, pattern in enumerate(_inside(value)):
                if isinstance(pattern.pattern, str):
                    found.setdefault(f"{module.__name__}.{name}[{number}]", pattern)
    # One that several modules know is looked at once.
    return {name: pattern for pattern, name in {pattern: name for name, pattern in found.items()}.items()}


def _inside(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, dict):
        yield from _inside([*value.values()])


def test_no_pattern_grows_faster_than_its_text(subtests: pytest.Subtests) -> None:
    known = patterns()
    assert len(known) > 60
    for name, pattern in known.items():
        read = (
            pattern.fullmatch
            if name.split("[")[0] in WHOLE
            else lambda text, pattern=pattern: [*pattern.finditer(text)]
        )
        with subtests.test(name=name):
            assert [(unit, end) for unit in UNITS for end in ENDS if grows_too_fast(read, unit, end)] == []


def submitted(text: str) -> tuple[object, ...]:
    """Return the links and the words of a submitted text, as the screening looks it through."""
    submission = Submission(
        article_id=1,
        parent_id=None,
        author_name=text[:80],
        author_email="a@exemple.fr",
        body=text,
        client_network="inconnu",
    )
    return submission.links, submission.words


READERS: dict[str, Callable[[str], Any]] = {
    "a comment": comments_rendering.render,
    "a name": comments_rendering.plain_line,
    "a comment's links and words": submitted,
    "hosts in a text": lambda text: [*terms.hosts(text)],
    "a watched word": lambda text: terms.normal("word", text),
    "a watched domain": lambda text: terms.normal("domain", text),
    "a watched e-mail": lambda text: terms.normal("email", text),
    "a watched network": lambda text: terms.normal("network", text),
    "a text typeset": typography.typeset,
    "paragraphs": typography.typeset_paragraphs,
    "HTML cleaned": lambda text: nesting.is_too_deep(text) or rendering.clean_html(text),
    "HTML measured": nesting.is_too_deep,
    "HTML pasted": lambda text: nesting.is_too_deep(text) or pasting.tidy(text),
    "words counted": rendering.count_words,
    "a search": query.parse,
    "words folded": folding.fold,
    "what was found, marked": lambda text: passages.highlighted(text, query.parse("mot -autre")),
    "HTML without its tags": documents.plain,
    "names of tags": names_in,
    "a link to a place": embeds.link_to,
    "facts": facts.fill,
    "a preview": lambda text: previews.with_token(text, "a"),
    "HTML for feeds": lambda text: portable(text, "/a/"),
    "tags of a page": lambda text: pages.etag_matches(text, '"a"'),
    "encodings": lambda text: pages.encoding_order.__wrapped__(text[:200]),
    "two versions": lambda text: diff(text, f"{text[::-1]}<p>b</p>"),
}


@pytest.mark.parametrize("name", READERS)
def test_nothing_that_reads_a_text_grows_faster_than_it(name: str) -> None:
    read = READERS[name]
    assert [(unit, end) for unit in UNITS for end in ENDS[:1] if grows_too_fast(read, unit, end)] == []


def test_the_measure_would_see_a_pattern_that_does() -> None:
    assert grows_too_fast(re.compile(r"(a+)+$").match, "a", "!")
    assert grows_too_fast(re.compile(r"\s+$").search, " ", "a")
    assert not grows_too_fast(re.compile(r"a+$").match, "a", "!")
    assert math.isfinite(took(len, sys.version))
