"""By what an editor narrows the list of articles: state, section, author, tag, date, and what is one's own.

The page shows the states as a row of links, and the others in one form.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import menu, tags
from articles.models import MOST_TAGS, Article, ArticleQuerySet, Author, Byline, Event, State, Tagging
from multitude.numerals import is_key


class Criterion(admin.SimpleListFilter):
    """One thing by which the list is narrowed."""

    everything: Any = _("tous")
    """What the form says where nothing is asked for."""
    offers = ""
    """The name of the page that completes what is typed; empty where one chooses among what there is."""

    def has_output(self) -> bool:
        """Take part in the list even where there is nothing to choose from."""
        return True

    def value(self) -> str | None:
        """Return what is asked for; a form sends an empty word for nothing."""
        return super().value() or None

    @property
    def label(self) -> Any:
        """What is asked for, in words."""
        value = self.value()
        return next((label for key, label in self.lookup_choices if key == value), value)


class StateFilter(Criterion):
    """Where articles stand; it follows from their dates, so it is a query."""

    title = _("état")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer every state."""
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep one state; an unknown one keeps nothing."""
        value = self.value()
        if value is None:
            return queryset
        if value == State.UNPUBLISHED:
            # Few articles: their index finds them, where the order of the list would have the database read them all.
            return queryset.filter(pk__in=Article.objects.in_state(State.UNPUBLISHED).values("pk"))
        return cast(ArticleQuerySet, queryset).in_state(State(value)) if value in State else queryset.none()


class SectionFilter(Criterion):
    """The articles of a section."""

    title = _("rubrique")
    parameter_name = "section"
    everything = _("toutes")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the sections in the order of the menu."""
        return [(str(section.pk), section.name) for section in menu.sections()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep one section."""
        return _by_key(queryset, self.value(), lambda key: queryset.filter(section_id=key))


class AuthorFilter(Criterion):
    """The articles that somebody signed."""

    title = _("auteur")
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the authors by their names."""
        return [(str(pk), name) for pk, name in Author.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep what one author signed."""
        signed = Byline.objects.filter(article=OuterRef("pk"))
        return _by_key(queryset, self.value(), lambda key: queryset.filter(Exists(signed.filter(author_id=key))))


class TagFilter(Criterion):
    """The articles that have a tag, or each of several, by their names."""

    title = _("thème")
    parameter_name = "tag"
    offers = "admin:articles_tag_choose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer nothing: there are too many."""
        return []

    def value(self) -> str | None:
        """Return the names that were typed, without the commas around them."""
        return tags.SEPARATOR.join(tags.names_in(super().value() or "")) or None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep what has every tag that is named; a name that no tag has keeps nothing."""
        names = tags.names_in(self.value() or "")
        known = tags.find(names[:MOST_TAGS])
        if len(known) < len(names):
            return queryset.none()
        for tag in known.values():
            queryset = queryset.filter(Exists(Tagging.objects.filter(article=OuterRef("pk"), tag=tag)))
        return queryset


class DayFilter(Criterion):
    """When articles appeared, or will, in days of Paris."""

    title = _("parution")
    parameter_name = "day"
    everything = _("n’importe quand")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer what an editor looks for."""
        return [
            ("aujourdhui", _("aujourd’hui")),
            ("semaine", _("7 derniers jours")),
            ("mois", _("30 derniers jours")),
            ("a-venir", _("à venir")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep what has its date between two instants; an unknown choice keeps nothing."""
        value = self.value()
        if value is None:
            return queryset
        start, tomorrow = day_of(timezone.now())
        between = {
            "aujourdhui": (start, tomorrow),
            "semaine": (start - timedelta(days=6), tomorrow),
            "mois": (start - timedelta(days=29), tomorrow),
        }
        if value == "a-venir":
            return queryset.filter(published_at__gt=timezone.now())
        if value not in between:
            return queryset.none()
        since, until = between[value]
        return queryset.filter(published_at__gte=since, published_at__lt=until)


class MineFilter(Criterion):
    """What one has worked on oneself."""

    title = _("rédacteur")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer one's own."""
        return [("moi", _("moi"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep what one has written to."""
        return queryset.filter(worked_on_by(request.user.pk)) if self.value() == "moi" else queryset


FILTERS = (StateFilter, SectionFilter, AuthorFilter, TagFilter, DayFilter, MineFilter)


def worked_on_by(user_id: Any) -> Exists:
    """Return the condition that somebody has created or saved an article."""
    kinds = [Event.Kind.CREATED, Event.Kind.SAVED, Event.Kind.RESTORED]
    return Exists(Event.objects.filter(article=OuterRef("pk"), by=user_id, kind__in=kinds))


def day_of(instant: datetime) -> tuple[datetime, datetime]:
    """Return when the day in Paris of an instant begins, and when the next one does."""
    local = timezone.localtime(instant)
    first = local.replace(hour=0, minute=0, second=0, microsecond=0)
    noon_after = first.replace(hour=12) + timedelta(days=1)
    return first, noon_after.replace(hour=0)


def _by_key(queryset: QuerySet[Article], value: str | None, narrow: Any) -> QuerySet[Article]:
    if not value:
        return queryset
    return narrow(int(value)) if is_key(value) else queryset.none()
