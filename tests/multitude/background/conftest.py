"""A mail server that does as told, and the outbox of the site before it."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from multitude import delivery
from tests.mailserver import MailServer


def mailers(port: int, **account: str) -> dict[str, dict[str, object]]:
    """Return MAILERS as the site has it, with a server on this machine that is given up soon."""
    options = {"host": "127.0.0.1", "port": port, "timeout": 0.2, **account}
    return {
        "default": {"BACKEND": "multitude.outbox.Outbox"},
        "transport": {"BACKEND": "multitude.smtp.Server", "OPTIONS": options},
    }


@pytest.fixture(autouse=True)
def _nothing_unnoted() -> Iterator[None]:
    """Leave nothing for the next test that this process remembers."""
    yield
    delivery._unnoted.clear()


@pytest.fixture
def server(settings: LazySettings) -> Iterator[MailServer]:
    """Return a server that the site sends by."""
    with MailServer() as server:
        settings.MAILERS = mailers(server.port)
        yield server
