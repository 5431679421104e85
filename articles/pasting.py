"""Makes plain HTML of what word processors and web pages put on the clipboard.

Word, LibreOffice, Google Docs and browsers say by styles and classes what an article says by its elements: bold is a
weight, a list is a paragraph with a margin, a title is the first of six levels. This turns the ones into the others;
it cleans nothing for safety, which is the work of `articles.rendering` afterwards. The editor's script does the same
in the browser (`static/js/writing/paste.js`), for whoever writes with it.
"""

import re
from collections import Counter
from html import escape, unescape
from html.parser import HTMLParser

import nh3

from articles import allowed, embeds

# What only a foreign text holds; without any of it, the text is left to the letter.
_FOREIGN = re.compile(
    r"<(?!/?(?:" + "|".join(sorted(allowed.ELEMENTS, key=len, reverse=True)) + r")[\s/>])[a-z!?]"
    r"|\s(?:style|class)\s*=|<(p|h2|h3|li|blockquote|strong|em)>(?:\s|&nbsp;|<br\s*/?>)*</\1>"
    r"|(?:&nbsp;|\xa0)[\s\xa0]|\s&nbsp;|(?:&nbsp;){2}|<p>\s*https?://[^\s<]+\s*</p>",
    re.IGNORECASE,
)
_TITLES = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "dt": "p", "dd": "p"}
_NAMES = {"b": "strong", "i": "em", "del": "s", "strike": "s", **_TITLES}
_FLOWING = frozenset({"div", "section", "article", "main", "header", "footer", "aside", "center", "address", "dl"})
_LINES = frozenset({*allowed.INLINE, *_NAMES, "span", "font", "u", "small", "big", "ins", "mark"} - {"br", *_TITLES})
_LISTS = frozenset({"ul", "ol"})
_CELLS = frozenset({"li", "td", "th"})
# Blocks that hold blocks only: a space in them stands for nothing.
_FRAMES = frozenset({"ul", "ol", "table", "thead", "tbody", "tr", "figure", *_FLOWING})
_BLOCKS = frozenset({*allowed.BLOCK, *_TITLES, *_FLOWING} - {"hr"})
_BLOCK_ENDS = frozenset(f"</{name}>" for name in allowed.BLOCK)
_HEADINGS = (("h2",), ("h3",))
# What means something even with nothing to read in it.
_KEPT = (("figure",), ("figcaption",), ("td",), ("th",))
_VOID = frozenset({"br", "hr"})
# The name of a paragraph that nobody wrote.
_IMPLICIT = "#p"
# Stands for the beginning of an item until one knows of what list.
_PENDING = "<>"
_NO_BREAKS = re.compile(" ?\xa0[ \xa0]+| \xa0")
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_LEVEL = re.compile(r"mso-list:[^;]*\blevel([1-9])", re.IGNORECASE)
_NUMBER = re.compile(r"^\(?(?:[0-9]{1,4}|[a-zA-Z]|[ivxlcIVXLC]{1,7})[.)]")
_STYLED = (
    (re.compile(r"(?:^|[;\s])font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE), "strong"),
    (re.compile(r"(?:^|[;\s])font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE), "em"),
    (re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE), "sup"),
    (re.compile(r"vertical-align\s*:\s*sub", re.IGNORECASE), "sub"),
    (re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE), "s"),
)
_NORMAL = re.compile(r"(?:^|[;\s])font-(?:weight\s*:\s*(?:normal|400)|style\s*:\s*normal)", re.IGNORECASE)

_LOOSE = nh3.Cleaner(
    tags={"iframe", *allowed.ELEMENTS, *_LINES, *_BLOCKS},
    clean_content_tags={"script", "style", "title", "xml", "object", "template", "noscript"},
    attributes=allowed.attributes() | {"*": {"style", "class"}, "iframe": {"src"}},
    url_schemes=set(allowed.SCHEMES),
    link_rel=None,
    strip_comments=True,
)


def tidy(source: str) -> str:
    """Return the HTML with what word processors and web pages say by styles said by elements; it is not safe yet.

    Text that holds nothing foreign is returned as it is.
    """
    if not _FOREIGN.search(source):
        return source
    tidier = _Tidier()
    # Well-formed first: each end tag that the tidier meets ends what it opened last.
    tidier.feed(_LOOSE.clean(source))
    tidier.close()
    return tidier.output()


class _Open:
    """An element that has begun: what it became, where that stands, and how much had been read before it."""

    __slots__ = ("became", "continues", "index", "is_nested", "level", "name", "start", "words")

    def __init__(self, name: str, became: tuple[str, ...], index: int, words: int) -> None:
        self.name = name
        self.became = became
        # Where its beginning stands, and what it holds begins.
        self.index = self.start = index
        self.words = words
        # The level of a paragraph that Word numbers, 0 for every other.
        self.level = 0
        # It goes on with the element that ended just before it; it is a list that stands in another outside any item.
        self.continues = self.is_nested = False

    def ends(self) -> str:
        """Return the end tags of what it became."""
        return "".join(f"</{name}>" for name in reversed(self.became))


class _Tidier(HTMLParser):
    """Writes an element's beginning when it comes, and takes it back at its end if there was nothing to read in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[_Open] = []
        self._blocks: list[_Open] = []
        self._lists: list[str] = []
        self._marker: list[str] = []
        self._active: Counter[str] = Counter()
        self._ignored = self._words = 0

    def output(self) -> str:
        """Return all that was fed, tidied."""
        self._end_implicit()
        self._end_lists()
        return "".join(self._out).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what the element becomes."""
        values = {name: value or "" for name, value in attrs}
        if self._ignored:
            self._ignored += tag not in _VOID
        elif tag == "br":
            if self._is_line() and self._out and self._out[-1] not in _BLOCK_ENDS:
                self._out.append("<br>")
        elif tag == "hr":
            self._begin_block()
            self._add("<hr>")
        elif tag == "iframe":
            self._open.append(_Open(tag, (), len(self._out), self._words))
            if link := embeds.link_to(values.get("src", "")):
                self._begin_words()
                self._add(_anchor(link))
        elif tag in _LINES:
            self._start_line(tag, values)
        else:
            self._start_block(tag, values)

    def handle_endtag(self, tag: str) -> None:
        """End what the element became, or take it back."""
        if self._ignored:
            self._ignored -= tag not in _VOID
            return
        if tag in _BLOCKS:
            self._end_implicit()
        if not self._open or self._open[-1].name != tag:
            return
        element = self._open.pop()
        self._active.subtract(element.became)
        if tag in _BLOCKS:
            self._end_block(element)
        else:
            self._end_line(element)

    def handle_data(self, data: str) -> None:
        """Add text, with its spaces in order."""
        if self._ignored:
            self._marker.append(data)
            return
        is_verbatim = self._active["pre"] or self._active["code"]
        if not is_verbatim:
            data = _NO_BREAKS.sub(" ", re.sub("[ \t\r\n]+", " ", data))
        if data.strip():
            self._begin_words()
        elif not self._is_line():
            return
        if not is_verbatim and self._blocks and self._words == self._blocks[-1].words:
            data = data.lstrip()
        self._words += bool(data.strip())
        self._out.append(escape(data, quote=False))

    def _is_line(self) -> bool:
        """Tell whether a space or a break here would stand in a line of text, rather than between blocks."""
        return not self._blocks or self._blocks[-1].name not in _FRAMES

    def _add(self, html: str) -> None:
        self._words += 1
        self._out.append(html)

    def _begin(self, name: str, became: tuple[str, ...], html: str) -> _Open:
        element = _Open(name, became, len(self._out), self._words)
        if html:
            self._out.append(html)
        element.start = len(self._out)
        self._open.append(element)
        self._active.update(became)
        return element

    def _start_line(self, tag: str, values: dict[str, str]) -> None:
        style = values.get("style", "")
        if _IGNORED.search(style):
            self._ignored, self._marker = 1, []
            return
        self._begin_words()
        name = _NAMES.get(tag, tag)
        names = [] if name not in allowed.INLINE or _NORMAL.search(style) else [name]
        if tag in {"span", "font"}:
            names = [name for pattern, name in _STYLED if pattern.search(style)]
        if name == "a" and values.get("href", "#_").startswith("#_"):
            names = []
        if self._blocks and self._blocks[-1].became in _HEADINGS:
            names = [name for name in names if name != "strong"]
        became = tuple(name for name in names if not self._active[name])
        end = "".join(f"</{name}>" for name in reversed(became))
        continues = bool(became and name != "a" and self._out and self._out[-1] == end)
        if continues:
            self._out.pop()
        html = "" if continues else "".join(_tag(name, values) for name in became)
        self._begin(tag, became, html).continues = continues

    def _end_line(self, element: _Open) -> None:
        if self._words > element.words or element.continues:
            if element.became:
                self._out.append(element.ends())
        elif element.start > element.index:
            self._out[element.index] = ""

    def _start_block(self, tag: str, values: dict[str, str]) -> None:
        level = _LEVEL.search(values.get("style", "")) if tag == "p" else None
        self._begin_block(is_item=bool(level))
        name = _NAMES.get(tag, tag)
        within = self._blocks[-1] if self._blocks else None
        became: tuple[str, ...] = (name,)
        if name == "figcaption" and (within is None or within.became != ("figure",)):
            became = ("p",)
        is_first = within is not None and within.name in _CELLS and self._words == within.words
        if (
            level
            or tag in _FLOWING
            or (name == "figure" and "data-picture" not in values)
            or (name == "p" and is_first)
        ):
            became = ()
        is_list = name in _LISTS
        is_nested = bool(is_list and within and within.name in _LISTS and self._out[-1:] == ["</li>"])
        continues = bool(is_list and not is_nested and self._out[-1:] == [f"</{name}>"])
        if is_nested or continues:
            self._out.pop()
        html = "" if continues else "".join(_tag(each, values) for each in became)
        element = self._begin(tag, became, _PENDING if level else html)
        element.level = int(level[1]) if level else 0
        element.is_nested, element.continues = is_nested, continues
        self._blocks.append(element)

    def _end_block(self, element: _Open) -> None:
        if not element.level:
            self._end_lists()
        self._blocks.pop()
        self._words += element.became in _KEPT
        if self._words > element.words:
            if element.name not in _FRAMES:
                self._trim(element)
            if element.level:
                self._out[element.index] = self._item(element.level)
            elif element.became:
                self._out.append(element.ends())
        else:
            del self._out[element.index :]
            if element.continues:
                self._out.append(element.ends())
        if element.is_nested:
            self._out.append("</li>")

    def _begin_words(self) -> None:
        """Open a paragraph where words stand in a division that knows none."""
        if self._blocks and self._blocks[-1].name in _FLOWING:
            self._end_lists()
            self._blocks.append(self._begin(_IMPLICIT, ("p",), "<p>"))

    def _begin_block(self, *, is_item: bool = False) -> None:
        self._end_implicit()
        self._end_text()
        if not is_item:
            self._end_lists()

    def _end_implicit(self) -> None:
        if self._open and self._open[-1].name == _IMPLICIT:
            element = self._open.pop()
            self._active.subtract(element.became)
            self._end_block(element)

    def _trim(self, element: _Open) -> None:
        """Take the spaces and breaks at a block's end away, and make a lone address of a known place a link."""
        out = self._out
        while len(out) > element.start and (not out[-1].strip() or out[-1] == "<br>"):
            out.pop()
        self._end_text()
        texts = [text for text in out[element.start :][:3] if text]
        if len(texts) == 1 and element.became == ("p",) and (link := embeds.link_to(unescape(texts[0]))):
            out[element.start :] = [_anchor(link)]

    def _end_text(self) -> None:
        """Take the spaces away that stand just before a block begins or ends."""
        if self._out and not self._out[-1].startswith("<") and not self._active["pre"]:
            self._out[-1] = self._out[-1].rstrip()
            if not self._out[-1]:
                self._out.pop()

    def _item(self, level: int) -> str:
        """Return what begins an item of a list at Word's level: its end is that of the list, or the next item."""
        name = "ol" if _NUMBER.match("".join(self._marker).strip()) else "ul"
        html = ""
        while len(self._lists) > level or (len(self._lists) == level and self._lists[-1] != name):
            html += f"</li></{self._lists.pop()}>"
        if len(self._lists) == level:
            return f"{html}</li><li>"
        while len(self._lists) < level:
            self._lists.append(name)
            html += f"<{name}><li>"
        return html

    def _end_lists(self) -> None:
        while self._lists:
            self._out.append(f"</li></{self._lists.pop()}>")


def _tag(name: str, values: dict[str, str]) -> str:
    """Return an element's beginning, with those of its attributes that an article may hold."""
    kept = (attribute for attribute in sorted(allowed.ELEMENTS[name]) if attribute in values)
    return f"<{name}{''.join(f' {attribute}="{escape(values[attribute])}"' for attribute in kept)}>"


def _anchor(link: embeds.Link) -> str:
    return f'<a href="{escape(link.address)}" title="{escape(link.title)}">{escape(link.words, quote=False)}</a>'
