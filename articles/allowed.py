"""The only HTML that an article may hold: the cleaner, the editor and `static/css/prose.css` follow this one list.

The cleaner drops whatever is not here; the editor is given the list with its page and makes nothing else; and each
element has its rule in the style sheet, which the page of the article and the editor both load.
"""

import re
from typing import Any

# What each element may carry, by its name.
INLINE: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "title", "hreflang"}),
    "abbr": frozenset({"title"}),
    "br": frozenset(),
    "cite": frozenset(),
    "code": frozenset(),
    "em": frozenset(),
    "q": frozenset({"cite"}),
    "s": frozenset(),
    "strong": frozenset(),
    "sub": frozenset(),
    "sup": frozenset(),
}
BLOCK: dict[str, frozenset[str]] = {
    "blockquote": frozenset({"cite"}),
    "figcaption": frozenset(),
    "figure": frozenset({"data-picture"}),
    "h2": frozenset(),
    "h3": frozenset(),
    "hr": frozenset(),
    "li": frozenset(),
    "ol": frozenset({"start"}),
    "p": frozenset(),
    "pre": frozenset(),
    "table": frozenset(),
    "tbody": frozenset(),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"scope", "colspan", "rowspan"}),
    "thead": frozenset(),
    "tr": frozenset(),
    "ul": frozenset(),
}
ELEMENTS = INLINE | BLOCK
ILLUSTRATION = frozenset({"figure", "figcaption"})
# A line break has no place in a line.
IN_A_LINE = INLINE.keys() - {"br"}
SCHEMES = frozenset({"http", "https", "mailto"})
ADDRESSES = frozenset({"href", "cite"})
VALUES = {
    "data-picture": re.compile(r"[1-9][0-9]{0,17}"),
    "start": re.compile(r"-?[0-9]{1,6}"),
    "scope": re.compile(r"col|row"),
    "colspan": re.compile(r"[1-9][0-9]?"),
    "rowspan": re.compile(r"[1-9][0-9]?"),
}


def attributes() -> dict[str, set[str]]:
    """Return what each element may carry, for the elements that may carry anything."""
    return {element: set(names) for element, names in ELEMENTS.items() if names}


def for_the_editor(*, illustrated: bool = True) -> dict[str, Any]:
    """Return the list as the editor's script takes it, in JSON's own types; without figures unless `illustrated`."""
    elements = {
        element: sorted(names) for element, names in ELEMENTS.items() if illustrated or element not in ILLUSTRATION
    }
    return {"elements": elements, "schemes": sorted(SCHEMES)}
