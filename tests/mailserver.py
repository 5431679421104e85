"""A mail server on this machine that answers as it is told, and keeps what it takes: RFC 5321, as little as is needed."""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

# What may stand for an answer: silence until the client leaves, the line cut, a byte now and then for ever.
HANG, CUT, DRIP = "HANG", "CUT", "DRIP"
OFFER = "250-ici\r\n250 8BITMIME"


@dataclass
class Received:
    """A mail that was taken: for whom, and what it said."""

    recipients: list[str]
    source: bytes

    @property
    def message_id(self) -> str:
        """Its identity."""
        return next(
            line.split(b":", 1)[1].strip().decode()
            for line in self.source.splitlines()
            if line.lower().startswith(b"message-id:")
        )


@dataclass
class Session:
    """What one client says."""

    stream: socket.socket
    recipients: list[str] = field(default_factory=list)


class MailServer:
    """Set `answers` for a step (`HELLO`, `EHLO`, `MAIL`, `RCPT`, `DATA`, `TAKEN`, `QUIT`) to have it answered otherwise."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.received: list[Received] = []
        self.sessions = 0
        self.delay = 0.0
        self.reached = threading.Semaphore(0)
        self._await = ""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self._streams: list[socket.socket] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        """What EMAIL_URL says of it."""
        return f"smtp://127.0.0.1:{self.port}?tls=0"

    def tell_of(self, step: str) -> None:
        """Have `reached` released whenever a client reaches a step, just before it is answered."""
        self._await = step

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for stream in [self._socket, *self._streams]:
            with suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
            stream.close()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                stream, _peer = self._socket.accept()
            except OSError:
                return
            self.sessions += 1
            self._streams.append(stream)
            threading.Thread(target=self._serve, args=(Session(stream),), daemon=True).start()

    def _serve(self, session: Session) -> None:
        with suppress(OSError, StopIteration), session.stream, session.stream.makefile("rb") as lines:
            self._answer(session, "HELLO", "220 ici")
            for line in lines:
                verb = line.split()[0].upper().decode() if line.split() else ""
                if verb == "RCPT":
                    session.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                self._answer(
                    session, verb, {"EHLO": OFFER, "DATA": "354 allez", "QUIT": "221 adieu"}.get(verb, "250 bien")
                )
                if verb == "DATA":
                    self._take(session, lines)
                if verb == "QUIT":
                    return

    def _take(self, session: Session, lines: object) -> None:
        if self.answers.get("DATA", "354").startswith("354"):
            source = b"".join(iter(lambda: next(lines), b".\r\n"))  # type: ignore[call-overload]
            if self.answers.get("TAKEN", "250")[:1] not in {"4", "5"}:
                self.received.append(Received(session.recipients, source))
            self._answer(session, "TAKEN", "250 pris")
            session.recipients = []

    def _answer(self, session: Session, step: str, usual: str) -> None:
        if step == self._await:
            self.reached.release()
        time.sleep(self.delay)
        answer = self.answers.get(step, usual)
        if answer == HANG:
            self._ended.wait(60)
        if answer in {HANG, CUT}:
            raise StopIteration
        if answer == DRIP:
            while not self._ended.wait(0.02):
                session.stream.sendall(b"2")
        session.stream.sendall(answer.encode() + b"\r\n")


def mailers(port: int, **options: object) -> dict[str, dict[str, object]]:
    """Return MAILERS as the site has it, with a server on this machine that is given up soon."""
    options = {"host": "127.0.0.1", "port": port, "timeout": 1.0, **options}
    return {
        "default": {"BACKEND": "multitude.mail.outbox.Outbox"},
        "transport": {"BACKEND": "multitude.mail.smtp.Server", "OPTIONS": options},
    }
