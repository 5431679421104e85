"""Decisions with all that they judged, to be handed over: to a court, a colleague, or a spreadsheet.

The page of the admin and `manage.py export_decisions` both read here. Rows come in the order of the decisions, a batch
at a time, so that a file takes the same memory whatever it holds. JSON says everything to the letter; in CSV what a
spreadsheet would take for a formula is made plain text, and is made of one kind of line end.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from comments import screening
from comments.figures import midnight
from comments.models import Comment, Decision
from comments.moderation import COMMAND
from comments.paging import Key, Order

type Record = dict[str, Any]
type Batch = list[Record]

BATCH = 1_000
# Excel in French splits at semicolons, and takes a file for UTF-8 only when it begins with this mark.
DELIMITER = ";"
MARK = "\ufeff"
_ORDER = Order("decided_at")


def words_of(rule: str) -> str:
    """Return what the newsroom calls a rule of the screening, or what decided instead of a moderator."""
    return str(_("une commande") if rule == COMMAND else screening.LABELS.get(rule, rule))


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which decisions are meant: those that meet every criterion, so all of them where there is none."""

    article: Article | None = None
    author_of: int | None = None
    """A comment of the person, which names them where their e-mail may not stand."""
    email: str = ""
    """The e-mail of that comment."""
    since: date | None = None
    until: date | None = None
    """The first and the last day, in Paris."""

    def decisions(self) -> QuerySet[Decision]:
        """Return the decisions that are meant, the oldest first."""
        found = Decision.objects.order_by(*_ORDER.fields)
        if self.article:
            found = found.filter(comment__article=self.article)
        if self.author_of:
            found = found.filter(comment__author_email=self.email)
        if self.since:
            found = found.filter(decided_at__gte=midnight(self.since))
        if self.until:
            found = found.filter(decided_at__lt=midnight(self.until + timedelta(days=1)))
        return found

    def __str__(self) -> str:
        words = []
        if self.article:
            words.append(_("article « %(headline)s »") % {"headline": self.article.headline})
        if self.author_of:
            words.append(_("auteur du commentaire n° %(number)d") % {"number": self.author_of})
        if self.since:
            words.append(_("depuis le %(day)s") % {"day": f"{self.since:%d/%m/%Y}"})
        if self.until:
            words.append(_("jusqu’au %(day)s") % {"day": f"{self.until:%d/%m/%Y}"})
        return ", ".join(words) or _("toutes les décisions")

    def filename(self, extension: str) -> str:
        """Return a name for the file, of letters, digits and hyphens, that says what it holds."""
        words = [
            "decisions",
            self.article and f"article-{self.article.pk}",
            self.author_of and f"auteur-du-commentaire-{self.author_of}",
            self.since and f"depuis-{self.since}",
            self.until and f"jusqu-a-{self.until}",
        ]
        return f"{'-'.join(word for word in words if word)}.{extension}"


# What is told of a decision ------------------------------------------------------------------


@dataclass(frozen=True)
class _Column:
    key: str
    heading: Promise
    value: Callable[[Record], Any]
    is_personal: bool = False


def _named(choices: Any, code: str) -> str:
    return str(choices(code).label) if code else ""


_COLUMNS = (
    _Column("decision", gettext_lazy("décision"), lambda row: row["pk"]),
    _Column("comment", gettext_lazy("commentaire"), lambda row: row["comment_id"]),
    _Column("article", gettext_lazy("article"), lambda row: row["comment__article__slug"]),
    _Column("headline", gettext_lazy("titre"), lambda row: row["comment__article__headline"]),
    _Column("action", gettext_lazy("action"), lambda row: row["action"]),
    _Column("action_label", gettext_lazy("action, en clair"), lambda row: _named(Decision.Action, row["action"])),
    _Column("reason", gettext_lazy("motif"), lambda row: row["reason"]),
    _Column("reason_label", gettext_lazy("motif, en clair"), lambda row: _named(Decision.Reason, row["reason"])),
    _Column("explanation", gettext_lazy("explication"), lambda row: row["evidence__explanation"]),
    _Column("from_status", gettext_lazy("état avant"), lambda row: row["from_status"]),
    _Column("to_status", gettext_lazy("état après"), lambda row: row["to_status"]),
    _Column("version", gettext_lazy("version jugée"), lambda row: row["version"]),
    _Column("moderator", gettext_lazy("modérateur"), lambda row: row["moderator__username"]),
    _Column("rule", gettext_lazy("règle ou commande"), lambda row: row["rule"]),
    _Column("charter", gettext_lazy("version de la charte"), lambda row: row["charter__number"]),
    _Column("decided_at", gettext_lazy("date"), lambda row: _instant(row["decided_at"])),
    _Column("author_name", gettext_lazy("nom jugé"), lambda row: row["evidence__author_name"]),
    _Column("body", gettext_lazy("texte jugé"), lambda row: row["evidence__body"]),
    _Column("findings", gettext_lazy("constats automatiques"), lambda row: row["evidence__findings"] or []),
    _Column("author_email", gettext_lazy("email"), lambda row: row["comment__author_email"], is_personal=True),
    _Column(
        "client_network", gettext_lazy("adresse réseau"), lambda row: row["comment__client_network"], is_personal=True
    ),
)
_READ = (
    *("pk", "comment_id", "action", "reason", "from_status", "to_status", "version", "rule", "decided_at"),
    *("moderator__username", "charter__number", "comment__article__slug", "comment__article__headline"),
    *("evidence__author_name", "evidence__body", "evidence__findings", "evidence__explanation"),
)
_READ_PERSONAL = ("comment__author_email", "comment__client_network")


def _instant(at: datetime) -> str:
    """Return an instant as ISO 8601 has it, to the second, with the hour of Paris."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def _columns(*, personal: bool) -> list[_Column]:
    return [column for column in _COLUMNS if personal or not column.is_personal]


def batches(scope: Scope, *, personal: bool) -> Iterator[Batch]:
    """Yield all that is told of the decisions; e-mails and networks only where they are `personal`ly entrusted."""
    columns = _columns(personal=personal)
    found = scope.decisions().values(*_READ, *(_READ_PERSONAL if personal else ()))
    rows = list(found[:BATCH])
    while rows:
        yield [{column.key: column.value(row) for column in columns} for row in rows]
        last = Key(rows[-1]["decided_at"], rows[-1]["pk"])
        rows = list(found.filter(_ORDER.beyond(last))[:BATCH])


# Files ---------------------------------------------------------------------------------------


def as_json(told: Iterable[Batch], *, personal: bool) -> Iterator[str]:
    """Yield a JSON array in pieces: an object for each decision, one on each line."""
    before = "[\n"
    for batch in told:
        yield before + ",\n".join(json.dumps(record, ensure_ascii=False) for record in batch)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def as_csv(told: Iterable[Batch], *, personal: bool) -> Iterator[str]:
    """Yield a CSV file in pieces: a line of headings, and one line or more for each decision."""
    yield MARK + _lines([[str(column.heading) for column in _columns(personal=personal)]])
    for batch in told:
        yield _lines([_cell(value) for value in record.values()] for record in batch)


FORMATS: dict[str, Callable[..., Iterator[str]]] = {"csv": as_csv, "json": as_json}


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    page = io.StringIO()
    csv.writer(page, delimiter=DELIMITER).writerows(rows)
    return page.getvalue()


def _cell(value: Any) -> str | int:
    match value:
        case None:
            return ""
        case int():
            return value
        case list():
            return harmless(" · ".join(finding_in_words(finding) for finding in value))
        case _:
            return harmless(str(value))


def finding_in_words(finding: dict[str, str]) -> str:
    """Return what a rule noticed when the decision was taken, with its detail."""
    return screening.sentence(str(finding.get("rule", "")), str(finding.get("detail", "")))


# What a spreadsheet, or a program that reads the file for it, may skip before it looks for a formula.
_SKIPPED = re.compile(r"\A[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BEGINNINGS = frozenset("=+-@\u2212")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet computes: an apostrophe stands before what could begin a formula.

    Full-width signs count too, and so do tabs and line ends at the beginning (OWASP, «CSV Injection»). Other control
    characters, NUL among them, become U+FFFD, and line ends are of one kind.
    """
    if text[:1].isalnum() and text.isprintable():
        return text
    first = _SKIPPED.sub("", text, count=1)[:1]
    is_formula = text[:1] in ("\t", "\r", "\n") or unicodedata.normalize("NFKC", first) in _BEGINNINGS
    plain = _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{plain}" if is_formula else plain


def person(email: str) -> int | None:
    """Return the last comment of an e-mail, by which the person is named from then on, or None."""
    written = Comment.objects.filter(author_email=email).order_by("-submitted_at", "-pk")
    return written.values_list("pk", flat=True).first()
