"""A mail to the owner of an account when what opens it changes: whoever did that without them is found out.

A new e-mail address is told to the old one: the new one may be whoever took the account.

It is written into the outbox, in the transaction of the act where there is one, holds no link that opens anything, and
nothing that a stranger chose. An account without an e-mail address gets none.
"""

import logging

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from multitude.models import AccountEvent

logger = logging.getLogger(__name__)

Kind = AccountEvent.Kind
TOLD = {
    Kind.FACTOR_ADDED,
    Kind.FACTOR_REMOVED,
    Kind.FACTOR_RESET,
    Kind.CODES_RENEWED,
    Kind.PASSWORD_CHANGED,
    Kind.EMAIL_CHANGED,
}


def tell(user: User, event: AccountEvent, address: str) -> None:
    """Write to an account's owner what happened to it."""
    if not address:
        return
    context = {
        "event": event,
        "what": Kind(event.kind).label,
        "site": settings.SITE_URL,
        "url": f"{settings.SITE_URL}{reverse('admin:account')}",
    }
    subject = _("Votre compte à la rédaction : %(what)s") % context
    body = render_to_string("mail/account.txt", context)
    try:
        EmailMessage(subject, body, to=[address], headers={"Auto-Submitted": "auto-generated"}).send()
    except ValueError:
        logger.error("L’adresse email du compte « %s » n’en est pas une : il n’est pas prévenu.", user.get_username())
