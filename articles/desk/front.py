"""The page of the desk on which the front page is arranged: the lead, a few chosen, then the latest by themselves.

Every button works without a script. Each gesture names the order that the page shows: of two editors at once, the second is
shown what stands, and loses nothing unknowingly.
"""

import re
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles import frontpage, rights, standing
from articles.desk.searching import MOST_TYPED, search
from articles.models import LONG_TEXTS, Article, FrontPlace
from multitude import clock, deskpages
from multitude.people import name_of

SUGGESTED = 8
_GESTURE = re.compile(r"(?P<verb>add|up|down|lead|remove)\.(?P<pk>[0-9]{1,18})")
_KEYS = re.compile(r"(?:[0-9]{1,18}(?:,[0-9]{1,18})*)?")


class FrontPlaceAdmin(deskpages.Barred):
    """Arrange the front page."""

    # Places are filled and emptied on the page itself.
    nobody_may = frozenset({"add", "delete"})

    class Media:
        css = {"all": ["css/admin.css", "css/desk.css"]}

    def get_urls(self) -> list[URLPattern]:
        """Have one page, where Django would have a list."""
        page = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.front_view))
        return [path("", page, name="articles_frontplace_changelist")]

    def front_view(self, request: HttpRequest) -> HttpResponse:
        """Show the front page as it is arranged (GET), or take one gesture (POST)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request)
        if not self.has_change_permission(request):
            raise PermissionDenied
        gesture = _GESTURE.fullmatch(request.POST.get("gesture", ""))
        if gesture is None:
            raise BadRequest
        verb, article_id, seen = gesture["verb"], int(gesture["pk"]), _keys(request.POST.get("seen", ""))
        wanted = _moved(seen, verb, article_id)
        if wanted != seen:
            self._arrange(request, wanted, seen, verb, article_id)
        elif verb == "add":
            self.message_user(request, gettext("Cet article a déjà sa place à la une."), messages.INFO)
        else:
            self.message_user(request, gettext("Rien n’a changé."), messages.INFO)
        # A keyboard goes on from where it was.
        address = reverse("admin:articles_frontplace_changelist", fragment=f"place-{article_id}")
        return HttpResponseRedirect(address)

    def _arrange(self, request: HttpRequest, wanted: list[int], seen: list[int], verb: str, article_id: int) -> None:
        """Store the order, or say why it was not."""
        try:
            frontpage.arrange(wanted, seen=seen)
        except frontpage.Rearranged as refusal:
            said = " ".join(
                [str(refusal), self._last_gesture(), gettext("Voici ce qui est en place : rien n’a été perdu.")]
            )
            self.message_user(request, said, messages.WARNING)
        except frontpage.Full as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        except Article.DoesNotExist:
            self.message_user(request, gettext("Cet article n’existe pas, ou plus."), messages.ERROR)
        else:
            self._tell(request, verb, article_id)

    def _tell(self, request: HttpRequest, verb: str, article_id: int) -> None:
        """Say what was done, to who did it, and to those who come after."""
        sentences = {
            "add": gettext("« %(headline)s » est à la une."),
            "remove": gettext("« %(headline)s » n’est plus parmi les articles choisis."),
            "lead": gettext("« %(headline)s » fait l’ouverture."),
            "up": gettext("« %(headline)s » monte d’une place."),
            "down": gettext("« %(headline)s » descend d’une place."),
        }
        article = Article.objects.filter(pk=article_id).first()
        said = sentences[verb] % {"headline": article.headline if article else ""}
        LogEntry.objects.create(
            user=cast(User, request.user),
            content_type=ContentType.objects.get_for_model(FrontPlace),
            object_repr=gettext("La une"),
            action_flag=CHANGE,
            change_message=said,
        )
        self.message_user(request, said, messages.SUCCESS)

    def _last_gesture(self) -> str:
        """Say who arranged the front page last, what they did, and when."""
        of_front = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(FrontPlace))
        last = of_front.select_related("user").first()
        if last is None:
            return ""
        return gettext("%(who)s, à %(hour)s : %(what)s") % {
            "who": name_of(last.user),
            "hour": f"{timezone.localtime(last.action_time):%H:%M}",
            "what": last.change_message,
        }

    def _page(self, request: HttpRequest) -> TemplateResponse:
        chosen = frontpage.chosen()
        typed = request.GET.get("q", "")[:MOST_TYPED]
        context = {
            **deskpages.context(self, request, _("La une")),
            "places": [_told(article) for article in chosen],
            "seen": ",".join(str(article.pk) for article in chosen),
            "typed": typed,
            "found": [_told(article) for article in _suggested(chosen, typed)],
            "most": frontpage.MOST_PLACES,
            "is_full": len(chosen) >= frontpage.MOST_PLACES,
            "may_arrange": request.user.has_perm(rights.ARRANGE),
        }
        return TemplateResponse(request, "admin/articles/frontplace/front.html", context)


def _suggested(chosen: list[Article], typed: str) -> QuerySet[Article]:
    """Return the articles that one may mean, the next to appear and the last that did first; not those that have their place."""
    others = Article.objects.exclude(pk__in=[article.pk for article in chosen]).select_related("section")
    if not typed:
        others = others.exclude(unpublished_at__lte=clock.now())
    newest = others.order_by(F("published_at").desc(nulls_last=True), "-pk").defer(*LONG_TEXTS)
    return search(newest, typed)[:SUGGESTED]


def _told(article: Article) -> dict[str, Any]:
    return {"article": article, "standing": standing.in_words(article)}


def _keys(text: str) -> list[int]:
    """Return the keys of the order that a page showed; what is unreadable is no order at all, and stale."""
    if len(text) > 1_000 or not _KEYS.fullmatch(text):
        return [-1]
    return [int(key) for key in text.split(",") if key]


def _moved(seen: list[int], verb: str, key: int) -> list[int]:
    """Return the order after one gesture; at its end an article stays where it is."""
    if (verb == "add") == (key in seen):
        return seen
    if verb == "add":
        return [*seen, key]
    at = seen.index(key)
    others = [one for one in seen if one != key]
    match verb:
        case "remove":
            return others
        case "lead":
            to = 0
        case "up":
            to = max(0, at - 1)
        case _:
            to = at + 1
    return [*others[:to], key, *others[to:]]
