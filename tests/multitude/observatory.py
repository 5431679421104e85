"""What Mozilla's HTTP Observatory gives a page: the modifiers of those of its tests that headers decide.

Source: https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring. A page that is reached over TLS, and whose
scripts all come from its own origin, neither gains nor loses by the tests that are not here.
"""

from collections.abc import Mapping
from http.cookies import SimpleCookie

BASELINE, BONUS_FROM = 100, 90
_SIX_MONTHS = 15_768_000
_PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def score(headers: Mapping[str, str], cookies: SimpleCookie) -> int:
    """Return the score: penalties first, and bonuses only for who stands at BONUS_FROM after them."""
    policy = _directives(headers.get("Content-Security-Policy", ""))
    modifiers = [
        _csp(policy),
        _cookies(cookies),
        _hsts(headers.get("Strict-Transport-Security", "")),
        -50 if headers.get("Access-Control-Allow-Origin") == "*" else 0,
        0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        _framing(policy, headers.get("X-Frame-Options", "")),
        _referrer(headers.get("Referrer-Policy", "")),
        10 if headers.get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"} else 0,
    ]
    penalised = BASELINE + sum(modifier for modifier in modifiers if modifier < 0)
    bonuses = sum(modifier for modifier in modifiers if modifier > 0)
    return penalised + bonuses if penalised >= BONUS_FROM else max(penalised, 0)


def _directives(policy: str) -> dict[str, set[str]]:
    words = (directive.split() for directive in policy.split(";") if directive.strip())
    return {name: set(sources) for name, *sources in words}


def _csp(policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    sources = set().union(*policy.values())
    if "'unsafe-inline'" in policy.get("script-src", policy.get("default-src", {"'unsafe-inline'"})):
        return -20
    if "'unsafe-eval'" in sources or sources & {"http:", "*"}:
        return -20
    if "'unsafe-inline'" in sources:
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def _cookies(cookies: SimpleCookie) -> int:
    if not cookies:
        return 0
    found = cookies.values()
    if not all(cookie["secure"] for cookie in found):
        return -20
    if not all(cookie["httponly"] for cookie in found):
        return -30
    return 5 if all(cookie["samesite"] in {"Lax", "Strict"} for cookie in found) else 0


def _hsts(header: str) -> int:
    seconds = next((part.partition("=")[2] for part in header.split(";") if part.strip().startswith("max-age=")), "0")
    if not header:
        return -20
    return 0 if int(seconds) >= _SIX_MONTHS else -10


def _framing(policy: dict[str, set[str]], header: str) -> int:
    return 5 if policy.get("frame-ancestors", set()) & {"'none'", "'self'"} or header in {"DENY", "SAMEORIGIN"} else -20


def _referrer(header: str) -> int:
    if not header:
        return 0
    return 5 if header in _PRIVATE else -5
