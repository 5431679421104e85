"""What lists and forms of the desk pass over: no page of theirs sends it, and Django answers it with an error of its own."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Model
from django.http import HttpRequest, HttpResponse, QueryDict

from multitude.numerals import is_key

# Each word of a search is a condition of its own, and SQLite takes no thousand of them.
MOST_WORDS = 12
_COPY = "_saveasnew"


class Forbearing(ModelAdmin):
    """A list whose actions pass over keys that no row can have, and a form that neither copies nor takes dates from its address."""

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Take chosen keys that are none out before Django looks them up."""
        data = request.POST.copy()
        data.setlist(ACTION_CHECKBOX_NAME, possible_keys(data))
        request.POST = data  # type: ignore[assignment]
        return super().response_action(request, *args, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Look for so many words at most."""
        return super().get_search_results(request, queryset, " ".join(search_term.split()[:MOST_WORDS]))

    def _changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what is there where a copy is asked for, which no button does: Django makes one all the same."""
        if not self.save_as and _COPY in request.POST:
            data = request.POST.copy()
            del data[_COPY]
            request.POST = data  # type: ignore[assignment]
        return super()._changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Leave out the dates: fields that show a day and an hour take no text."""
        found = super().get_changeform_initial_data(request)
        return {name: value for name, value in found.items() if not _is_date(self.model, name)}


def possible_keys(data: QueryDict) -> list[str]:
    """Return those of the ticked keys that a row can have."""
    return [key for key in data.getlist(ACTION_CHECKBOX_NAME) if is_key(key)]


def _is_date(model: type[Model], name: str) -> bool:
    try:
        return isinstance(model._meta.get_field(name), DateField)
    except FieldDoesNotExist:
        return False
