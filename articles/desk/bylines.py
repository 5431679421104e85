"""The signature in the form of an article: taken up again with the draft, and saved though somebody else changed it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.forms import BaseInlineFormSet
from django.http import QueryDict

from articles.models import Article, Author
from multitude.numerals import is_key

PREFIX = "bylines"
MOST = 100


class Row(NamedTuple):
    """A byline as a form holds it, each part as HTML sends it; `key` is empty for one that is not stored."""

    key: str
    author: str
    position: str
    is_removed: bool

    def initial(self) -> dict[str, Any]:
        """Return what its form shows."""
        return {"author": self.author, "position": self.position, "DELETE": self.is_removed}


def rows(values: Mapping[str, str]) -> list[Row]:
    """Return the bylines among what a form holds; those without an author are none."""
    found = []
    for number in range(_number(values, f"{PREFIX}-TOTAL_FORMS")):
        own = {name: values.get(f"{PREFIX}-{number}-{name}", "") for name in ("id", "author", "position")}
        if is_key(own["author"]):
            key, position = (own[name] if is_key(own[name]) else "" for name in ("id", "position"))
            found.append(Row(key, own["author"], position, f"{PREFIX}-{number}-DELETE" in values))
    return found


def differ(values: Mapping[str, str], article: Article | None) -> bool:
    """Tell whether a form that holds bylines holds others than those that are stored."""
    stored = article.bylines.all() if article else []
    known = {(str(byline.pk), str(byline.author_id), str(byline.position)) for byline in stored}
    return any(row.is_removed or row[:3] not in known for row in rows(values))


def names(values: Mapping[str, str]) -> str:
    """Return the names with which a form signs, in the order of their positions."""
    signing = sorted((row for row in rows(values) if not row.is_removed), key=lambda row: int(row.position or 0))
    authors = Author.objects.in_bulk({int(row.author) for row in signing})
    return ", ".join(authors[int(row.author)].name for row in signing if int(row.author) in authors)


class BylineFormSet(BaseInlineFormSet):
    """The bylines of an article; `kept` is what a form held that is taken up again."""

    def __init__(self, data: QueryDict | None = None, *args: Any, kept: Mapping[str, str] | None = None, **kwargs: Any):
        super().__init__(data, *args, **kwargs)
        self._kept: dict[int, Row] = {}
        if self.is_bound:
            self._take_back()
        elif kept is not None:
            stored = {byline.pk for byline in self.get_queryset()}
            found = rows(kept)
            self._kept = {int(row.key): row for row in found if row.key and int(row.key) in stored}
            new = [row.initial() for row in found if not row.key or int(row.key) not in self._kept]
            self.initial_extra = new
            self.extra += len(new)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        if self._kept and i < self.initial_form_count():
            row = self._kept.get(self.get_queryset()[i].pk)
            if row is not None:
                kwargs["initial"] = row.initial()
        return super()._construct_form(i, **kwargs)  # type: ignore[misc]

    def _take_back(self) -> None:
        """Have the rows that somebody else removed meanwhile come after those that are there, as new ones."""
        first = min(_number(self.data, f"{PREFIX}-INITIAL_FORMS"), MOST)
        total = _number(self.data, f"{PREFIX}-TOTAL_FORMS")
        stored = {str(byline.pk) for byline in self.get_queryset()} if first else set()
        keys = [self.data.get(f"{PREFIX}-{number}-id", "") for number in range(first)]
        gone = [number for number, key in enumerate(keys) if is_key(key) and key not in stored]
        if not gone:
            return
        order = [*(number for number in range(first) if number not in gone), *gone, *range(first, total)]
        data = {name: value for name, value in self.data.items() if not name.startswith(f"{PREFIX}-")}
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"):
            data[f"{PREFIX}-{name}"] = self.data.get(f"{PREFIX}-{name}", "")
        data[f"{PREFIX}-INITIAL_FORMS"] = str(first - len(gone))
        for new, old in enumerate(order):
            for name in ("id", "article", "author", "position", "DELETE"):
                if (value := self.data.get(f"{PREFIX}-{old}-{name}")) is not None:
                    data[f"{PREFIX}-{new}-{name}"] = "" if name == "id" and old in gone else value
        self.data = data


def _number(values: Mapping[str, str], name: str) -> int:
    """Return how many rows a form says that it has, none where it says nothing that can be read."""
    typed = values.get(name, "")
    return min(int(typed), MOST) if is_key(typed) else 0
