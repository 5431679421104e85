"""Django's sessions, accounts and messages, for the newsroom alone.

Readers have none of the three: on their pages these would cost a fifth of an empty answer, and
be one more thing that could make a public page differ from one visitor to the next.
"""

import functools
from typing import Any

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse


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


class SessionMiddleware(_NewsroomOnly, sessions.SessionMiddleware):
    """Django's sessions in admin."""


class AuthenticationMiddleware(_NewsroomOnly, auth.AuthenticationMiddleware):
    """Django's accounts in admin."""


class MessageMiddleware(_NewsroomOnly, messages.MessageMiddleware):
    """Django's messages in admin."""
