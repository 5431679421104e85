"""A page as the page cache holds it: its bytes in each encoding, made once, and how long they are good."""

import gzip
import re
from collections import OrderedDict
from collections.abc import Hashable
from functools import lru_cache

from multitude.numerals import number_in

try:
    import brotli
except ImportError:
    brotli = None

type Headers = list[tuple[str, str]]

# Below this a compressed page still fills one packet.
_WORTH_COMPRESSING = 1_000
_COMPRESSED_TYPES = (
    "text/",
    "application/atom+xml",
    "application/rss+xml",
    "application/xml",
    "application/json",
    "image/x-icon",
)
_GZIP_LEVEL = 6
_BROTLI_QUALITY = 5
# What an answer weighs in memory beside its bodies: its headers, its places in the shelf's tables. And for each byte of a
# body, half a byte that the allocator cannot use for anything else. Both measured on a full shelf in a web process.
_OVERHEAD = 7_000
_HOLES = 0.5
_NOT_MODIFIED = {"cache-control", "content-location", "expires", "surrogate-key", "vary", "x-accel-expires"}
_DIRECTIVE = re.compile(r"([a-z-]+)\s*(?:=\s*\"?([^\",;\s]*)\"?)?", re.IGNORECASE)
_CODINGS = ("br", "gzip", "identity")


class Variant:
    """One encoding of a page: headers and body to send, and the headers of a 304."""

    __slots__ = ("_told", "body", "etag", "headers", "not_modified")

    def __init__(self, headers: Headers, body: bytes, etag: str, coding: str) -> None:
        self.etag = etag and (etag if coding == "identity" else f'{etag[:-1]}-{coding}"')
        own = [("ETag", self.etag)] if self.etag else []
        self.not_modified = [pair for pair in headers if pair[0].lower() in _NOT_MODIFIED] + own
        if coding != "identity":
            own.append(("Content-Encoding", coding))
        self.headers = [*headers, *own, ("Content-Length", str(len(body)))]
        self.body = [body]
        self._told: tuple[str, int | None, tuple[Headers, Headers]] = ("", None, ([], []))

    def told(self, state: str, age: int | None) -> tuple[Headers, Headers]:
        """Return the headers of an answer, and of its 304, with the cache's own; worked out once a second."""
        known_state, known_age, headers = self._told
        if known_age != age or known_state != state:
            own = [("X-Cache", state)] if age is None else [("X-Cache", state), ("Age", str(age))]
            headers = self.headers + own, self.not_modified + own
            self._told = state, age, headers
        return headers


class Page:
    """An answer of Django's, ready to be sent again.

    `is_kept` says whether a shared cache may keep it at all (RFC 9111, section 3): it is public,
    has an `s-maxage`, sets no cookie, and varies on nothing but its encoding. It ages from `began`, the
    instant at which its making began (section 4.2.3): what it shows is no younger.
    """

    __slots__ = (
        "error_until",
        "fresh_until",
        "is_kept",
        "keys",
        "made_at",
        "served",
        "size",
        "stale_until",
        "status",
        "status_code",
        "variants",
        "words",
    )

    def __init__(self, status: str, headers: Headers, body: bytes, began: float) -> None:
        self.status = status
        self.status_code = int(status[:3])
        named = _by_name(headers)
        directives = _directives(named.get("cache-control", ""))
        self.keys = frozenset(named.get("surrogate-key", "").split())
        self.is_kept = self._may_be_kept(named, directives)
        self.made_at = began
        # What is counted each time that it is served from memory, and the words that say so in the log.
        self.served: list[float] = [0]
        self.words = ""
        self.fresh_until = self.made_at + _seconds(directives, "s-maxage")
        self.stale_until = self.fresh_until + _seconds(directives, "stale-while-revalidate")
        self.error_until = self.fresh_until + _seconds(directives, "stale-if-error")
        self.variants = self._variants(named, headers, body)
        bodies = sum(len(variant.body[0]) for variant in self.variants.values())
        self.size = _OVERHEAD + int(bodies * (1 + _HOLES))

    def _may_be_kept(self, named: dict[str, str], directives: dict[str, str]) -> bool:
        vary = {name.strip().lower() for name in named.get("vary", "").split(",") if name.strip()}
        return (
            self.status_code in {200, 301, 404, 410}
            and "public" in directives
            and _seconds(directives, "s-maxage") > 0
            and not {"private", "no-store", "no-cache"} & directives.keys()
            and "set-cookie" not in named
            and "content-encoding" not in named
            and vary <= {"accept-encoding"}
        )

    def _variants(self, named: dict[str, str], headers: Headers, body: bytes) -> dict[str, Variant]:
        own = {"content-length", "etag", "vary"} if self.is_kept else {"content-length", "etag"}
        shared = [_pair(name, value) for name, value in headers if name.lower() not in own]
        bodies = {"identity": body}
        if self.is_kept:
            shared.append(_pair("Vary", "Accept-Encoding"))
            if len(body) >= _WORTH_COMPRESSING and named.get("content-type", "").startswith(_COMPRESSED_TYPES):
                bodies["gzip"] = gzip.compress(body, _GZIP_LEVEL, mtime=0)
                if brotli is not None:
                    bodies["br"] = brotli.compress(body, quality=_BROTLI_QUALITY)
        etag = named.get("etag", "")
        return {coding: Variant(shared, content, etag, coding) for coding, content in bodies.items()}


class Shelf[K: Hashable]:
    """Pages up to so many bytes, the least recently used dropped first; the caller holds the lock."""

    def __init__(self, capacity: int) -> None:
        self.bytes = 0
        self._capacity = capacity
        self._pages: OrderedDict[K, Page] = OrderedDict()
        self._by_surrogate: dict[str, set[K]] = {}

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: K) -> Page | None:
        """Return a page and count it as used, or None."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def put(self, key: K, page: Page) -> None:
        """Keep a page in place of the one before, unless it is larger than the whole shelf."""
        self.drop(key)
        if page.size > self._capacity:
            return
        self._pages[key] = page
        self.bytes += page.size
        for surrogate in page.keys:
            self._by_surrogate.setdefault(surrogate, set()).add(key)
        while self.bytes > self._capacity:
            self.drop(next(iter(self._pages)))

    def drop(self, key: K) -> None:
        """Forget a page, if it is here."""
        page = self._pages.pop(key, None)
        if page is None:
            return
        self.bytes -= page.size
        for surrogate in page.keys:
            keys = self._by_surrogate[surrogate]
            keys.discard(key)
            if not keys:
                del self._by_surrogate[surrogate]

    def purge(self, surrogates: frozenset[str]) -> None:
        """Forget every page that depends on one of the surrogate keys."""
        for surrogate in surrogates:
            for key in list(self._by_surrogate.get(surrogate, ())):
                self.drop(key)


@lru_cache(maxsize=512)
def encoding_order(accepted: str) -> tuple[str, ...]:
    """Return the content codings that an Accept-Encoding header allows, the best for us first (RFC 9110, section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, parameters = part.partition(";")
        match = re.search(r"q\s*=\s*([0-9.]{1,5})", parameters)
        try:
            weights[coding.strip()] = float(match[1]) if match else 1.0
        except ValueError:
            weights[coding.strip()] = 0.0
    others = weights.get("*", 0.0)
    # Nobody has to ask for the page as it is, which is why it comes last when it is not named.
    unnamed = {"identity": min(weights.get("*", 1.0), 0.001)}
    wanted = {coding: weights.get(coding, unnamed.get(coding, others)) for coding in _CODINGS}
    return tuple(sorted((coding for coding in _CODINGS if wanted[coding] > 0), key=lambda coding: -wanted[coding]))


def etag_matches(known: str, etag: str) -> bool:
    """Return whether an If-None-Match header names an entity tag, by weak comparison (RFC 9110, section 13.1.2)."""
    if known == etag:
        return True
    return known.strip() == "*" or etag in re.findall(r'"[^"]*"', known[:10_000])


@lru_cache(maxsize=256)
def _pair(name: str, value: str) -> tuple[str, str]:
    """Return one header; most are the same on every page, and then are one object for all."""
    return name, value


def _by_name(headers: Headers) -> dict[str, str]:
    """Return the headers by lower-case name; one that comes twice is a list (RFC 9110, section 5.3)."""
    named: dict[str, str] = {}
    for name, value in headers:
        known = named.get(name.lower())
        named[name.lower()] = value if known is None else f"{known}, {value}"
    return named


def _directives(header: str) -> dict[str, str]:
    return {name.lower(): value for name, value in _DIRECTIVE.findall(header)}


def _seconds(directives: dict[str, str], name: str) -> int:
    return number_in(directives.get(name, ""), longest=9) or 0
