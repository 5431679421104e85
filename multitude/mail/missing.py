"""The transport of a public site whose EMAIL_URL names no server: mail waits in the outbox until it does."""

from typing import Never

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from multitude.environment import NO_SERVER


def is_server_missing() -> bool:
    """Return whether nothing that is written can leave."""
    return settings.MAILERS.get("transport", {}).get("BACKEND") == NO_SERVER


class NoServer(BaseEmailBackend):
    """A server that is always away: what is printed instead would be kept by a log, links that open accounts included."""

    def open(self) -> Never:
        """Raise ConnectionError: there is nobody to connect to."""
        raise ConnectionError(_("EMAIL_URL ne nomme aucun serveur d’envoi."))
