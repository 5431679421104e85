"""How pages may be cached: each view states its policy here, in standard HTTP.

`@public_page` is for pages that are the same bytes for everyone; `@private_page` for whatever
is personal. A shared cache, built-in or in front, obeys the headers (RFC 9111, RFC 5861).
"""

import hashlib
import re
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt

type View = Callable[..., HttpResponse]


class PersonalContentError(RuntimeError):
    """A public page set a cookie or varied on one: a fault of the program, never of a visitor."""


def public_page(*, fresh: int, stale: int = 60, params: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Mark a view's pages as public.

    `fresh` is how many seconds a shared cache may serve a page without asking, `stale` how many
    more it may while it asks; browsers ask each time, and are told 304 when nothing changed.
    `params` are the query parameters that the view reads: all others, and the cookies, are taken
    out of the request, so that nothing personal can reach the page.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            _depersonalise(request, params)
            try:
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
            except Http404:
                response = render(request, "404.html", status=404)
            if response.status_code != 200:
                response["Cache-Control"] = "no-store"
                return response
            if response.cookies or "cookie" in response.get("Vary", "").lower():
                raise PersonalContentError(f"{request.path} is public but depends on a cookie")
            response["Cache-Control"] = f"public, max-age=0, s-maxage={fresh}, stale-while-revalidate={stale}"
            response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
            return get_conditional_response(request, etag=response["ETag"], response=response) or response

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
    raise Http404


def _depersonalise(request: HttpRequest, params: tuple[str, ...]) -> None:
    declared = request.GET.copy()
    for name in set(declared) - set(params):
        del declared[name]
    request.GET = declared  # type: ignore[assignment]
    request.META["QUERY_STRING"] = declared.urlencode()
    for name in ("HTTP_COOKIE", "CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE"):
        request.META.pop(name, None)
    request.COOKIES = {}
    request.user = AnonymousUser()
    del request.session
