"""What the web server calls: Django, behind the layers that answer before it."""

import logging
import os
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "multitude.settings")

_django = get_wsgi_application()

from multitude import environment, health  # noqa: E402  its models need Django set up
from multitude.background import housekeeping  # noqa: E402
from multitude.pagecache import PageCache  # noqa: E402
from multitude.sight import metrics  # noqa: E402
from multitude.sight.observing import observer  # noqa: E402
from multitude.web import gate, server  # noqa: E402
from multitude.web.asked import Request  # noqa: E402
from multitude.web.bodies import WholeBodies  # noqa: E402
from multitude.web.congestion import OneThreadLeft  # noqa: E402

logger = logging.getLogger(__name__)

environment.limit_statements(connections.settings["default"])
_django.request_class = Request
_places = OneThreadLeft(gate.Gate(WholeBodies(_django)), places=server.THREADS - 1)
_application: Callable[..., Iterable[bytes]] = _places
health.register("requests", _("demandes des lecteurs"), _places.examine, public=True, lane="requests")
for _layer in settings.WSGI_LAYERS:
    _application = import_string(_layer)(_application)
_observed, _tell_hit = observer()
page_cache = (
    PageCache(_application, megabytes=settings.PAGE_CACHE_MB, observed=_observed, tell_hit=_tell_hit)
    if settings.PAGE_CACHE_MB
    else None
)
if page_cache is not None:
    metrics.counted_by(page_cache.counted)
    metrics.trait(page_cache.held)
answer = page_cache or _observed(_application)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request, in a process that does its chores from its first request on; whatever fails, with a page."""
    try:
        housekeeping.start()
        return answer(environ, start_response)
    except Exception:
        # The server would send an empty 500, and write to the log what is no line of it.
        logger.exception("Une erreur est passée à côté de Django : la page d’erreur a été servie.")
        return gate.answer(HTTPStatus.INTERNAL_SERVER_ERROR, environ, start_response)
