"""Who else has a comment before their eyes: posted by the desk's script, kept for two minutes, for information only."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _

from comments import counters
from comments.models import Comment, Decision, Presence
from multitude import clock
from multitude.people import name_of

KEPT = timedelta(minutes=2)
MOST = 100
# What the last decision did to a comment, where its status does not tell.
_WORDS = {Decision.Action.ESCALATE: _("transmis à la direction"), Decision.Action.REDACT: _("texte modéré")}
_KEY = re.compile(r"[0-9]{1,18}")


def tell(moderator: User, comment_ids: Iterable[int]) -> None:
    """Note what a moderator has before their eyes, instead of what they had."""
    seen = {"comment_ids": list(comment_ids)[:MOST], "seen_at": clock.now()}
    Presence.objects.update_or_create(moderator=moderator, defaults=seen)


def others(moderator: User, comment_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return by the comments' keys the names of the others who have had them before their eyes within two minutes."""
    asked = set(comment_ids)
    names: dict[int, list[str]] = defaultdict(list)
    recent = Presence.objects.filter(seen_at__gt=clock.now() - KEPT).exclude(moderator=moderator)
    for presence in recent.select_related("moderator").order_by("moderator__username"):
        for comment_id in asked.intersection(presence.comment_ids):
            names[comment_id].append(name_of(presence.moderator))
    return dict(names)


def respond(request: HttpRequest) -> JsonResponse:
    """Take the keys that are posted as `comment`, and answer who else has them before their eyes, and how they stand."""
    posted = request.POST.getlist("comment")[:MOST]
    comment_ids = [int(key) for key in posted if _KEY.fullmatch(key)]
    moderator: User = request.user  # type: ignore[assignment]
    tell(moderator, comment_ids)
    last = Decision.objects.filter(comment=OuterRef("pk")).order_by("-version").values("action")[:1]
    comments = Comment.objects.filter(pk__in=comment_ids).only("version", "status").annotate(last=Subquery(last))
    standing = {
        comment.pk: {
            "version": comment.version,
            "state": _WORDS.get(comment.last, comment.get_status_display()),
            "waits": comment.status == Comment.Status.PENDING,
        }
        for comment in comments
    }
    answer = {"others": others(moderator, comment_ids), "standing": standing, "lanes": counters.numbers()}
    return JsonResponse(answer)
