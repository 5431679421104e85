"""Django's SMTP with an end: each step has the mailer's timeout, and all of them together a minute.

A server that answers a byte now and then keeps within the timeout of each step, and would hold a sender for hours.
"""

import smtplib
import socket
import threading
from contextlib import suppress
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

# All that may pass between a connection and the answer to the mail, in seconds.
LONGEST = 60.0


class _Bounded(smtplib.SMTP):
    """A session that ends after LONGEST, and knows whether a mail was handed over in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.handed_over = False
        self._end = threading.Timer(LONGEST, self._give_up)
        self._end.daemon = True
        self._end.start()
        try:
            super().__init__(*args, **kwargs)
        except BaseException:
            self._end.cancel()
            raise

    def data(self, msg: Any) -> Any:
        """Send the mail itself: once this has begun, the server may have taken it, whatever follows."""
        self.handed_over = True
        return super().data(msg)

    def close(self) -> None:
        """End the session."""
        self._end.cancel()
        super().close()

    def _give_up(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _BoundedTLS(_Bounded, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class Server(EmailBackend):
    """The mail server of EMAIL_URL, as the transport of the outbox: one session, one mail."""

    connection: Any

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The kind of session."""
        return _BoundedTLS if self.use_ssl else _Bounded

    def open(self) -> bool | None:
        """Begin a session, greetings included: a server that does not get so far was not reached."""
        is_new = super().open()
        if is_new:
            self.connection.ehlo_or_helo_if_needed()
        return is_new

    @property
    def may_have_taken_it(self) -> bool:
        """Whether the server got so far that it may have taken the mail."""
        return bool(self.connection) and self.connection.handed_over
