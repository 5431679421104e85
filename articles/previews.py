"""Previews: an article that readers do not see yet, for whoever holds a link that is signed and expires.

A link dies at its hour, when previews are revoked, and as soon as the article appears or disappears, by a verb or by
itself. It opens that one article and its pictures, and nothing else.
"""

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from articles.models import Article
from multitude import clock
from multitude.addresses import address
from multitude.caching import private_page

PARAMETER = "apercu"
MOST = 400
# Nothing on such a page is sent anywhere, and only the desk puts it into a frame.
POLICY: dict[str, Any] = {**settings.SECURE_CSP, "form-action": [CSP.NONE], "frame-ancestors": [CSP.SELF]}
_signer = signing.Signer(sep=".", salt="articles.previews")
_TAG = re.compile(r"""<(?:img|source|video|audio|link|a)\b(?:[^<>"']|"[^"]*"|'[^']*')*+>""", re.IGNORECASE)
_PICTURE = re.compile(r"(?<![\w.:/-])/media/[^\s\"'<>,?#&]+(?=[\s\"',]|$)")


class Lifetime(models.IntegerChoices):
    """For how many days a link is good."""

    DAY = 1, _("1 jour")
    THREE_DAYS = 3, _("3 jours")
    WEEK = 7, _("7 jours")
    MONTH = 30, _("30 jours")


class Link(NamedTuple):
    """A link that was given: its address on this site, and until when it is good."""

    path: str
    expires_at: datetime


class Opened(NamedTuple):
    """What a link that is good opens."""

    article: Article
    expires_at: datetime


def link(article: Article, lifetime: timedelta) -> Link:
    """Return a new link to an article as it stands, good for a time from now."""
    given_at = clock.now().timestamp()
    expires_at = int(given_at + lifetime.total_seconds())
    token = _signer.sign_object([article.pk, article.preview_key, given_at, expires_at])
    return Link(address("articles:preview", token), datetime.fromtimestamp(expires_at, timezone.get_current_timezone()))


def opens(token: str) -> int | None:
    """Return the key of the article that a token opens now, or None."""
    opened = _open(token)
    return opened.article.pk if opened else None


def with_token(html: str, token: str) -> str:
    """Return a page whose pictures carry the token, by which they are shown to who has no account."""
    return _TAG.sub(lambda tag: _PICTURE.sub(rf"\g<0>?{PARAMETER}={token}", tag[0]), html)


@require_safe
@private_page
@csp_override(POLICY)
@xframe_options_sameorigin
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show an article exactly as it will appear; every link that is no good gets the same answer, 404."""
    opened = _open(token)
    if opened is None:
        response = render(request, "articles/preview_gone.html", status=404)
    else:
        # No conversation is shown, and none is counted.
        opened.article.comment_count = 0
        html = render_to_string("articles/preview.html", {**opened._asdict(), "page_number": 1}, request)
        response = HttpResponse(with_token(html, token))
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _open(token: str) -> Opened | None:
    if len(token) > MOST:
        return None
    try:
        article_id, key, given_at, expires_at = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    now = clock.now()
    if now.timestamp() >= expires_at:
        return None
    article = Article.objects.select_related("section").filter(pk=article_id, preview_key=key).first()
    if article is None or article.is_published(now) or _has_turned(article, given_at, now):
        return None
    return Opened(article, datetime.fromtimestamp(expires_at, timezone.get_current_timezone()))


def _has_turned(article: Article, given_at: float, now: datetime) -> bool:
    """Return whether the article has appeared or disappeared by itself since a link was given."""
    instants = (article.published_at, article.unpublished_at)
    return any(given_at < at.timestamp() <= now.timestamp() for at in instants if at)
