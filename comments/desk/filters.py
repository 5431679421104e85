"""What the queue can be narrowed to: a lane, an article, a section, a finding, an age, a person, an e-mail.

Each criterion is a filter of Django's list, so that actions, paging and links keep to it; the page shows the lanes as a
row of links and the others in one form.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import naming
from articles.models import Section
from comments import counters, screening
from comments.desk import rows
from comments.desk.changelist import KeysetChangeList, figure
from comments.desk.selects import Select
from comments.models import Comment, Decision, Finding
from multitude.caching import SITE, Remembered
from multitude.numerals import is_key

Lane = Comment.Lane
EVERYTHING = "all"
# What changes of a section purges it: it need not be asked for every minute.
_sections = Remembered(lambda: list(Section.objects.values_list("pk", "name")), SITE, seconds=3_600)


class Criterion(admin.ListFilter):
    """One thing by which the list is narrowed: a parameter of its address."""

    title: Any
    parameter_name: str
    help_text: Any = ""

    def __init__(self, request: HttpRequest, params: dict[str, Any], *args: Any) -> None:
        super().__init__(request, params, *args)
        if given := params.pop(self.parameter_name, None):
            self.used_parameters[self.parameter_name] = given[-1]
        self.value = str(self.used_parameters.get(self.parameter_name, ""))

    def has_output(self) -> bool:
        """Take part in the list."""
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Offer nothing in Django's own side bar."""
        return iter(())

    def expected_parameters(self) -> list[str | None]:
        """Name the parameter."""
        return [self.parameter_name]

    def field(self) -> forms.Field | None:
        """Return the field in which one states it, or None where it comes by a link only."""
        return forms.CharField(label=self.title, required=False, help_text=self.help_text)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        """Narrow the list; what names nothing finds nothing."""
        return queryset.filter(self.condition()) if self.value else queryset

    def condition(self) -> Q:
        """Return what a comment has to fulfil; `value` is not empty."""
        raise NotImplementedError

    def label(self, found: list[Comment]) -> str:
        """Say in words what is asked for, knowing what was found."""
        return self.value


class Choice(Criterion):
    """A criterion of a few values."""

    options: tuple[tuple[str, Any], ...] = ()

    def field(self) -> forms.ChoiceField:
        """Return a select whose first option asks for nothing."""
        choices = [("", _("tous")), *self.options]
        return forms.ChoiceField(label=self.title, required=False, choices=choices, widget=Select)

    def label(self, found: list[Comment]) -> str:
        """Return the option's name."""
        return str(dict(self.options).get(self.value, self.value))


class LaneFilter(Criterion):
    """What waits for moderators, until one asks for something else."""

    title = _("état")
    parameter_name = "status"

    def field(self) -> None:
        """The lanes are links."""
        return

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        """Keep the lane asked for; an unknown one keeps nothing."""
        return queryset if self.lane == EVERYTHING else queryset.filter(lane=self.lane)

    @property
    def lane(self) -> str:
        """The lane that is shown; a person's comments are looked for in all."""
        return self.value or Lane.PENDING


class ArticleFilter(Criterion):
    """The comments of one article, by its number, its slug or its address."""

    title = _("article")
    parameter_name = "article"
    help_text = _("numéro, ou adresse")

    def condition(self) -> Q:
        """Keep the article's comments: its key at once where that is what one has."""
        if is_key(self.value):
            return Q(article_id=int(self.value))
        return Q(article__in=naming.articles(self.value).values("pk"))

    def label(self, found: list[Comment]) -> str:
        """Return the headline, which every row has."""
        return found[0].article.display_headline if found else self.value


class SectionFilter(Choice):
    """The comments of one section's articles."""

    title = _("rubrique")
    parameter_name = "section"

    @property
    def options(self) -> tuple[tuple[str, Any], ...]:  # type: ignore[override]
        """The sections, in the order of the menu."""
        return tuple((str(pk), name) for pk, name in _sections.get())

    def condition(self) -> Q:
        """Keep the section's articles."""
        return Q(article__section_id=int(self.value)) if is_key(self.value) else Q(pk__in=[])


class FindingFilter(Choice):
    """The comments in which a rule of the screening noticed something."""

    title = _("constat")
    parameter_name = "finding"
    options = tuple(screening.LABELS.items())

    def condition(self) -> Q:
        """Keep what has the finding."""
        return Q(Exists(Finding.objects.filter(comment=OuterRef("pk"), rule=self.value)))


class AgeFilter(Choice):
    """The comments that came lately, or long ago."""

    title = _("reçu")
    parameter_name = "age"
    options = (
        ("moins-1h", _("il y a moins d’une heure")),
        ("moins-24h", _("il y a moins d’un jour")),
        ("plus-24h", _("il y a plus d’un jour")),
        ("plus-72h", _("il y a plus de trois jours")),
        ("plus-168h", _("il y a plus d’une semaine")),
    )

    def condition(self) -> Q:
        """Keep what is younger, or older, than so many hours."""
        if self.value not in dict(self.options):
            return Q(pk__in=[])
        side, hours = self.value.removesuffix("h").split("-")
        instant = timezone.now() - timedelta(hours=int(hours))
        return Q(submitted_at__gt=instant) if side == "moins" else Q(submitted_at__lte=instant)


class DecidedFilter(Choice):
    """What one has decided oneself lately, to look at it again or to take it back."""

    title = _("décidé")
    parameter_name = "decided"
    options = (
        ("moi-1h", _("par moi, depuis une heure")),
        ("moi-24h", _("par moi, depuis un jour")),
    )

    def condition(self) -> Q:
        """Keep what has a decision of one's own that is young enough."""
        if self.value not in dict(self.options):
            return Q(pk__in=[])
        since = timezone.now() - timedelta(hours=int(self.value.removeprefix("moi-").removesuffix("h")))
        own = Decision.objects.filter(moderator=self.request.user.pk, decided_at__gte=since)
        return Q(pk__in=own.order_by().values("comment"))


class PersonFilter(Criterion):
    """The comments of whoever wrote a certain one: by their e-mail, which stays unseen."""

    title = _("auteur du commentaire")
    parameter_name = "person"

    def field(self) -> None:
        """One comes here by a link."""
        return

    def condition(self) -> Q:
        """Keep what the same e-mail sent; a comment whose e-mail is gone has no author."""
        if not is_key(self.value):
            return Q(pk__in=[])
        return Q(author_email=Subquery(Comment.objects.filter(pk=self.value).values("author_email")[:1])) & ~Q(
            author_email=""
        )


class EmailFilter(Criterion):
    """The comments of an e-mail, for those who may see e-mails."""

    title = _("email")
    parameter_name = "email"

    def condition(self) -> Q:
        """Keep the e-mail as it is stored."""
        return Q(author_email=self.value.strip().lower())


CRITERIA = (LaneFilter, ArticleFilter, SectionFilter, FindingFilter, AgeFilter, DecidedFilter, PersonFilter)


class QueueChangeList(KeysetChangeList):
    """The queue, with its lanes and the form of its criteria."""

    filter_specs: list[Criterion]  # type: ignore[assignment]

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self._viewer = rows.Viewer.of(request)
        super().__init__(request, *args)

    @cached_property
    def rows(self) -> list[rows.Row]:
        """The rows of the page, with all that they show."""
        return rows.of(self.result_list, self._viewer)

    @property
    def other_order(self) -> str:
        """The address of the same list from its other end."""
        return self.get_query_string({ORDER_VAR: "1" if self.order.falling else "-1"}, remove=[PAGE_VAR])

    @cached_property
    def _lane(self) -> str:
        [lane] = [spec.lane for spec in self.filter_specs if isinstance(spec, LaneFilter)]
        return lane

    @cached_property
    def asked_at(self) -> int:
        """When the page was made, in microseconds."""
        return int(timezone.now().timestamp() * 1_000_000)

    @cached_property
    def numbers(self) -> dict[Comment.Lane, int]:
        """The number of comments in every lane."""
        return counters.numbers()

    @cached_property
    def result_count(self) -> int:  # type: ignore[override]
        """How many rows match: the lane's own number where nothing narrows it, else as far as lists count."""
        return self._exact_number if self._exact_number is not None else super().result_count

    @cached_property
    def _exact_number(self) -> int | None:
        """The number of the lane, or of all comments, where nothing narrows the list."""
        if self.query or any(spec.value for spec in self.filter_specs if not isinstance(spec, LaneFilter)):
            return None
        if self._lane == EVERYTHING:
            return sum(self.numbers.values())
        return self.numbers.get(Lane(self._lane)) if self._lane in Lane else None

    @cached_property
    def lanes(self) -> list[dict[str, Any]]:
        """The lanes with their numbers, each with the address that shows it under the same criteria."""
        lanes = [(lane.value, lane.label, number) for lane, number in self.numbers.items()]
        return [
            {
                "name": lane,
                "label": label,
                "number": figure(number),
                "is_current": lane == self._lane,
                "address": self.get_query_string({LaneFilter.parameter_name: lane}, remove=[PAGE_VAR]),
            }
            for lane, label, number in (*lanes, (EVERYTHING, _("tous"), sum(self.numbers.values())))
        ]

    @property
    def exact_lane(self) -> str:
        """The lane whose number the list says in full, or nothing."""
        return "" if self._exact_number is None else self._lane

    @cached_property
    def criteria(self) -> list[dict[str, Any]]:
        """The criteria in force, each with the address without it."""
        return [
            {
                "title": spec.title,
                "label": spec.label(self.result_list),
                "without": self.get_query_string(remove=[spec.parameter_name, PAGE_VAR]),
            }
            for spec in self.filter_specs
            if spec.value and not isinstance(spec, LaneFilter)
        ]

    @cached_property
    def form(self) -> forms.Form:
        """The form of the criteria, filled with those in force."""
        form = forms.Form(
            initial={spec.parameter_name: spec.value for spec in self.filter_specs},
            prefix=None,
            auto_id="critere-%s",
            label_suffix="",
        )
        form.fields |= {spec.parameter_name: field for spec in self.filter_specs if (field := spec.field())}
        return form

    @property
    def kept(self) -> dict[str, str]:
        """What the form passes on: the lane and the order."""
        given = {LaneFilter.parameter_name: self._lane, ORDER_VAR: self.params.get(ORDER_VAR, "")}
        person = [spec for spec in self.filter_specs if isinstance(spec, PersonFilter)]
        return {name: str(value) for name, value in given.items() if value} | {
            spec.parameter_name: spec.value for spec in person if spec.value
        }

    @property
    def without_criteria(self) -> str:
        """The address of the lane alone."""
        return self.get_query_string(
            remove=[
                SEARCH_VAR,
                PAGE_VAR,
                *(spec.parameter_name for spec in self.filter_specs if not isinstance(spec, LaneFilter)),
            ]
        )
