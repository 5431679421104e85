"""How deep HTML nests, before anything parses it: each level slows every parser, and thousands of them stop the site.

It is an upper bound, in linear time: what may begin an element counts wherever it stands, what ends one only where
every parser agrees that it does.
"""

import re
from collections import Counter

from django.utils.translation import gettext_lazy as _

MOST = 100
REFUSAL = _("Ce texte emboîte trop d’éléments les uns dans les autres : simplifiez son balisage.")

_RAW = "iframe|noembed|noframes|noscript|script|style|textarea|title|xmp"
_ATTRIBUTES = r"""(?:[^>"'=]++|=\s*+(?:"[^"]*+"?+|'[^']*+'?+)?+|["'])*+"""
_TOKEN = re.compile(
    r"(?P<comment><!--(?:-?>|.*?(?:--!?>|\Z)))"
    r"|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    rf"|<(?P<raw>{_RAW})(?=[\s/>]).*?(?:</(?P=raw)(?=[\s/>])|\Z)"
    rf"|</(?P<end>[a-z][^\s/>]*+){_ATTRIBUTES}>"
    rf"|<[a-z]{_ATTRIBUTES}>?+"
    r"|<[!?/][^>]*+",
    re.IGNORECASE | re.DOTALL,
)
_BEGINNING = re.compile(r"<([a-z][^\s/>]*)", re.IGNORECASE)
# What ends where the next of its kind begins, and what holds nothing.
_FLAT = frozenset(
    {"a", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
    | {"dd", "dt", "li", "optgroup", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}
)


def is_too_deep(html: str) -> bool:
    """Tell whether elements may stand in more than a hundred others."""
    opened: Counter[str] = Counter()
    depth = 0
    for token in _TOKEN.finditer(html):
        if token["comment"]:
            continue
        if end := token["end"]:
            name = end.lower()
            if opened[name]:
                opened[name] -= 1
                depth -= 1
            continue
        for name in _BEGINNING.findall(token[0].lower()):
            if name not in _FLAT:
                opened[name] += 1
                depth += 1
        if token["raw"] and opened[token["raw"].lower()]:
            opened[token["raw"].lower()] -= 1
            depth -= 1
        if depth > MOST:
            return True
    return False
