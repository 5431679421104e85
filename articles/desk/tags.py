"""Tags at the desk: their list with how many articles have each, another name, one made of two, and what the editor offers."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import dated, moving, naming, tags
from articles.desk.searching import holding
from articles.desk.tag_field import TagNamesInput
from articles.models import Tag, Tagging
from multitude import deskpages
from multitude.deskpages import Titled
from multitude.deskrequests import Forbearing

MOST_OFFERED = 10
_LONGEST_SEARCH = 100


class TagForm(forms.ModelForm):
    """A tag; its address may stay empty and then comes from its name."""

    class Meta:
        model = Tag
        fields = ("name", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Vide : tirée du nom. L’ancienne adresse mène à la nouvelle.")

    def clean_name(self) -> str:
        """Return the name on one line; one that another tag has is refused."""
        name = " ".join(self.cleaned_data["name"].split())
        tags.check(name)
        known = tags.find([name]).get(name)
        if known and known.pk != self.instance.pk:
            raise ValidationError(_("Le thème « %(name)s » existe déjà : fondez l’un dans l’autre.") % {"name": known})
        return name

    def clean_slug(self) -> str:
        """Return the address, the one that it has or one drawn from the name where none was typed."""
        return self.cleaned_data["slug"] or self.instance.slug or tags.address_for(self.cleaned_data.get("name", ""))


class MergeForm(forms.Form):
    """The tag of which another becomes a part."""

    into = forms.CharField(
        label=_("Le fondre dans"), max_length=200, widget=TagNamesInput, help_text=_("Le nom d’un autre thème.")
    )

    def clean_into(self) -> Tag:
        """Return the tag of that name."""
        typed = self.cleaned_data["into"].strip().strip(",")
        found = tags.find([typed]).get(typed)
        if found is None:
            raise ValidationError(_("Aucun thème ne porte ce nom."))
        return found


class TagAdmin(Titled, Forbearing):
    """What articles are about."""

    form = TagForm
    list_title = _("Thèmes")
    adding_title = _("Ajouter un thème")
    changing_title = _("Modifier un thème")
    fields = ("name", "slug")
    list_display = ("name", "slug", "article_count")
    list_per_page = 50
    search_fields = ("name",)
    show_full_result_count = False
    change_form_template = "admin/articles/tag/change_form.html"

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_urls(self) -> list[URLPattern]:
        """Put what the editor asks, and the page that merges, before what Django takes for the key of a tag."""
        wrap = self.admin_site.admin_view
        merging = require_http_methods(["GET", "HEAD", "POST"])(self.merge_view)
        return [
            path("choisir/", wrap(require_safe(self.choose_view)), name="articles_tag_choose"),
            path("<int:tag_id>/fondre/", wrap(merging), name="articles_tag_merge"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        """Count the articles of each tag that is shown, drafts too."""
        own = Tagging.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
        return Tag.objects.annotate(own=Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Tag], search_term: str
    ) -> tuple[QuerySet[Tag], bool]:
        """Find a tag by a part of its name, however its case and accents are typed."""
        return holding(queryset, search_term), False

    @admin.display(description=_("articles"))
    def article_count(self, tag: Tag) -> str | SafeString:
        """Say how many articles have the tag, and lead to them."""
        count = getattr(tag, "own", 0)
        said = number_format(count, force_grouping=True)
        if not count:
            return said
        address = reverse("admin:articles_article_changelist", query={"tag": tag.name})
        label = ngettext("%(count)s article : %(tag)s", "%(count)s articles : %(tag)s", count)
        return format_html('<a href="{}" aria-label="{}">{}</a>', address, label % {"count": said, "tag": tag}, said)

    def view_on_site(self, obj: Tag) -> str | None:
        """Link to the page of a tag that has one."""
        return obj.get_absolute_url() if dated.about(obj)[:1] else None

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        """Store another name by the verb."""
        if change:
            moving.rename(obj)
        else:
            obj.save()

    # Deleting --------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[str], dict[str, int], set[str], list]:
        """Say how many articles lose each tag, not which."""
        told = []
        for tag in objs:
            count = tag.taggings.count()
            lost = ngettext("%(count)s article le perd", "%(count)s articles le perdent", count) % {"count": count}
            told.append(f"{tag} ({lost})")
        needed = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return told, {str(self.opts.verbose_name_plural): len(told)}, needed, []

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        """Delete by the verb."""
        tags.delete(obj, by=cast(User, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        """Delete each by the verb."""
        for tag in queryset:
            tags.delete(tag, by=cast(User, request.user))

    # Merging ---------------------------------------------------------------------------------

    def has_merge_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        """Whoever merges changes one tag and deletes another."""
        return self.has_change_permission(request, obj) and self.has_delete_permission(request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Offer to merge the tag."""
        own = {"may_merge": self.has_merge_permission(request)}
        return super().change_view(request, object_id, form_url, own | (extra_context or {}))

    def merge_view(self, request: HttpRequest, tag_id: int) -> HttpResponse:
        """Ask into which tag another one goes (GET), and merge them (POST)."""
        tag = get_object_or_404(Tag, pk=tag_id)
        if not self.has_merge_permission(request, tag):
            raise PermissionDenied
        form = MergeForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid() and (merged := self._merge(request, tag, form)):
            return merged
        context = {
            **deskpages.context(self, request, _("Fondre un thème dans un autre")),
            "media": self.media + form.media,
            "tag": tag,
            "count": tag.taggings.count(),
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/articles/tag/merge.html", context, status=status)

    def _merge(self, request: HttpRequest, tag: Tag, form: MergeForm) -> HttpResponse | None:
        """Merge, tell what became of it and lead to the tag that is left; None where the verb refused."""
        into = form.cleaned_data["into"]
        try:
            count = tags.merge(tag, into, by=cast(User, request.user))
        except tags.TagRefused as refusal:
            form.add_error("into", str(refusal))
            return None
        except Tag.DoesNotExist:
            form.add_error("into", gettext("L’un des deux thèmes n’existe plus."))
            return None
        said = ngettext(
            "« %(tag)s » est fondu dans « %(into)s » : %(count)s article l’avait.",
            "« %(tag)s » est fondu dans « %(into)s » : %(count)s articles l’avaient.",
            count,
        ) % {"tag": tag, "into": into, "count": count}
        self.log_change(request, into, said)
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:articles_tag_change", into.pk)

    def choose_view(self, request: HttpRequest) -> HttpResponse:
        """Return as JSON the names that hold `q`, those that begin with it first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        searched = _searched(request.GET.get("q", ""))
        place = Case(When(folded__startswith=searched, then=Value(0)), default=Value(1), output_field=IntegerField())
        found = (
            Tag.objects.filter(folded__contains=searched).order_by(place, "folded") if searched else Tag.objects.none()
        )
        names = list(found.values_list("name", flat=True)[:MOST_OFFERED])
        return JsonResponse(names, safe=False, headers={"Cache-Control": "private, no-store"})


def _searched(typed: str) -> str:
    return " ".join(naming.folded(typed[:_LONGEST_SEARCH].replace("\x00", "")).split())
