"""What every template may refer to: the same for every visitor, so that pages stay cacheable."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """Give the site's absolute address, which never comes from the Host header."""
    return {"SITE_URL": settings.SITE_URL}
