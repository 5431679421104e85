"""Mail that is to leave: written into the database as part of the act that it tells of, and sent by `multitude.mail.delivery`.

It is Django's default mailer (`MAILERS`), so that every `send_mail()` of the project and of its libraries comes here: a mail
whose act is rolled back was never written, and one whose act is committed is not lost, whatever becomes of the process.
A mail to several recipients is a row for each: one that is refused keeps no other one waiting, and sends none again.
"""

import copy
import email.policy
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address, AddressHeader
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q, QuerySet
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from multitude import clock
from multitude.background import housekeeping
from multitude.models import OutgoingMail

Status = OutgoingMail.Status
WORK = "mail"
# What is larger is no mail of ours; what goes to more people at once is none either.
MOST_BYTES = 1_000_000
MOST_RECIPIENTS = 100
# How long it is known that a mail has left, or was given up; and that one could not leave.
KEPT_FOR = timedelta(days=7)
PARKED_KEPT_FOR = timedelta(days=30)
SWEEP_SECONDS = 6 * 3_600.0


class MailRefused(ValueError):
    """No mail can be made of this: a line end in a header, an address that is none, or far too much of something."""


class Outbox(BaseEmailBackend):
    """Django's way in: it writes, and sends nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write mails, and return how many; raises MailRefused, and then writes none of them."""
        rows = [row for message in email_messages for row in _rows(message)]
        if rows:
            OutgoingMail.objects.bulk_create(rows)
            housekeeping.soon(WORK)
        return len({row.message_id for row in rows})


def park_restored(missing: list[str]) -> None:
    """Park what waited when a backup was made that has been restored: it may have left since, and only who looks can tell."""
    waiting = OutgoingMail.objects.filter(status__in=[Status.WAITING, Status.SENDING])
    waiting.update(
        status=Status.PARKED,
        settled_at=clock.now(),
        claimed_at=None,
        claimed_by="",
        is_doubtful=True,
        reason=_("Restauré d’une sauvegarde : il est peut-être déjà parti."),
    )


def retry(mails: QuerySet[OutgoingMail]) -> int:
    """Have mails tried again now, as if they had come just now; return how many were waiting or parked."""
    again = mails.filter(status__in=[Status.PARKED, Status.WAITING])
    number = again.update(status=Status.WAITING, attempts=0, due_at=clock.now(), settled_at=None)
    if number:
        housekeeping.soon(WORK)
    return number


def give_up(mails: QuerySet[OutgoingMail]) -> int:
    """Send mails no more, and forget what they said; return how many were waiting or parked."""
    unsent = mails.filter(status__in=[Status.PARKED, Status.WAITING])
    return unsent.update(status=Status.DROPPED, settled_at=clock.now(), source=None)


def addressed_to(address: str) -> QuerySet[OutgoingMail]:
    """Return the mails to a person, in whatever case and alphabet the address is written."""
    found = Q(recipient__iexact=address)
    with suppress(MailRefused):
        found |= Q(recipient__iexact=_mailbox(address))
    return OutgoingMail.objects.filter(found).order_by("pk")


def export(address: str) -> list[dict[str, Any]]:
    """Return what is kept of the mails to a person, what they say included where it is still kept."""
    kept = addressed_to(address).values(
        "recipient", "subject", "status", "written_at", "settled_at", "reason", "source"
    )
    return [row | {"source": bytes(row["source"] or b"").decode(errors="replace")} for row in kept]


def erase(address: str) -> int:
    """Forget the mails to a person, those that have not left included; return how many there were."""
    return addressed_to(address).delete()[0]


def forget_old() -> None:
    """Forget what has left or was given up, and at last what nobody decided about, or what no server was there for."""
    now = clock.now()
    settled = Q(status__in=[Status.SENT, Status.DROPPED], settled_at__lt=now - KEPT_FOR)
    parked = Q(status=Status.PARKED, settled_at__lt=now - PARKED_KEPT_FOR)
    # With a server it would have left, be due again within an hour, or be parked.
    waiting = Q(status=Status.WAITING, settled_at__isnull=True, due_at__lt=now - PARKED_KEPT_FOR)
    OutgoingMail.objects.filter(settled | parked | waiting).delete()


def on_a_line(text: str) -> str:
    """Return text as it stands on a line of a mail, or about one: without line ends or anything else that cannot be seen."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


# How it is written ---------------------------------------------------------------------------


def _rows(message: EmailMessage) -> Iterator[OutgoingMail]:
    """Yield a row for each recipient of a mail. Raises MailRefused."""
    recipients = list(dict.fromkeys(map(_mailbox, message.recipients())))
    if len(recipients) > MOST_RECIPIENTS:
        raise MailRefused(_("Un mail va à %(count)d personnes au plus.") % {"count": MOST_RECIPIENTS})
    sender = _mailbox(message.from_email)
    identified, message_id = _identified(message)
    try:
        source = identified.message(policy=email.policy.SMTP).as_bytes()
    except (ValueError, MessageError) as error:
        raise MailRefused(str(error)) from error
    if len(source) > MOST_BYTES:
        raise MailRefused(_("Un mail a %(count)d octets au plus.") % {"count": MOST_BYTES})
    if b"\0" in source:
        raise MailRefused(_("Un mail ne contient pas d’octet nul."))
    for recipient in recipients:
        yield OutgoingMail(
            recipient=recipient,
            sender=sender,
            subject=on_a_line(str(message.subject))[:200],
            message_id=message_id,
            source=source,
        )


def _identified(message: EmailMessage) -> tuple[EmailMessage, str]:
    """Return a mail with the identity that it keeps however often it is sent: a server or a reader tells a copy by it."""
    given = {name.lower(): str(value) for name, value in message.extra_headers.items()}
    message_id = given.get("message-id") or make_msgid(domain=urlsplit(settings.SITE_URL).hostname or "localhost")
    identified = copy.copy(message)
    identified.extra_headers = message.extra_headers | ({} if "message-id" in given else {"Message-ID": message_id})
    return identified, message_id[:255]


def _mailbox(address: str) -> str:
    """Return an address as servers take it, without the name before it. Raises MailRefused."""
    try:
        parsed = AddressHeader.value_parser(str(address))
        [mailbox] = [] if list(parsed.all_defects) else parsed.all_mailboxes
        if not mailbox.domain or not mailbox.local_part.isascii():
            raise ValueError
        found = str(Address(username=mailbox.local_part, domain=punycode(mailbox.domain)))
    except (ValueError, IndexError, MessageError, UnicodeError) as error:
        raise MailRefused(_("Cette adresse email n’en est pas une.")) from error
    if len(found) > 320:
        raise MailRefused(_("Cette adresse email est trop longue."))
    return found


class Letter(EmailMessage):
    """A mail as it was written: the transport gets the same bytes at each attempt."""

    def __init__(self, mail: OutgoingMail) -> None:
        super().__init__(subject=mail.subject, from_email=mail.sender, to=[mail.recipient])
        self._source = bytes(mail.source or b"")

    def message(self, *, policy: Any = email.policy.default) -> Any:
        """Return it, read from what is stored."""
        return email.message_from_bytes(self._source, policy=policy)
