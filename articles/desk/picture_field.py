"""The field in which an article's form chooses a picture: found by its words, and shown once it is chosen."""

from typing import Any

from django.forms import Media, Script

from articles import figures
from articles.desk.choosing import KeySelect
from multitude.numerals import is_key


class PictureSelect(KeySelect):
    """The field of choices, with the chosen picture below."""

    template_name = "admin/articles/picture/select.html"

    @property
    def media(self) -> Media:
        """Add the module that shows another picture as soon as it is chosen."""
        script: Any = Script("js/lead-picture.js", type="module")
        return super().media + Media(css={"all": ["css/pictures-desk.css"]}, js=[script])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Bring the chosen picture along."""
        key = int(value) if is_key(value) else None
        context = super().get_context(name, value, attrs)
        picture = figures.load([key]).get(key) if key else None
        told = (
            {"address": figures.thumbnail(picture), "alternative_text": picture.alternative_text} if picture else None
        )
        return {**context, "chosen": told}
