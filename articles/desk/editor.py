"""The field in which an article is written: django-prose-editor's own editor, under a toolbar and rules of ours.

Its usual media need an import map in the page, which our content security policy forbids: our module imports the
editor by its path instead. Without script, the text area that stands there takes HTML.
"""

from typing import Any

from django import forms
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from articles import allowed, embeds, intake
from articles.models import BODY_LENGTH, WORDS_PER_MINUTE

# Django's forms print a help text as HTML.
HELP = _(
    "Ce champ reçoit du HTML : paragraphes &lt;p&gt;, intertitres &lt;h2&gt; et &lt;h3&gt;, listes, citations, tableaux, liens. "
    "Tout le reste est retiré à l’enregistrement. Avec JavaScript, vous écrivez dans une page mise en forme."
)


class BodyEditor(ProseEditorWidget):
    """A text area that becomes the editor, given the list of what an article may hold; no figure unless `illustrated`."""

    template_name = "admin/articles/writing/body.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, illustrated: bool = True) -> None:
        self.illustrated = illustrated
        super().__init__(attrs={"rows": 28, "class": "vLargeTextField"} | (attrs or {}), preset="article")

    @property
    def media(self) -> forms.Media:
        """Return a module and three sheets, all from files."""
        return forms.Media(
            css={"all": ["css/prose.css", "css/writing.css", "css/writing-text.css"]},
            js=[Script("js/writing/writing.js", type="module")],  # type: ignore[list-item]
        )

    def get_config(self) -> dict[str, Any]:
        """Return what the editor needs to know."""
        return {
            **allowed.for_the_editor(illustrated=self.illustrated),
            "embeds": embeds.for_the_editor(),
            "files": intake.for_the_editor(),
            "wordsPerMinute": WORDS_PER_MINUTE,
            "longest": BODY_LENGTH,
        }
