"""The files of pictures, at `/media/<key>/<name>`: for everybody while a published article shows the picture, else for the newsroom.

Whether the public may have a file is decided first, without a look at who asks. Only where it may not does a session
count, or the token of a preview, and no cache keeps what is then sent. The page cache keeps none of it either: files
would take its memory.
"""

import logging
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from articles import figures, freshness, pictures, previews, rights
from articles.models import Picture, Rendition
from multitude.accounts import factors
from multitude.caching import LISTS

logger = logging.getLogger(__name__)

# What an address holds never changes: whoever has it may keep it. Caches that others share ask again after an hour.
BROWSER_SECONDS = 30 * 86_400
SHARED_SECONDS = 3_600
# Beyond so many articles, whatever changes a list has the file asked for again: a header has a limit.
MOST_KEYS = 50


@require_safe
def picture_file(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Send one file of a picture, or say that there is none: what is hidden and what does not exist are answered alike."""
    path = f"{key}/{name}"
    made = Exists(Rendition.objects.filter(picture=OuterRef("pk"), file=path))
    picture = Picture.objects.filter(Q(file=path) | made, key=key).first()
    if picture is None:
        return _nothing(request)
    if shown := pictures.shown_by(picture.pk):
        etag = f'"{key}-{name}"'
        response = get_conditional_response(request, etag=etag) or _file(path)
        if response is not None:
            response["ETag"] = etag
            # Feed readers show it in pages of their own.
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
            _state_policy(response, picture, shown)
            return response
    elif (_is_previewed(request, picture) or _is_newsroom(request)) and (response := _file(path)) is not None:
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response
    return _nothing(request)


def _file(path: str) -> HttpResponse | None:
    """Return a file of the storage; None, and an error in the log, where it is lost.

    It is read whole, as none is large: a thread that sent it piece by piece would wait for a slow reader's line.
    """
    try:
        with default_storage.open(path) as file:
            content = file.read()
    except Exception as error:  # each storage has errors of its own
        logger.error("Le fichier « %s » d’une image n’a pas pu être lu : %s", path, error)
        return None
    name = path.rpartition("/")[2]
    response = HttpResponse(content, content_type=figures.FILE_TYPES[name.rpartition(".")[2]])
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _state_policy(response: HttpResponse, picture: Picture, shown: list[pictures.Showing]) -> None:
    """Say how long the file may be kept: not past the instant at which the last article that shows it is withdrawn."""
    left = [each.until for each in shown if each.until is not None]
    seconds = SHARED_SECONDS
    if len(left) == len(shown):
        seconds = min(seconds, max(0, int((max(left) - timezone.now()).total_seconds())))
    browser = BROWSER_SECONDS if seconds == SHARED_SECONDS else seconds
    response["Cache-Control"] = f"public, max-age={browser}, s-maxage={seconds}, immutable"
    uses = [key for each in shown for key in each.keys] if len(shown) <= MOST_KEYS else [LISTS]
    response["Surrogate-Key"] = " ".join(sorted([freshness.picture(picture.pk), *uses]))


def _is_previewed(request: HttpRequest, picture: Picture) -> bool:
    """Return whether a token opens an article that shows the picture."""
    token = request.GET.get("apercu", "")
    article = previews.opens(token) if token else None
    return article is not None and pictures.users_of([picture.pk]).filter(pk=article).exists()


def _is_newsroom(request: HttpRequest) -> bool:
    """Return whether somebody of the staff who may see pictures or articles asks; sessions are read for admin alone otherwise."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return False
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not user.is_staff or factors.is_missing(request):
        return False
    return user.has_perm(rights.SEE_PICTURES) or user.has_perm(rights.SEE_ARTICLES)


def _nothing(request: HttpRequest) -> HttpResponse:
    response = render(request, "404.html", status=404)
    response["Cache-Control"] = "no-store"
    return response
