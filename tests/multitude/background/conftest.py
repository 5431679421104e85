"""A mail server that does as told, and the outbox of the site before it."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from multitude.mail import delivery
from tests.mailserver import MailServer, mailers


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
