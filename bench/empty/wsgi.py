"""What granian calls for the empty project."""

import os

from django.core.handlers.wsgi import WSGIHandler


def application() -> WSGIHandler:
    """Return Django's own application with the empty project's settings."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.empty.settings"
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()
