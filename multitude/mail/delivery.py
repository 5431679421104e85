"""How mail leaves the outbox: one mail, one session with the server, and one line of the table that says how it went.

A worker, or a thread of each web process, calls `deliver()`. Who claims a mail first sends it. What the server refuses for good
(5xx in answer to the mail) is parked at once with its words; anything else is tried again, after a minute, then
two, four, an hour at most, and parked after ATTEMPTS. A sender that dies leaves its mail `sending`: the server may have it
already, or not. It is sent again, under the same Message-ID, and marked: a copy that one recognises is better than a
mail that nobody gets. Logs name a mail by its number, never by its address or the server's words, which may hold it.
"""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import mailers
from django.db import DatabaseError, InterfaceError
from django.db.models import F, Q, QuerySet
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from multitude import clock
from multitude.background import housekeeping, processes
from multitude.mail.outbox import Letter, Status, on_a_line
from multitude.models import OutgoingMail
from multitude.sight import journal

logger = logging.getLogger(__name__)

TRANSPORT = "transport"
# About two days.
ATTEMPTS = 50
SHORTEST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
LOOK_SECONDS = 10.0
MOST_PUT_OFF = 1_000
_LONGEST_REASON = 1_000
# Where so many others were faster, the next look finds what is left.
_TRIES = 8

_UNCLAIMED = {"claimed_at": None, "claimed_by": ""}

# What could not be noted because the database was away, by when it was claimed: what has left is not sent again, and a
# claim that nobody acted upon is given back.
_unnoted: dict[int, tuple[datetime | None, dict[str, Any]]] = {}


def has_server() -> bool:
    """Return whether what is written can leave: a public site whose EMAIL_URL names no server keeps it."""
    return TRANSPORT in settings.MAILERS


def waits() -> bool:
    """Return whether a mail is due, or was left by a sender that is gone, and there is a server to send it."""
    if not has_server():
        return False
    return bool(_unnoted) or _due().exists() or any(True for _mail in _left())


def deliver() -> int:
    """Send what is due, the oldest first, until nothing is left or the server is away or ill; return how many left.

    Nothing is tried, and so no try is used up, as long as EMAIL_URL names no server.
    """
    if not has_server():
        return 0
    _note_late()
    _take_up()
    sent = 0
    mailer = mailers[TRANSPORT]
    while not housekeeping.is_stopping() and (mail := _claimed()):
        outcome = _send(mail, mailer)
        sent += outcome == Status.SENT
        if outcome is None:
            break
    return sent


def delay(attempts: int) -> timedelta:
    """Return how long a mail waits after so many attempts."""
    return min(LONGEST_DELAY, SHORTEST_DELAY * 2 ** min(attempts - 1, 16))


def oldest_due() -> datetime | None:
    """Return when the oldest mail was written that has not left, and is not parked; None where there is none."""
    return _unsettled().order_by("written_at").values_list("written_at", flat=True).first()


def waiting() -> int:
    """Return how many mails have not left, and are not parked."""
    return _unsettled().count()


# Who sends -----------------------------------------------------------------------------------


def _unsettled() -> QuerySet[OutgoingMail]:
    """Return what waits or is being sent, as the index has it."""
    return OutgoingMail.objects.filter(settled_at__isnull=True)


def _due() -> QuerySet[OutgoingMail]:
    """Return what is to be tried now; what was never tried is due whatever a clock said when it was written.

    Nothing waits for longer than the longest delay: a later instant comes from a clock that was wrong.
    """
    now = clock.now()
    is_due = Q(due_at__lte=now) | Q(due_at__gt=now + LONGEST_DELAY) | Q(attempts=0)
    return _unsettled().filter(is_due, status=Status.WAITING)


def _claimed() -> OutgoingMail | None:
    """Claim the mail that has waited longest, for this process alone; None where none waits."""
    for key in _due().order_by("due_at", "pk").values_list("pk", flat=True)[:_TRIES]:
        now = clock.now()
        claim = {"status": Status.SENDING, "claimed_at": now, "claimed_by": processes.this_one()}
        try:
            # Whoever updates the row first has it.
            if _due().filter(pk=key).update(**claim, attempts=F("attempts") + 1):
                return OutgoingMail.objects.filter(pk=key).first()
        except (DatabaseError, InterfaceError):
            # The claim may stand although nobody heard so: this process lives, and would keep it without sending it.
            _unnoted[key] = now, {**_UNCLAIMED, "status": Status.WAITING, "attempts": F("attempts") - 1}
            raise
    return None


def _left() -> Iterator[OutgoingMail]:
    """Yield the mails whose sender is gone."""
    for mail in _unsettled().filter(status=Status.SENDING).defer("source"):
        if mail.claimed_at and mail.pk not in _unnoted and processes.has_left(mail.claimed_by, mail.claimed_at):
            yield mail


def _take_up() -> None:
    """Have what a sender left behind tried again; the server may have it already."""
    for mail in _left():
        logger.warning("Le mail n° %d a été laissé en cours d’envoi : il repart, et peut arriver deux fois.", mail.pk)
        mail.is_doubtful = True
        _settle(mail, _later(mail.attempts, _("L’envoi a été interrompu."), timedelta(0)))


# How it goes ---------------------------------------------------------------------------------


def _send(mail: OutgoingMail, mailer: Any) -> Status | None:
    """Send a mail and note how it went; return where it stands then, None where the server is away or ill."""
    try:
        try:
            mailer.open()
        except Exception as error:
            status = _settle(mail, _later(mail.attempts, in_words(error)))
            number = (status == Status.WAITING) + _put_off_others(in_words(error))
            logger.error("Le serveur de mail ne répond pas (%s). Mails à réessayer : %d.", _in_short(error), number)
            return None
        try:
            mailer.send_messages([Letter(mail)])
        except Exception as error:
            if _is_final(error):
                logger.error("Le mail n° %d est refusé pour de bon (%s).", mail.pk, _in_short(error))
                return _settle(mail, _parked(in_words(error)))
            is_ill = _code(error) is None
            mail.is_doubtful |= is_ill and getattr(mailer, "may_have_taken_it", False)
            logger.warning("Le mail n° %d n’est pas parti (%s).", mail.pk, _in_short(error))
            status = _settle(mail, _later(mail.attempts, in_words(error)))
            # Others wait for the next look: a server that hangs with each of them would hold up whatever else is to be done.
            return None if is_ill else status
        # Before the server is told goodbye, which it may be slow to return.
        return _settle(mail, {"status": Status.SENT, "settled_at": clock.now(), "source": None, "reason": ""})
    finally:
        with suppress(OSError):
            mailer.close()


def _put_off_others(reason: str) -> int:
    """Have whatever else is due tried later, each in its time, and return how much that is.

    A server that cannot be reached is not asked for each of them.
    """
    number = 0
    others = list(_due().order_by("due_at", "pk").values_list("pk", "attempts")[:MOST_PUT_OFF])
    for pk, attempts in others:
        values = _later(attempts + 1, reason)
        if _due().filter(pk=pk, attempts=attempts).update(attempts=attempts + 1, **values):
            _tell(pk, attempts + 1, values["status"])
            number += values["status"] == Status.WAITING
    return number


def _later(attempts: int, reason: str, wait: timedelta | None = None) -> dict[str, Any]:
    """Return what is noted of a mail that is to be tried again, by default after a time that grows; parked after its last attempt."""
    if attempts >= ATTEMPTS:
        return _parked(reason)
    due_at = clock.now() + (delay(attempts) if wait is None else wait)
    return {"status": Status.WAITING, "due_at": due_at, "reason": reason}


def _parked(reason: str) -> dict[str, Any]:
    """Return what is noted of a mail that is left to whoever looks after the outbox, in admin."""
    return {"status": Status.PARKED, "settled_at": clock.now(), "reason": reason}


def _settle(mail: OutgoingMail, values: dict[str, Any]) -> Status:
    """Note how it went with a mail that is being sent; where the database is away, it is noted later."""
    values |= _UNCLAIMED | {"is_doubtful": mail.is_doubtful}
    try:
        _note(mail.pk, mail.claimed_at, values)
    except (DatabaseError, InterfaceError) as error:
        _unnoted[mail.pk] = mail.claimed_at, values
        logger.error("Ce qu’il en est du mail n° %d n’a pas encore pu être noté (%s).", mail.pk, type(error).__name__)
    _tell(mail.pk, mail.attempts, values["status"])
    return values["status"]


def _tell(pk: int, attempts: int, status: Status) -> None:
    """Log what a mail came to, unless it is to be tried again."""
    if status == Status.PARKED and attempts >= ATTEMPTS:
        logger.error("Le mail n° %d est bloqué après %d essais.", pk, attempts)
    if status != Status.WAITING:
        journal.act(f"mail.{status}", mail=pk)


def _note(pk: int, claimed_at: datetime | None, values: dict[str, Any]) -> None:
    OutgoingMail.objects.filter(pk=pk, status=Status.SENDING, claimed_at=claimed_at).update(**values)


def _note_late() -> None:
    for pk, (claimed_at, values) in list(_unnoted.items()):
        _note(pk, claimed_at, values)
        del _unnoted[pk]


# What the server says ------------------------------------------------------------------------


def _code(error: Exception) -> int | None:
    """Return the number of the server's answer, None where it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _words in error.recipients.values()), None)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _is_final(error: Exception) -> bool:
    """Return whether a mail was refused for its own sake, so that it would be refused again (RFC 5321, section 4.2.1)."""
    code = _code(error)
    return isinstance(error, ValueError) or (code is not None and code >= 500)


def _in_short(error: Exception) -> str:
    """Return what a log may say of it: no address, no words of the server."""
    code = _code(error)
    return type(error).__name__ if code is None else str(code)


def in_words(error: Exception) -> str:
    """Return in a sentence why a mail did not leave, with the server's own words where it had some."""
    answers: list[tuple[int, bytes | str]] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers += error.recipients.values()
    elif isinstance(error, smtplib.SMTPResponseException):
        answers.append((error.smtp_code, error.smtp_error))
    if answers:
        said = "; ".join(f"{code} {on_a_line(force_str(words, errors='replace'))}" for code, words in answers)
        sentence = _("Le serveur de mail a répondu : %(said)s") % {"said": said}
    elif isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        sentence = _("Le serveur de mail ne répond pas à temps.")
    elif isinstance(error, ConnectionRefusedError):
        sentence = _("Le serveur de mail refuse la connexion.")
    elif isinstance(error, smtplib.SMTPServerDisconnected):
        sentence = _("Le serveur de mail a coupé la connexion.")
    else:
        sentence = _("L’envoi a échoué : %(error)s") % {"error": on_a_line(str(error) or type(error).__name__)}
    return sentence[:_LONGEST_REASON]
