"""Django's sessions, accounts and messages, for the newsroom alone; and what is said while the database is away.

Readers have none of the three: on their pages these would cost a fifth of an empty answer, and
be one more thing that could make a public page differ from one visitor to the next.
"""

import errno
import functools
import logging
from collections.abc import Callable
from typing import Any

from allauth.account import middleware as allauth
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.core.exceptions import FieldDoesNotExist
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse

from multitude import protection
from multitude.pagekeys import ROUTE
from multitude.sight import discretion, metrics
from multitude.web.gate import RETRY_AFTER

logger = logging.getLogger(__name__)

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
AWAY = {"Cache-Control": "no-store", "Retry-After": str(RETRY_AFTER)}


@functools.cache
def _newsroom() -> str:
    return reverse("admin:index")


class _NewsroomOnly:
    """Leave every request alone that is not for admin."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(_newsroom()):
            return super().__call__(request)  # type: ignore[misc]
        return self.get_response(request)


class ProtectionMiddleware:
    """Add what Django has no setting for, to whatever is answered behind it; a view may say otherwise of its own, save of
    what browsers tell of its address.

    A refusal of Django's without a word gets its page here too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Note which view answers, by the name of its route."""
        request.META[ROUTE] = request.resolver_match.view_name if request.resolver_match else ""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        response = self.get_response(request)
        for name, value in protection.OWN.items():
            response.headers.setdefault(name, value)
        response.headers["Referrer-Policy"] = protection.referrer_policy(request.path_info)
        # Whoever opens the address of a form by itself gets a page, and not the browser's own.
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("405.html")
            response.headers["Content-Length"] = str(len(response.content))
        return response


class DatabaseAwayMiddleware:
    """Say that the site is away for a moment, rather than at fault, when the database does not answer or the disk is full."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 for what may work in a moment, when the database is there again, or when there is room on the disk."""
        route = request.META.get(ROUTE, "")
        if isinstance(exception, (OperationalError, InterfaceError)):
            metrics.count("database_away")
            logger.error("La base de données ne répond pas (%s) : %s", discretion.said(exception), route)
        elif isinstance(exception, OSError) and exception.errno in _NO_ROOM:
            logger.error("Il n’y a plus de place sur le disque (%s) : %s", discretion.said(exception), route)
        else:
            return None
        return HttpResponse(render_to_string("503.html"), status=503, headers=AWAY)


class UnstorableMiddleware:
    """Say that a request makes no sense, rather than that the site is at fault, when no database or codec can hold what is in it.

    Forms and lists refuse such values where they are read, and in better words; this is for the one that does not. The
    log keeps where it was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 400 for a value out of every range, a text that is none, a field that there is not."""
        if not isinstance(exception, (DataError, FieldDoesNotExist, OverflowError, UnicodeError)):
            return None
        route = request.META.get(ROUTE, "")
        logger.error("Une valeur que rien ne peut contenir a traversé : %s", route, exc_info=exception)
        return HttpResponse(render_to_string("400.html"), status=400, headers={"Cache-Control": "no-store"})


class SessionMiddleware(_NewsroomOnly, sessions.SessionMiddleware):
    """Django's sessions in admin."""


class AuthenticationMiddleware(_NewsroomOnly, auth.AuthenticationMiddleware):
    """Django's accounts in admin."""


class MessageMiddleware(_NewsroomOnly, messages.MessageMiddleware):
    """Django's messages in admin."""


class AccountMiddleware:
    """allauth's own in admin, which its second factors read the request from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.newsroom = allauth.AccountMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        answer = self.newsroom if request.path_info.startswith(_newsroom()) else self.get_response
        return answer(request)
