"""Django's own field that finds a row by its words, for a form that comes back with anything in it."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.forms import Media, Script

from multitude.numerals import is_key


class KeySelect(AutocompleteSelect):
    """Shows the row that is chosen; what is no key would be sought all the same, and no database compares it with one."""

    @property
    def media(self) -> Media:
        """Add the module that names what select2 draws."""
        script: Any = Script("js/labels.js", type="module")
        return super().media + Media(js=[script])

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        """Seek what is a key alone; the form says of the rest that it is no choice."""
        return super().optgroups(name, [key for key in value if is_key(key)], attrs)
