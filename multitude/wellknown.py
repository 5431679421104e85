"""What programs look for at addresses of their own: robots.txt, security.txt, favicon.ico. The same for everybody."""

from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from multitude.caching import depends_on, public_page

# How far the end of security.txt lies ahead, in whole months: less than a year, as RFC 9116 recommends.
VALID_MONTHS = 7
_DAY = 86_400


@public_page(fresh=_DAY)
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers where the sitemaps are, and what is not worth their time (RFC 9309).

    Searches are without end, and each one is a query: crawlers are kept from them, though they cannot read there that a
    page is `noindex`. Every other page that should be in no index says so itself, and may be read so that this is known.
    """
    sitemaps = (reverse(f"articles:{name}") for name in ("sitemap", "sitemap_news"))
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Disallow: {reverse('articles:search')}?",
        f"Disallow: {reverse('comments:submit', args=['-']).replace('/-/', '/*/')}",
        "",
        *(f"Sitemap: {settings.SITE_URL}{path}" for path in sitemaps),
    ]
    return _text(lines)


@public_page(fresh=_DAY)
def security(request: HttpRequest) -> HttpResponse:
    """Tell whoever finds a hole whom to write to (RFC 9116); its end moves on with each month, by itself."""
    depends_on(request, until=_month_ahead(1))
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {_month_ahead(VALID_MONTHS):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return _text(lines)


@public_page(fresh=_DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    """Give the icon to programs that look for it without reading a page."""
    return HttpResponse(_icon(), content_type="image/x-icon")


@cache
def _icon() -> bytes:
    content: bytes = (settings.BASE_DIR / "static" / "images" / "favicon.ico").read_bytes()
    return content


def _month_ahead(months: int) -> datetime:
    """Return the beginning of a month to come, in UTC."""
    now = timezone.now().astimezone(UTC)
    years, month = divmod(now.month - 1 + months, 12)
    return datetime(now.year + years, month + 1, 1, tzinfo=UTC)


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
