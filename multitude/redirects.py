"""Addresses of another time, such as those of the system before this one: `django.contrib.redirects`, for readers' pages.

It is asked only where there would be nothing, so a page that exists costs nothing. What it answers is a public page.
"""

import logging

from django.contrib.redirects.middleware import RedirectFallbackMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from multitude.caching import MISSING, depends_on, public_page

logger = logging.getLogger(__name__)


class RedirectMiddleware(RedirectFallbackMiddleware):
    """Lead from an address where there is nothing to where the newsroom says; an empty one is gone."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Answer 301 or 410 in place of a 404."""
        is_readers = request.method in {"GET", "HEAD"} and not request.path_info.startswith(reverse("admin:index"))
        if response.status_code != 404 or not is_readers:
            return response
        try:
            found = super().process_response(request, response)
        except (OperationalError, InterfaceError) as error:
            logger.error("La base de données ne répond pas (%s) : %s", error, request.path)
            response["Cache-Control"] = "no-store"
            return response
        return response if found is response else _answer(request, found.get("Location", ""))


@public_page(fresh=300)
def _answer(request: HttpRequest, path: str) -> HttpResponse:
    depends_on(request, MISSING)
    return HttpResponsePermanentRedirect(path) if path else render(request, "410.html", status=410)
