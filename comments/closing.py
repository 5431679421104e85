"""Whether readers may comment an article, why not, and until when: one answer for every page and every door.

What decides is the first of these that has something to say: the pause of the whole site, what was chosen for the
article, what was chosen for its section, its age.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Commenting, Section
from comments import house
from comments.models import CommentSettings
from multitude import clock, typography
from multitude.sight import journal
from multitude.transactions import act

# How long before an article closes by its age its readers are told.
NOTICE = timedelta(days=7)
# What is asked of an article's row, in the order of `Choices`.
COLUMNS = (
    "commenting",
    "commenting_note",
    "first_published_at",
    "section__commenting",
    "section__commenting_note",
    "section__name",
)


class Cause(StrEnum):
    """What closes an article's comments."""

    PAUSE = "pause"
    ARTICLE = "article"
    SECTION = "section"
    AGE = "age"


class Choices(NamedTuple):
    """What the newsroom chose for an article and for its section, and since when readers see it."""

    commenting: str
    note: str
    first_published_at: datetime | None
    section_commenting: str
    section_note: str
    section_name: str


@dataclass(frozen=True)
class Standing:
    """Where an article's comments stand: open, or closed by one cause."""

    cause: Cause | None = None
    sentence: str = ""
    """Why they are closed, for readers; empty while they are open."""
    note: str = ""
    """What the newsroom adds, in its own words."""
    closes_at: datetime | None = None
    """When they close by themselves, or did; None where they do not."""
    is_ending: bool = False
    """Whether that comes so soon that readers are told."""

    @property
    def is_closed(self) -> bool:
        """Whether nobody may comment."""
        return self.cause is not None

    @property
    def is_paused(self) -> bool:
        """Whether this holds for the whole site, and for a while."""
        return self.cause == Cause.PAUSE

    @property
    def reason(self) -> str:
        """The sentence, and what the newsroom adds."""
        return f"{self.sentence} {self.note}".strip()

    @property
    def next_change(self) -> datetime | None:
        """The instant to come at which a page that shows this changes by itself, or None."""
        if self.is_closed or self.closes_at is None:
            return None
        return self.closes_at if self.is_ending else self.closes_at - NOTICE


def standing(choices: Choices, rules: CommentSettings, now: datetime) -> Standing:
    """Return where an article's comments stand at an instant; this asks nobody anything."""
    if rules.is_paused:
        return _closed(Cause.PAUSE, _("Les commentaires sont en pause sur tout le site."), rules.pause_note)
    if choices.commenting == Commenting.CLOSED:
        return _closed(Cause.ARTICLE, _("La rédaction a fermé les commentaires de cet article."), choices.note)
    if choices.commenting == Commenting.OPEN:
        return Standing()
    if choices.section_commenting == Commenting.CLOSED:
        sentence = _("La rédaction a fermé les commentaires de la rubrique « %(section)s ».")
        return _closed(Cause.SECTION, sentence % {"section": choices.section_name}, choices.section_note)
    if choices.section_commenting == Commenting.OPEN:
        return Standing()
    return _by_age(choices.first_published_at, rules.closes_after_days, now)


def of(article: Article) -> Standing:
    """Return where the comments of an article stand now; its section is best loaded."""
    section = article.section
    choices = Choices(
        article.commenting,
        article.commenting_note,
        article.first_published_at,
        section.commenting,
        section.commenting_note,
        section.name,
    )
    return standing(choices, house.current(), clock.now())


def of_section(section: Section) -> Standing:
    """Return where a section leaves the comments of its articles, for which nothing was chosen, now; their age apart."""
    choices = Choices(Commenting.AUTO, "", None, section.commenting, section.commenting_note, section.name)
    return standing(choices, house.current(), clock.now())


def choose(*, article_id: int, commenting: Commenting, note: str, moderator: User) -> bool:
    """Close the comments of an article, open them or leave them to the rules, and return whether that changes anything.

    `note` is what readers are told besides, at most 200 characters. Raises Article.DoesNotExist.
    """
    return _choose(Article, article_id, commenting, note, moderator)


def choose_for_section(*, section_id: int, commenting: Commenting, note: str, moderator: User) -> bool:
    """Do the same for a section, which decides for those of its articles for which nothing is chosen.

    Raises Section.DoesNotExist.
    """
    return _choose(Section, section_id, commenting, note, moderator)


@act()
def _choose(model: type[Article] | type[Section], key: int, commenting: Commenting, note: str, moderator: User) -> bool:
    chosen = model.objects.select_for_update(no_key=True).get(pk=key)
    if (chosen.commenting, chosen.commenting_note) == (commenting, note):
        return False
    chosen.commenting, chosen.commenting_note = commenting, note
    chosen.save(update_fields=["commenting", "commenting_note"])
    LogEntry.objects.log_actions(moderator.pk, [chosen], CHANGE, _logged(commenting, note))
    kind = str(model._meta.model_name)
    journal.act("commenting.choose", commenting=commenting.value, user=moderator.pk, **{kind: key})
    return True


def _closed(cause: Cause, sentence: str, note: str) -> Standing:
    return Standing(cause, sentence, typography.typeset(note))


def _by_age(since: datetime | None, days: int | None, now: datetime) -> Standing:
    """Return where the age of an article leaves its comments; one that nobody has seen yet has none."""
    if since is None or since > now or days is None:
        return Standing()
    closes_at = since + timedelta(days=days)
    if closes_at > now:
        return Standing(closes_at=closes_at, is_ending=closes_at - NOTICE <= now)
    sentence = ngettext(
        "Les articles se commentent pendant %(count)s jour après leur parution.",
        "Les articles se commentent pendant %(count)s jours après leur parution.",
        days,
    )
    return Standing(Cause.AGE, sentence % {"count": days}, closes_at=closes_at)


def _logged(commenting: Commenting, note: str) -> str:
    """Say in the article's history what was chosen."""
    sentence = _("Commentaires : %(choice)s.") % {"choice": commenting.label}
    return f"{sentence} {note}".strip()
