"""The rows of the queue: what each shows of its comment, made ready for one template that shows them all."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext

from comments import moderation, rights, screening, standing
from comments.desk import links, past, persons
from comments.desk.deciding import buttons_of
from comments.models import Comment, Decision

type Verbs = tuple[Decision.Action, ...]

# What a row shows, and what a decision on it begins from.
SHOWN = (
    "status",
    "author_name",
    "author_email",
    "body",
    "body_html",
    "submitted_at",
    "version",
    "escalated_at",
    "redacted_at",
    "selected_rank",
    "is_newsroom",
    "article__slug",
    "article__display_headline",
    "article__display_standfirst",
    "parent__author_name",
    "parent__body",
)
# Where the buttons of a row say which comment they mean; a page has a hundred of them, of a few kinds.
_KEY, _VERSION = "\ue000", "\ue001"
_BUTTON = (
    '<button type="submit" name="one" value="{verb}.{key}.{version}" data-action="{verb}" aria-describedby="auteur-{key}"'
    ' title="{title}">{label}</button>'
)


@dataclass(frozen=True)
class Viewer:
    """Who looks at the queue, as far as a row depends on it."""

    sees_email: bool
    decides: bool
    directs: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Return what the request's account may do."""
        may = request.user.has_perm
        return cls(may(rights.SEE_PERSONAL_DATA), may(rights.DECIDE), may(rights.DIRECT))

    def verbs(self, comment: Comment) -> Verbs:
        """Return the decisions on a comment that are theirs to take: what was passed on to the director is the director's."""
        last: list[Decision] = getattr(comment, "last_decisions", [])
        is_passed_on = comment.escalated_at or standing.is_passed_on(last)
        is_theirs = self.decides and (self.directs or not is_passed_on)
        return tuple(moderation.open_to(comment)) if is_theirs else ()


@dataclass(frozen=True)
class Row:
    """What one row shows of its comment; `person` is what became of the others of who wrote it, None where that is gone."""

    comment: Comment
    status: str | Promise
    age: str
    """How long ago it came."""
    email: str
    person: persons.Person | None
    links: list[links.Target]
    findings: list[str]
    is_marked: bool
    past: past.Past | None
    buttons: SafeString
    masks: bool


def of(comments: list[Comment], viewer: Viewer) -> list[Row]:
    """Return the rows of some comments, in one query more for what is known of who wrote them."""
    known = persons.of(comments)
    now, ago = timezone.now(), gettext("il y a %(age)s")
    bars: dict[Verbs, str] = {}
    rows = []
    for comment in comments:
        verbs = viewer.verbs(comment)
        if verbs not in bars:
            bars[verbs] = _bar(verbs)
        rows.append(
            Row(
                comment,
                status=Comment.Status(comment.status).label,
                age=ago % {"age": timesince(comment.submitted_at, now)},
                email=comment.author_email if viewer.sees_email else "",
                person=known.get(comment.pk),
                links=links.targets(comment.body_html),
                # Whether its person has other comments, a row says already.
                findings=screening.in_words(comment.findings.all(), with_information=False),
                is_marked=is_marked(comment),
                past=past.last_of(comment),
                buttons=_meant_for(comment, bars[verbs]),
                masks=Decision.Action.REDACT in verbs,
            )
        )
    return rows


def is_marked(comment: Comment) -> bool:
    """Tell whether a comment bears a mark: the newsroom's answer, redacted, selected."""
    return bool(comment.is_newsroom or comment.redacted_at or comment.selected_rank)


def _bar(verbs: Verbs) -> str:
    """Return a button for each decision, for whichever comment."""
    return format_html_join(
        " ",
        _BUTTON,
        (
            {"verb": verb.value, "title": verb.label, "label": label, "key": _KEY, "version": _VERSION}
            for verb, label in buttons_of(verbs)
        ),
    )


def _meant_for(comment: Comment, bar: str) -> SafeString:
    """Return the buttons with the comment, and its version as it is seen."""
    return mark_safe(bar.replace(_KEY, str(comment.pk)).replace(_VERSION, str(comment.version)))  # noqa: S308
