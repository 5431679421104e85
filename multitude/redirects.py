"""Addresses of another time, such as those of the system before this one: `django.contrib.redirects`, for readers' pages.

It is asked only where there would be nothing, so a page that exists costs nothing. What it answers is a public page.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.redirects.middleware import RedirectFallbackMiddleware
from django.contrib.redirects.models import Redirect
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from multitude.caching import LISTS, MISSING, depends_on, public_page
from multitude.sight import discretion

logger = logging.getLogger(__name__)

type IsOpen = Callable[[str], bool]
type NextChange = Callable[[], datetime | None]

_guards: list[tuple[IsOpen, NextChange]] = []


def guard(is_open: IsOpen, next_change: NextChange) -> None:
    """Have readers led to a path only while `is_open(path)`, and `next_change()` tell until when an answer holds.

    Apps call it when they are ready. What is open may also change with any list of articles.
    """
    _guards.append((is_open, next_change))


class RedirectMiddleware(RedirectFallbackMiddleware):
    """Lead from an address where there is nothing to where the newsroom says; an empty one is gone."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Answer 301 or 410 in place of a 404."""
        is_readers = request.method in {"GET", "HEAD"} and not request.path_info.startswith(reverse("admin:index"))
        if response.status_code != 404 or not is_readers:
            return response
        try:
            path = _leads_to(request)
            # Asked of what leads nowhere, too: an answer's time does not tell the one from the other.
            may_lead = all(is_open(path or request.path_info) for is_open, _next_change in _guards)
        except (OperationalError, InterfaceError) as error:
            logger.error("La base de données ne répond pas (%s) : une adresse sans page.", discretion.said(error))
            response["Cache-Control"] = "no-store"
            return response
        return _answer(request, path) if path is not None and (may_lead or not path) else response


def _leads_to(request: HttpRequest) -> str | None:
    """Return where the address that is asked for leads, empty where it is gone, None where nobody has said anything of it.

    What is said of the very address comes first; else it is that of its path, and what the view at that path reads, such as
    the page of a list, is asked for there.
    """
    asked = [request.get_full_path(), request.get_full_path(force_append_slash=True)]
    bare = [address.partition("?")[0] for address in asked]
    said = Redirect.objects.filter(site_id=settings.SITE_ID, old_path__in={*asked, *bare})
    known = dict(said.values_list("old_path", "new_path"))
    found = next((address for address in (*asked, *bare) if address in known), None)
    if found is None:
        return None
    path, query = known[found], request.META.get("QUERY_STRING", "")
    is_read = (
        query and found not in asked and request.resolver_match is not None and "?" not in path and "#" not in path
    )
    return f"{path}?{query}" if path and is_read else path


@public_page(fresh=300)
def _answer(request: HttpRequest, path: str) -> HttpResponse:
    depends_on(request, MISSING, LISTS)
    for _is_open, next_change in _guards:
        depends_on(request, until=next_change())
    if not path:
        return render(request, "410.html", status=410)
    try:
        return HttpResponsePermanentRedirect(path)
    except (SuspiciousOperation, ValueError) as error:
        # The desk takes no such target; a fixture or a shell may have stored it.
        logger.error("Une redirection enregistrée ne mène à aucune adresse (%s).", type(error).__name__)
        raise Http404 from error
