"""Django's admin list paged by key, for lists that grow without end: the queue and the journal of decisions.

Its address keeps the position in Django's own parameter, `p`, beside filters, search and order. It never
runs an OFFSET nor an unbounded COUNT: past `MOST_COUNTED` rows it says «plus de».
"""

from functools import cached_property
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from comments import paging
from multitude.deskrequests import Forbearing

MOST_COUNTED = 1_000


class KeysetChangeList(ChangeList):
    """One page of a list that is ordered by the first field of its admin's `ordering`, an instant."""

    # What Django's templates ask of a list with numbered pages: this one has none.
    multi_page = can_show_all = show_full_result_count = False
    full_result_count = None
    show_admin_actions = True

    model_admin: "PagedByKey"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.position = paging.Position.parse(request.GET.get(PAGE_VAR, ""))
        super().__init__(request, *args)

    def get_results(self, request: HttpRequest) -> None:
        """Read nothing yet: an action posted to the list needs neither its rows nor their number."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str | Combinable]:
        """Order by the instant, rising or falling as asked; another order that is asked is the usual one."""
        usual = str(self.model_admin.get_ordering(request)[0])
        asked = str(super().get_ordering(request, queryset)[0])
        field = usual.removeprefix("-")
        first = asked if asked.removeprefix("-") == field else usual
        self.order = paging.Order(field, falling=first.startswith("-"))
        return list(self.order.fields)

    @cached_property
    def page(self) -> paging.Page:
        """The page that the address asks for."""
        return paging.read(self.queryset, self.order, self.position, self.list_per_page)

    @cached_property
    def result_list(self) -> list[Any]:
        """The rows of the page."""
        return self.page.rows

    @cached_property
    def result_count(self) -> int:  # type: ignore[override]
        """How many rows match, one more than MOST_COUNTED where more do."""
        return len(self.page.rows) if self.page.is_whole else paging.count(self.queryset, MOST_COUNTED)

    @property
    def is_capped(self) -> bool:
        """Whether more rows match than are counted."""
        return self.result_count > MOST_COUNTED

    @property
    def count_label(self) -> str:
        """Say «0 commentaire», «345 commentaires», «plus de 1 000 commentaires»."""
        plural = self.opts.verbose_name_plural
        if self.is_capped:
            return _("plus de %(count)s %(things)s") % {"count": self.most_counted, "things": plural}
        return f"{figure(self.result_count)} {plural if self.result_count > 1 else self.opts.verbose_name}"

    @property
    def exact_lane(self) -> str:
        """The lane of comments whose number the list says in full; other lists have no lanes."""
        return ""

    @property
    def most_counted(self) -> str:
        """MOST_COUNTED as French writes it."""
        return figure(MOST_COUNTED)

    @property
    def pages(self) -> dict[str, str]:
        """The addresses of the first, previous, next and last page, those that lead somewhere."""
        before, after = self.page.previous, self.page.next
        positions = {
            "first": before and paging.START,
            "previous": before,
            "next": after,
            "last": after and paging.END,
        }
        return {name: self.get_query_string({PAGE_VAR: str(at) or None}) for name, at in positions.items() if at}

    @property
    def without_search(self) -> str:
        """The address of the same list without the words that are searched."""
        return self.get_query_string(remove=[SEARCH_VAR])


class PagedByKey(Forbearing):
    """A list paged by key; `ordering` begins with an instant, and no other column can be sorted."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["css/admin.css", "css/figures.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Page by key."""
        return KeysetChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say so where nothing is left at the place asked for, and the nearest page stands instead.

        A NUL, which PostgreSQL would not compare with anything, is nothing that one can ask for.
        """
        asked = request.GET.copy()
        for name, values in asked.lists():
            asked.setlist(name, [value.replace("\x00", "") for value in values])
        request.GET = asked  # type: ignore[assignment]
        response = super().changelist_view(request, extra_context)
        changelist = (getattr(response, "context_data", None) or {}).get("cl")
        if changelist and changelist.page.is_nearest:
            note = (
                _("Il n’y a plus rien à cet endroit de la liste : voici la première page.")
                if changelist.position.backwards
                else _("Il n’y a plus rien à cet endroit de la liste : voici la dernière page.")
            )
            self.message_user(request, note, messages.INFO)
        return response


def figure(number: int) -> str:
    """Write a number as French does."""
    return str(number_format(number, force_grouping=True))
