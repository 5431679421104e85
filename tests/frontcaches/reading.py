"""What the site understands of a request that came through its caches."""

from django.core.handlers.wsgi import WSGIRequest
from pytest_django import Settings

from multitude.clients import client_network
from multitude.environment import Network
from tests.frontcaches.site import FakeSite


def who_and_how(site: FakeSite, path: str, settings: Settings) -> tuple[str, str | None]:
    """Return the reader's network and scheme, as the site with TRUSTED_PROXIES=127.0.0.1 reads the last request."""
    settings.TRUSTED_PROXIES = [Network.parse("127.0.0.1")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    environ = site.asked(path)[-1]
    return client_network(environ), WSGIRequest(environ).scheme
