"""What happened to accounts, kept for ninety days and written to the log: never a password, a code, a token or a whole address.

Their owners are told by mail of what changes how they are opened.
"""

import re
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from multitude import clock
from multitude.accounts import letters
from multitude.clients import client_network
from multitude.models import AccountEvent
from multitude.sight import journal

Kind = AccountEvent.Kind
KEPT = timedelta(days=90)
KNOWN_FOR = timedelta(days=30)

# The first that is found names it: most browsers say that they are several others too.
_BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"(?:Firefox|FxiOS)/", "Firefox"),
    (r"(?:Chrome|CriOS|HeadlessChrome)/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"Windows", "Windows"),
    (r"Android", "Android"),
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)


def note(
    kind: AccountEvent.Kind,
    user: User | None,
    request: HttpRequest | None = None,
    *,
    by: str = "",
    detail: str = "",
    told_at: str | None = None,
) -> None:
    """Keep and log that something happened to an account; None for a name that no account has.

    Its owner is told at another address than the account's where one is given.
    """
    username = user.get_username() if user else ""
    network = client_network(request.META) if request else ""
    address = shortened(network)
    event = AccountEvent.objects.create(
        kind=kind,
        user=user,
        username=username,
        by=by,
        address=address,
        place=_place(network) if network else "",
        browser=browser(request.headers.get("User-Agent", "")) if request else "",
        detail=detail[:200],
    )
    if user and kind in letters.TOLD:
        letters.tell(user, event, user.email if told_at is None else told_at)
    # What people call their keys, and from where they come, stays in the database.
    asking = request.user.pk if request and by else None
    journal.act(f"account.{Kind(kind).value}", user=user.pk if user else None, by=asking)


def is_known(username: str, network: str, now: datetime) -> bool:
    """Return whether an account, by its name in lower case, has logged in from a network lately."""
    logins = AccountEvent.objects.filter(kind=Kind.LOGIN, at__gt=now - KNOWN_FOR, place=_place(network))
    return logins.filter(username__iexact=username).exists()


def shortened(network: str) -> str:
    """Return an address as people may see it: enough to tell home from abroad, too little to find a household."""
    if ":" in network:
        return ":".join([*network.split("/")[0].split(":")[:3], "x"])
    return f"{network.rpartition('.')[0]}.x" if "." in network else network


def browser(agent: str) -> str:
    """Return what people call a browser that sends this header."""
    name = next((name for pattern, name in _BROWSERS if re.search(pattern, agent)), "")
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, agent)), "")
    if name and system:
        return _("%(browser)s sur %(system)s") % {"browser": name, "system": system}
    return name or system or _("Navigateur inconnu")


def drop_old() -> None:
    """Drop what is older than ninety days."""
    AccountEvent.objects.filter(at__lt=clock.now() - KEPT).delete()


def _place(network: str) -> str:
    return salted_hmac("multitude.accounts.place", network, algorithm="sha256").hexdigest()
