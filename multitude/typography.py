"""French orthotypography, applied when text is rendered, never to the source that people typed.

Three doors: `spaces()` for what readers wrote (it only inserts or replaces spaces),
`typeset()` for a newspaper's plain text (quotes, apostrophes and ellipses too), and
`typeset_html()` for its HTML. None of them touches an address, an e-mail or code.

The rules are those of the Imprimerie nationale's « Lexique des règles typographiques » :
a narrow no-break space (U+202F) before ; ! ? » % and €, after «, and a no-break space
(U+00A0) before the colon.
"""

import re
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

NARROW = "\u202f"
WIDE = "\u00a0"

_BLANK = "[ \t\u00a0\u2009\u202f]"
_BLANKS = f"(?<!{_BLANK}){_BLANK}++"
# Noncharacters that stand in for what is put aside while the rules run.
_KEPT, _OPENING_TAG, _CLOSING_TAG = "\ufdd0", "\ufdd1", "\ufdd2"
_TAG_MARK = re.compile(f"[{_OPENING_TAG}{_CLOSING_TAG}]")
_WORD_END = rf"[\w.,;:!?…%€)\]’»{_KEPT}{_CLOSING_TAG}]"
_AFTER_MARK = rf"(?=[;!?.…»)\]\s{_OPENING_TAG}{_CLOSING_TAG}]|$)"

# The last two of each of the seventeen planes are no characters.
_LAST_OF_PLANES = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNPRINTABLE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_LAST_OF_PLANES}]")
_VERBATIM = re.compile(
    r"""
      \b[a-z][a-z0-9+.-]{0,20}://[^\s<>"«»“”]+           # an address
    | \bwww\.[^\s<>"«»]+
    | (?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+        # an e-mail
    | `[^`\n]*`                                          # code between backticks
    | &(?:\#\d{1,7}|\#x[0-9a-f]{1,6}|[a-z]\w{0,30});     # an entity that somebody quotes
    """,
    re.IGNORECASE | re.VERBOSE,
)


class Rule(NamedTuple):
    """A replacement, and the marks of which a text must hold one for it to apply; without marks, any text may."""

    marks: str
    pattern: re.Pattern[str]
    replacement: str

    def apply(self, text: str) -> str:
        """Return the text with the rule applied; most texts lack most marks, and cost nothing."""
        if self.marks and not any(mark in text for mark in self.marks):
            return text
        return self.pattern.sub(self.replacement, text)


_SPACE_RULES = (
    Rule(";!?»", re.compile(f"{_BLANKS}(?=[;!?»]{_AFTER_MARK})"), NARROW),
    Rule("!?", re.compile(rf"(?<=[\w)\]»\x22”…%€{_CLOSING_TAG}])(?=[!?]++{_AFTER_MARK})"), NARROW),
    Rule(";", re.compile(rf"(?<=[^\W_])(?=;{_AFTER_MARK})"), NARROW),
    Rule("»", re.compile(r"(?<=[^\s«\u00a0\u202f])(?=»)"), NARROW),
    Rule("«", re.compile(f"(?<=«){_BLANK}++"), NARROW),
    Rule("«", re.compile(r"(?<=«)(?=[^\s»\u00a0\u202f])"), NARROW),
    Rule(":", re.compile(f"{_BLANKS}(?=:{_AFTER_MARK})"), WIDE),
    Rule(":", re.compile(rf"(?<=[^\W\d_])(?=:{_AFTER_MARK})"), WIDE),
    Rule("€", re.compile(f"(?<=\\d){_BLANK}*+(?=€)"), NARROW),
    Rule("%", re.compile(f"(?<=\\d){_BLANK}*+(?=%(?!\\w))"), NARROW),
    Rule("", re.compile(f"(?<=\\d){_BLANK}(?=\\d{{3}}(?!\\d))"), NARROW),
)
_LETTER_RULES = (
    Rule("", re.compile(r"\.{3}"), "…"),
    Rule("'", re.compile(r"(?<=\w)'"), "’"),
    Rule('"', re.compile(r'(?<=\w’)"(?=\w)'), f"«{NARROW}"),
    Rule('"', re.compile(rf'(?<!{_WORD_END})"(?=\S)'), f"«{NARROW}"),
    Rule('"', re.compile(rf'(?<={_WORD_END})"'), f"{NARROW}»"),
)
_INLINE = frozenset({"a", "em", "strong", "cite", "abbr", "b", "i", "q", "span", "sub", "sup", "small", "mark", "time"})
# Elements of which the text is quoted to the letter.
VERBATIM_ELEMENTS = frozenset({"code", "pre", "kbd", "samp", "script", "style"})


def printable(text: str) -> str:
    """Return text without what no page or feed can carry: controls, lone surrogates, noncharacters."""
    return _UNPRINTABLE.sub("", text)


def spaces(text: str) -> str:
    """Return plain text with French spacing: only spaces are inserted or replaced."""
    return _outside_verbatim(printable(text), _SPACE_RULES)


def typeset_paragraphs(text: str) -> str:
    """Return plain text as safe HTML: typographed, its paragraphs and line ends kept; nothing where there is none."""
    lines = typeset(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    paragraphs = re.split(r"\n[ \t]*\n\s*", lines) if lines else []
    return "".join(f"<p>{escape(paragraph).replace('\n', '<br>')}</p>" for paragraph in paragraphs)


def typeset(text: str) -> str:
    """Return plain text with French spacing, guillemets, apostrophes and ellipses."""
    return _outside_verbatim(printable(text), _LETTER_RULES + _SPACE_RULES)


def typeset_html(source: str) -> str:
    """Return HTML with its text typeset; tags, attributes and code stay as they are.

    The answer is not cleaned: typography comes before the cleaner, never after it.
    """
    typesetter = _Typesetter()
    typesetter.feed(source)
    typesetter.close()
    return typesetter.output()


def _outside_verbatim(text: str, rules: tuple[Rule, ...]) -> str:
    """Apply the rules around addresses, e-mails and code, each of which stands in as one mark."""
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        kept.append(match[0])
        return _KEPT

    text = _VERBATIM.sub(put_aside, text)
    for rule in rules:
        text = rule.apply(text)
    originals = iter(kept)
    return re.sub(_KEPT, lambda _: next(originals), text) if kept else text


class _Typesetter(HTMLParser):
    """Typesets a block's text as one reads it: «<em>mot</em>»! is spaced across its tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._done: list[str] = []
        self._run: list[str] = []
        self._tags: list[str] = []
        self._verbatim = 0

    def output(self) -> str:
        """Return all that was fed, typeset."""
        self._flush()
        return "".join(self._done)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag to the letter; code begins a run that stays as it is."""
        self._tag(tag, self.get_starttag_text() or "", _OPENING_TAG)
        self._verbatim += tag in VERBATIM_ELEMENTS

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an empty element, such as `<br/>`, to the letter."""
        self._tag(tag, self.get_starttag_text() or "", _OPENING_TAG)

    def handle_endtag(self, tag: str) -> None:
        """Keep the tag; the end of code ends its run."""
        self._tag(tag, f"</{tag}>", _CLOSING_TAG)
        if tag in VERBATIM_ELEMENTS and self._verbatim:
            self._verbatim -= 1

    def handle_data(self, data: str) -> None:
        """Add to the run of text."""
        self._run.append(printable(data))

    def _tag(self, tag: str, text: str, mark: str) -> None:
        if tag not in _INLINE:
            self._flush()
            self._done.append(text)
            return
        self._run.append(mark)
        self._tags.append(text)

    def _flush(self) -> None:
        text = "".join(self._run)
        if not self._verbatim:
            text = _outside_verbatim(text, _LETTER_RULES + _SPACE_RULES)
        tags = iter(self._tags)
        text = escape(text, quote=False)
        self._done.append(_TAG_MARK.sub(lambda _: next(tags), text))
        self._run, self._tags = [], []
