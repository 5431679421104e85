"""Where the links of a comment really lead, for who judges it."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

_HREF = re.compile(r'href="([^"]*)"')


@dataclass(frozen=True)
class Target:
    """A link's whole address, and its host as machines read it: «аpple.fr» in Cyrillic letters begins with «xn--»."""

    address: str
    host: str


def targets(html: str) -> list[Target]:
    """Return where the links of stored HTML lead, each address once, in the order of the text."""
    return [Target(address, _host(address)) for address in dict.fromkeys(map(unescape, _HREF.findall(html)))]


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
        return host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return ""
