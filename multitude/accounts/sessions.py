"""The newsroom's sessions: Django's own, with a row beside each that says whose it is, where, and when it was last used.

This is SESSION_ENGINE. A session ends when its owner logs out or closes it from another browser, after a day without a
request, two weeks after its login, and when the account is disabled, is no longer staff or has another password: the
next request sees to that, and a chore to those that send none, so that it holds whatever changed the account.
"""

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from multitude import clock
from multitude.accounts import record
from multitude.clients import client_network
from multitude.models import Sitting

IDLE = timedelta(hours=24)
# What a session knows of itself: where it began, in which browser, and when.
_SITTING = "sitting"
# How much later a request is written down: reading a page writes nothing.
_GRAIN = timedelta(minutes=1)

_seen: dict[str, datetime] = {}
_writing_down = threading.Lock()


class SessionStore(db.SessionStore):
    """Django's sessions in the database, and the row beside each that somebody has logged in to."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return Django's own table."""
        return Session

    def save(self, must_create: bool = False) -> None:
        """Keep the session, and the row beside it."""
        super().save(must_create)
        if SESSION_KEY in self:
            self._keep_sitting()

    def delete(self, session_key: str | None = None) -> None:
        """Drop the session, and the row beside it."""
        key = session_key or self.session_key
        super().delete(session_key)
        if key:
            Sitting.objects.filter(session_key=key).delete()

    def _keep_sitting(self) -> None:
        known = self.get(_SITTING, {})
        started_at = datetime.fromisoformat(known["since"]) if known else clock.now()
        auth_hash = self.get(HASH_SESSION_KEY, "")
        sitting, _new = Sitting.objects.get_or_create(
            session_key=self.session_key,
            defaults={
                "user_id": int(self[SESSION_KEY]),
                "auth_hash": auth_hash,
                "address": known.get("address", ""),
                "browser": known.get("browser", ""),
                "started_at": started_at,
            },
        )
        # Its owner has changed the password in it.
        if sitting.auth_hash != auth_hash:
            sitting.auth_hash = auth_hash
            sitting.save(update_fields=["auth_hash"])


def begin(request: HttpRequest) -> None:
    """Note in the session where and in which browser it begins; two weeks from now it is over."""
    now = clock.now()
    request.session[_SITTING] = {
        "address": record.shortened(client_network(request.META)),
        "browser": record.browser(request.headers.get("User-Agent", "")),
        "since": now.isoformat(),
    }
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def seen(key: str) -> None:
    """Note that a session was used; the database is told by a chore, or when somebody asks."""
    with _writing_down:
        _seen[key] = clock.now()


def write_down() -> None:
    """Tell the database which sessions were used since the last time."""
    with _writing_down:
        used = dict(_seen)
        _seen.clear()
    for key, at in used.items():
        Sitting.objects.filter(session_key=key, seen_at__lt=at - _GRAIN).update(seen_at=at)


def of(user: User) -> QuerySet[Sitting]:
    """Return an account's sessions that go on, the last used first."""
    sweep(user)
    return Sitting.objects.filter(user=user).order_by("-seen_at", "-pk")


def end(sittings: Iterable[Sitting]) -> int:
    """End sessions, and return how many there were."""
    keys = [sitting.session_key for sitting in sittings]
    Session.objects.filter(session_key__in=keys).delete()
    return Sitting.objects.filter(session_key__in=keys).delete()[0]


def end_all(user: User, *, but: str | None = None) -> int:
    """End an account's sessions, save the one whose key is given, and return how many there were."""
    return end(Sitting.objects.filter(user=user).exclude(session_key=but or ""))


def end_everybodys() -> None:
    """End all sessions that there are: a restored one may be that of somebody who has closed it since."""
    Session.objects.all().delete()
    Sitting.objects.all().delete()


def sweep(user: User | None = None) -> None:
    """End the sessions, of an account or of all, that are over: by time, or by what became of the account."""
    write_down()
    sittings = Sitting.objects.select_related("user").order_by("pk")
    if user is not None:
        sittings = sittings.filter(user=user)
    now = clock.now()
    going_on = Session.objects.filter(expire_date__gt=now).values("session_key")
    end(sittings.filter(Q(seen_at__lt=now - IDLE) | ~Q(session_key__in=going_on)))
    for sitting in list(sittings):
        if reason := _over(sitting):
            end([sitting])
            record.note(record.Kind.SESSIONS_ENDED, sitting.user, detail=reason)


def follow(request: HttpRequest) -> None:
    """End the session of a request whose account may not be here any more, or note that it is used."""
    if SESSION_KEY not in request.session:
        return
    key, pk = request.session.session_key, request.session[SESSION_KEY]
    if request.user.is_authenticated and request.user.is_staff:
        seen(key or "")
        return
    request.session.flush()
    account = User.objects.filter(pk=pk).first()
    record.note(
        record.Kind.SESSIONS_ENDED, account, request, detail=_shut_out(account) or _("le mot de passe a changé")
    )


def _shut_out(user: User | None) -> str:
    return "" if user and user.is_active and user.is_staff else _("le compte n’a plus accès à la rédaction")


def _over(sitting: Sitting) -> str:
    """Return why a session is over, or an empty text."""
    user: Any = sitting.user
    if reason := _shut_out(user):
        return reason
    if sitting.auth_hash not in {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}:
        return _("le mot de passe a changé")
    return ""
