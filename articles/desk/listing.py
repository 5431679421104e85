"""The list of articles: where each stands, who reads it, and what can be done with several at once."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles import popularity, rights, standing
from articles.desk import filters, steps
from articles.desk.searching import search
from articles.desk.steps import Step
from articles.desk.workflow import Workflow
from articles.models import LONG_TEXTS, Article, State

# More at once would be a mistake more often than a wish, and would keep others from writing.
MOST_AT_ONCE = 100
# Nobody turns so many pages; counting all that a filter keeps would take longer than showing it.
MOST_COUNTED = 2_000


class FrugalPaginator(Paginator):
    """Reads the first page before it counts, and counts no further than one turns pages."""

    @cached_property
    def _first(self) -> list[Any]:
        return list(self.object_list[: self.per_page + 1])

    @cached_property
    def count(self) -> int:
        """How many articles there are, MOST_COUNTED at most."""
        return min(self._counted, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are more than are counted."""
        return self._counted > MOST_COUNTED

    @cached_property
    def _counted(self) -> int:
        if len(self._first) <= self.per_page:
            return len(self._first)
        articles = cast(QuerySet[Article], self.object_list)
        return articles.order_by()[: MOST_COUNTED + 1].count()

    def page(self, number: Any) -> Page:
        """Return a page; the first one is read already."""
        if self.validate_number(number) > 1:
            return super().page(number)
        return Page(self._first[: self.per_page], 1, self)


class ArticleChangeList(ChangeList):
    """One page of the list, with the week's readings of its articles, and what it is narrowed to."""

    def get_results(self, request: HttpRequest) -> None:
        """Ask for the readings of the whole page at once."""
        super().get_results(request)
        articles = list(self.result_list if self.multi_page else self.paginator.page(1).object_list)
        week = popularity.readings_of_the_week([article.pk for article in articles])
        for article in articles:
            article.week_views = week.get(article.pk, 0)
        self.result_list = articles

    @property
    def count_label(self) -> str:
        """How many articles there are, in words."""
        if self.paginator.has_more:
            return gettext("plus de %(count)s articles") % {"count": number_format(MOST_COUNTED, force_grouping=True)}
        said = ngettext("%(count)s article", "%(count)s articles", self.result_count)
        return said % {"count": number_format(self.result_count, force_grouping=True)}

    @property
    def states(self) -> Iterator[Any]:
        """The states, each with its address."""
        return self.filter_specs[0].choices(self)

    @property
    def criteria(self) -> list[Any]:
        """What else the list can be narrowed by."""
        return self.filter_specs[1:]

    @property
    def given(self) -> list[tuple[Any, Any, str]]:
        """What it is narrowed by: of each the title, what is asked for, and the address of the list without it."""
        asked = [each for each in self.criteria if each.value() is not None]
        return [(each.title, each.label, self.get_query_string(remove=[each.parameter_name])) for each in asked]

    @property
    def without_search(self) -> str:
        """The address of the same list without the words that are searched."""
        return self.get_query_string(remove=[SEARCH_VAR])

    @property
    def kept(self) -> dict[str, str]:
        """What the form passes on: all of the address that it has no field for."""
        fields = {SEARCH_VAR, *(each.parameter_name for each in self.criteria)}
        return {name: value for name, value in self.params.items() if name not in fields}


def action_of(step: Step, description: Any, *, permission: str) -> Callable[..., None]:
    """Make the action that takes a step with every article that is chosen."""

    @admin.action(description=description, permissions=[permission])
    def act(model_admin: "Listing", request: HttpRequest, queryset: QuerySet[Article]) -> None:
        model_admin.take_with_each(request, queryset, step)

    act.__name__ = step.name
    return act


class Listing(Workflow):
    """Lists articles, and acts on those that are ticked."""

    list_filter = filters.FILTERS
    list_select_related = ("section",)
    list_per_page = 50
    search_fields = ("headline",)
    search_help_text = _("Titre, chapô, auteur, numéro, ou l’adresse d’une page collée ici.")
    sortable_by = ("date",)
    show_full_result_count = False
    paginator = FrugalPaginator
    show_facets = admin.ShowFacets.NEVER
    actions = (
        action_of(steps.REVIEW, _("Envoyer en relecture"), permission="change"),
        action_of(steps.PUBLISH, _("Mettre en ligne maintenant"), permission="publish"),
        action_of(steps.UNPUBLISH, _("Dépublier"), permission="publish"),
        "delete_selected",
    )

    def get_list_display(self, request: HttpRequest) -> list[str | Callable[[Any], str | bool]]:
        """Lead to the comments those who may see them."""
        comments = "published_comments" if request.user.has_perm(rights.SEE_COMMENTS) else "comment_count"
        return ["headline", "state", "section", "signature", "date", comments, "readings_of_the_week"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Bring the week's readings along."""
        return ArticleChangeList

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        """Put first what has no date yet and waits for somebody, then the newest."""
        return [F("published_at").desc(nulls_first=True), "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Bring each article's signature along; the list leaves the long texts in the database."""
        articles = Article.objects.with_signature().order_by(*self.get_ordering(request))
        is_of_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return articles if is_of_one else articles.defer(*LONG_TEXTS)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """Find an article by its address, or by words of its headline, its standfirst and its authors' names."""
        return search(queryset, search_term), False

    # Columns ---------------------------------------------------------------------------------

    @admin.display(description=_("état"))
    def state(self, article: Article) -> SafeString:
        """Say in a word where the article stands; what it means is told beside the pointer."""
        state = article.state()
        said = standing.in_words(article)
        return format_html('<span class="state state-{}" title="{}">{}</span>', state.value, said, state.label)

    @admin.display(description=_("signature"), empty_value="")
    def signature(self, article: Article) -> str:
        """Name the authors in their order."""
        return ", ".join(byline.author.name for byline in article.bylines.all())

    @admin.display(description=_("date"), ordering=F("published_at"))
    def date(self, article: Article) -> SafeString:
        """Say when it appeared or will, else since when it waits, else when it was last written to."""
        return _fragment("_date.html", {"article": article, "in_review": article.state() == State.REVIEW})

    @admin.display(description=_("commentaires"))
    def published_comments(self, article: Article) -> SafeString:
        """Count those that are published, and lead to all of them."""
        return _fragment("_comment_count.html", {"article": article, "leads": True})

    @admin.display(description=_("commentaires"))
    def comment_count(self, article: Article) -> SafeString:
        """Count those that are published."""
        return _fragment("_comment_count.html", {"article": article, "leads": False})

    @admin.display(description=_("lectures en 7 jours"))
    def readings_of_the_week(self, article: Article) -> SafeString:
        """Count the readings of seven days of Paris."""
        return _fragment("_week_views.html", {"article": article})

    # Actions ---------------------------------------------------------------------------------

    def take_with_each(self, request: HttpRequest, queryset: QuerySet[Article], step: Step) -> None:
        """Take a step with each of the chosen articles; what is refused says why, article by article."""
        chosen = list(queryset[: MOST_AT_ONCE + 1])
        for article in chosen[:MOST_AT_ONCE]:
            if self.may_take(request, step, article):
                self.take(request, article, step, {})
            else:
                said = gettext("« %(headline)s » : vous n’avez pas le droit de faire cela.")
                self.message_user(request, said % {"headline": article.headline}, messages.ERROR)
        if len(chosen) > MOST_AT_ONCE:
            said = gettext("Une action porte sur %(count)s articles au plus : les suivants ne changent pas.")
            self.message_user(request, said % {"count": MOST_AT_ONCE}, messages.WARNING)


def _fragment(template: str, context: dict[str, Any]) -> SafeString:
    """Render a part of the list; templates escape what journalists typed."""
    return mark_safe(render_to_string(f"admin/articles/article/{template}", context).strip())  # noqa: S308
