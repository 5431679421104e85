"""How pages may be cached: each view states its policy here, in standard HTTP.

`@public_page` is for pages that are the same bytes for everyone; `@private_page` for whatever
is personal. A shared cache, built-in or in front, obeys the headers (RFC 9111, RFC 5861).
While a public page is made, `depends_on()` notes what it shows; `purge()` then names what
changed, and every cache drops the pages concerned.
"""

import hashlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import wraps

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt

from multitude import clock
from multitude.background import housekeeping
from multitude.models import PurgeEvent

type View = Callable[..., HttpResponse]

KEPT = frozenset({200, 301, 404, 410})
# Every public page carries it: what stands in the frame of all pages purges it.
SITE = "site"
# Pages that list articles, whichever they are.
LISTS = "lists"
# Addresses where there is nothing: whatever is new purges them.
MISSING = "missing"
# Addresses that anybody can make up, such as searches: all pages of theirs together get a small share of a cache.
ENDLESS = "endless"
# How long an old page is better than none, while pages cannot be made.
ERROR_SECONDS = 86_400
# nginx cannot be told that a page changed: it keeps one for a second, and asks again.
NGINX_SECONDS = 1
_DEPENDENCIES = "multitude.dependencies"


class PersonalContentError(RuntimeError):
    """A public page set a cookie or varied on one: a fault of the program, never of a visitor."""


class Hidden(Http404):
    """What was asked for in words that name nothing: a 404 that no cache keeps."""


@dataclass
class _Dependencies:
    keys: set[str] = field(default_factory=lambda: {SITE})
    until: datetime | None = None


def public_page(
    *,
    fresh: int,
    stale: int = 60,
    params: tuple[str, ...] = (),
    blank: tuple[str, ...] = (),
    hides: bool = False,
) -> Callable[[View], View]:
    """Mark a view's pages as public.

    `fresh` is how many seconds a shared cache may serve a page without asking, `stale` how many
    more it may while it asks; browsers ask each time, and are told 304 when nothing changed.
    `params` are the query parameters that the view reads, and `blank` those of them that a form may
    leave empty, which asks for nothing: these, all others, and the cookies are taken out of the
    request, so that nothing personal can reach the page. Where a view `hides`, an address may be
    that of something that is not public: none of its 404s is kept, so that none tells.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            _depersonalise(request, params, blank)
            request.META[_DEPENDENCIES] = _Dependencies()
            is_hidden = False
            try:
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
            except Http404 as error:
                is_hidden = hides or isinstance(error, Hidden)
                depends_on(request, MISSING)
                response = render(request, "404.html", status=404)
            if response.cookies or "cookie" in response.get("Vary", "").lower():
                raise PersonalContentError(f"{request.path} is public but depends on a cookie")
            if is_hidden or response.status_code not in KEPT:
                response["Cache-Control"] = "no-store"
                return response
            _state_policy(request, response, fresh, stale)
            return get_conditional_response(request, etag=response["ETag"], response=response) or response

        page.public_params = params  # type: ignore[attr-defined]
        page.public_blank = blank  # type: ignore[attr-defined]
        return page

    return decorate


def private_page(view: View) -> View:
    """Mark a view's pages as personal: no cache keeps them."""

    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = render(request, "404.html", status=404)
        response["Cache-Control"] = "private, no-store"
        return response

    return page


def page_number(request: HttpRequest) -> int:
    """Return the declared `page` parameter, 1 when absent; what is no plain number from 1 on is a 404."""
    values = request.GET.getlist("page")
    if not values:
        return 1
    if len(values) == 1 and re.fullmatch(r"[1-9][0-9]{0,5}", values[0]):
        return int(values[0])
    raise Hidden


def depends_on(request: HttpRequest, *keys: str, until: datetime | None = None) -> None:
    """Note what the page under way shows, by surrogate keys, and the instant at which it changes by itself.

    A key is one word, such as `article:12`. On a page that is not public this does nothing.
    """
    dependencies = request.META.get(_DEPENDENCIES)
    if dependencies is None:
        return
    dependencies.keys.update(keys)
    if until is not None and (dependencies.until is None or until < dependencies.until):
        dependencies.until = until


# Purging ---------------------------------------------------------------------------------------

_remembered: list["Remembered"] = []
_listeners: list[Callable[[frozenset[str]], None]] = []
# Purges of this process, which its own reader need not repeat.
own_events: set[int] = set()


def purge(*keys: str) -> None:
    """Have every cache drop the pages that depend on one of the keys, once the transaction under way commits.

    This process does so before it answers; every other one reads the row within a second.
    """
    event = PurgeEvent.objects.create(keys=" ".join(sorted(set(keys))))
    transaction.on_commit(lambda: _purge_here(event.pk, frozenset(keys)))


def on_purge(listener: Callable[[frozenset[str]], None]) -> None:
    """Call a function with the keys of each purge, of this process or of another."""
    _listeners.append(listener)


def tell_listeners(keys: frozenset[str]) -> None:
    """Have everything in this process that keeps something forget what depends on the keys.

    What pages are made from goes first: a page made between the two would keep what is no longer so.
    """
    for value in _remembered:
        value.forget(keys)
    for listener in _listeners:
        listener(keys)


def _purge_here(event_id: int, keys: frozenset[str]) -> None:
    if housekeeping.is_running():
        own_events.add(event_id)
    tell_listeners(keys)


class Remembered[T]:
    """A value that pages need and the database holds: kept by this process until one of its keys is purged.

    A process whose purges nobody reads (a shell, a test) keeps nothing.
    """

    def __init__(self, read: Callable[[], T], *keys: str, seconds: float = 60) -> None:
        self._read = read
        self._keys = frozenset(keys)
        self._seconds = seconds
        self._kept: tuple[T, float] | None = None
        self._purges = 0
        self._lock = threading.Lock()
        _remembered.append(self)

    def get(self) -> T:
        """Return the value, read now or at most `seconds` ago."""
        kept = self._kept
        if kept is not None and time.monotonic() < kept[1]:
            return kept[0]
        return self.renew()

    def renew(self) -> T:
        """Read the value now, whatever is kept, so that those who come next find it."""
        purges = self._purges
        value = self._read()
        until = time.monotonic() + self._seconds
        with self._lock:
            # What was read while it changed is used once, and not kept.
            if housekeeping.is_running() and purges == self._purges:
                self._kept = value, until
        return value

    def forget(self, keys: frozenset[str]) -> None:
        """Keep the value no longer if it depends on one of the keys."""
        if keys & self._keys:
            with self._lock:
                self._purges += 1
                self._kept = None


# Headers ---------------------------------------------------------------------------------------


def _state_policy(request: HttpRequest, response: HttpResponse, fresh: int, stale: int) -> None:
    """Say in headers how long the page may be kept, never past the instant that changes it."""
    dependencies: _Dependencies = request.META[_DEPENDENCIES]
    error = max(ERROR_SECONDS, stale)
    if dependencies.until is not None:
        now = clock.now()
        left = max(0, int((dependencies.until - now).total_seconds()))
        fresh = min(fresh, left)
        stale = min(stale, left - fresh)
        # Seconds that reach just to the change would tell everybody of it long before: of one that comes later, no more is
        # said than that it does not come before the end of a day.
        if _day_of(dependencies.until) <= _day_of(now + timedelta(seconds=fresh + error)):
            error = stale
    response["Cache-Control"] = (
        f"public, max-age=0, s-maxage={fresh}, stale-while-revalidate={stale}, stale-if-error={error}"
    )
    response["Surrogate-Key"] = " ".join(sorted(dependencies.keys))
    response["X-Accel-Expires"] = str(min(NGINX_SECONDS, fresh))
    response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])


def _day_of(instant: datetime) -> date:
    return instant.astimezone(UTC).date()


def _depersonalise(request: HttpRequest, params: tuple[str, ...], blank: tuple[str, ...]) -> None:
    declared = request.GET.copy()
    for name, values in request.GET.lists():
        said = [value for value in values if value or name not in blank]
        if name in params and said:
            declared.setlist(name, said)
        else:
            del declared[name]
    request.GET = declared  # type: ignore[assignment]
    request.META["QUERY_STRING"] = declared.urlencode()
    for name in ("HTTP_COOKIE", "CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE"):
        request.META.pop(name, None)
    request.COOKIES = {}
    request.user = AnonymousUser()
    vars(request).pop("session", None)
