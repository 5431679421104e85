"""The field in which an article's form takes its tags: their names, commas between them, and a script that finds them.

Known names are found however their case and accents are typed; unknown ones become new tags, for who may add some.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import naming, tags
from articles.models import MOST_TAGS

MOST_TYPED = 1_000


class TagNamesInput(forms.TextInput):
    """A line of text that offers what is being typed."""

    def __init__(self) -> None:
        super().__init__({"class": "vLargeTextField", "autocomplete": "off"})

    @property
    def media(self) -> forms.Media:
        """Return the module that offers tags, and how it looks."""
        script: Any = Script("js/tag-names.js", type="module")
        return forms.Media(css={"all": ["css/tags-desk.css"]}, js=[script])

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """Say where tags are found."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-tags": reverse("admin:articles_tag_choose")}


class TagNamesField(forms.CharField):
    """The names of tags; cleaned it is their list, or None where nothing was sent about them."""

    widget = TagNamesInput

    def __init__(self) -> None:
        told = _("Séparés par des virgules, sans ordre ; douze au plus.")
        super().__init__(label=_("Thèmes"), help_text=told, required=False, max_length=MOST_TYPED)

    def clean(self, value: Any) -> list[str] | None:
        """Return the names, each once, known ones as they are stored."""
        if value is None:
            return None
        names = tags.names_in(super().clean(value))
        if len(names) > MOST_TAGS:
            said = _("Un article a %(most)s thèmes au plus : il y en a %(count)s.")
            raise ValidationError(said % {"most": MOST_TAGS, "count": len(names)})
        known = tags.find(names)
        for name in names:
            if name not in known:
                tags.check(name)
        return [known[name].name if name in known else name for name in names]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether other tags are named; neither order nor spelling counts, and nothing sent changes nothing."""
        if self.disabled or data is None:
            return False
        return _named(initial or "") != _named(data)


def _named(typed: str) -> set[str]:
    return {naming.folded(name) for name in tags.names_in(typed)}
