"""The page of the desk on which the front page is arranged: the lead, a few chosen, then the latest by themselves.

Every button works without a script. Each gesture names the order that the page shows: of two editors at once, the second is
shown what stands, and loses nothing unknowingly.
"""

import re
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles import frontpage, naming, rights, standing
from articles.models import Article, FrontPlace
from multitude import deskpages

_GESTURE = re.compile(r"(?P<verb>up|down|lead|remove)\.(?P<pk>[0-9]{1,18})")
_KEYS = re.compile(r"(?:[0-9]{1,18}(?:,[0-9]{1,18})*)?")
_ADDRESS_LENGTH = 500


class ChoiceForm(forms.Form):
    """The article that is to stand on the front page: found by its title, or named by its address or its number."""

    article = forms.ModelChoiceField(
        label=_("Titre"),
        queryset=Article.objects.all(),
        required=False,
        error_messages={"invalid_choice": _("Cet article n’existe pas, ou plus.")},
    )
    named = forms.CharField(
        label=_("Adresse ou numéro"),
        required=False,
        max_length=_ADDRESS_LENGTH,
        help_text=_("L’adresse de sa page, copiée, ou son numéro."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, data: QueryDict | None = None, *, admin_site: admin.AdminSite) -> None:
        super().__init__(_with_a_possible_key(data), label_suffix="")
        chooser = AutocompleteSelect(FrontPlace._meta.get_field("article"), admin_site)
        chooser.choices = self.fields["article"].choices  # type: ignore[attr-defined]
        self.fields["article"].widget = chooser

    def clean(self) -> dict[str, Any]:
        """Find the article by whichever of the two was filled."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        named = cleaned.get("named", "").replace("\x00", "")
        if named and not cleaned.get("article"):
            cleaned["article"] = naming.articles(named).first()
            if cleaned["article"] is None:
                raise ValidationError({"named": _("Aucun article n’a cette adresse ni ce numéro.")})
        if not cleaned.get("article"):
            raise ValidationError(_("Choisissez un article."))
        return cleaned


class FrontPlaceAdmin(admin.ModelAdmin):
    """Arrange the front page."""

    class Media:
        css = {"all": ["css/admin.css", "css/desk.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Places are filled on the page itself."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FrontPlace | None = None) -> bool:
        """Places are emptied on the page itself."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Have one page, where Django would have a list."""
        page = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.front_view))
        return [path("", page, name="articles_frontplace_changelist")]

    def front_view(self, request: HttpRequest) -> HttpResponse:
        """Show the front page as it is arranged (GET), or take one gesture (POST)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, self._form())
        if not self.has_change_permission(request):
            raise PermissionDenied
        seen = _keys(request.POST.get("seen", ""))
        if gesture := _GESTURE.fullmatch(request.POST.get("gesture", "")):
            wanted = _moved(seen, gesture["verb"], int(gesture["pk"]))
            return self._arrange(request, wanted, seen, gesture["verb"], int(gesture["pk"]))
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        chosen: Article = form.cleaned_data["article"]
        if chosen.pk in seen:
            self.message_user(request, gettext("Cet article a déjà sa place à la une."), messages.INFO)
            return self._back()
        return self._arrange(request, [*seen, chosen.pk], seen, "add", chosen.pk)

    def _form(self, data: QueryDict | None = None) -> ChoiceForm:
        return ChoiceForm(data, admin_site=self.admin_site)

    def _arrange(
        self, request: HttpRequest, wanted: list[int], seen: list[int], verb: str, article_id: int
    ) -> HttpResponse:
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
        return self._back()

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
            "who": last.user.get_full_name() or last.user.get_username(),
            "hour": f"{timezone.localtime(last.action_time):%H:%M}",
            "what": last.change_message,
        }

    def _back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_frontplace_changelist"))

    def _page(self, request: HttpRequest, form: ChoiceForm, status: int = 200) -> TemplateResponse:
        places = frontpage.places()
        context = {
            **deskpages.context(self, request, _("La une")),
            "media": self.media + form.media,
            "places": [{"article": place.article, "standing": standing.in_words(place.article)} for place in places],
            "seen": ",".join(str(place.article_id) for place in places),
            "form": form,
            "most": frontpage.MOST_PLACES,
            "is_full": len(places) >= frontpage.MOST_PLACES,
            "may_arrange": request.user.has_perm(rights.ARRANGE),
        }
        return TemplateResponse(request, "admin/articles/frontplace/front.html", context, status=status)


def _with_a_possible_key(data: QueryDict | None) -> QueryDict | None:
    """Put the key of no article in place of what is no key, which Django's chooser cannot show again."""
    if data is None or naming.NUMBER.fullmatch(data.get("article") or "0"):
        return data
    possible = data.copy()
    possible["article"] = "0"
    return possible


def _keys(text: str) -> list[int]:
    """Return the keys of the order that a page showed; what is unreadable is no order at all, and stale."""
    if len(text) > 1_000 or not _KEYS.fullmatch(text):
        return [-1]
    return [int(key) for key in text.split(",") if key]


def _moved(seen: list[int], verb: str, key: int) -> list[int]:
    """Return the order after one gesture; at its end an article stays where it is."""
    if key not in seen:
        return seen
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
