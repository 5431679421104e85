"""The sections as every page's menu shows them, kept in memory so that no page asks for them."""

from typing import Literal

from django.template.loader import render_to_string

from articles.models import Article, Section
from multitude.caching import SITE, Remembered

_sections = Remembered(lambda: list(Section.objects.all()), SITE)
_menus = Remembered[dict[tuple[int | None, str], str]](dict, SITE)


def sections() -> list[Section]:
    """Return the sections in order, read from the database at most once a minute by each process."""
    return _sections.get()


def html(here: int | None, current: Literal["page", "true"]) -> str:
    """Return the menu, in which the section `here` bears the mark `aria-current`: its own page, or one of its articles."""
    menus = _menus.get()
    if (here, current) not in menus:
        context = {"sections": sections(), "here": here, "current": current}
        menus[here, current] = render_to_string("articles/_menu.html", context)
    return menus[here, current]


def section(slug: str) -> Section | None:
    """Return the section at an address, or None when it is not in the menu yet."""
    return next((section for section in sections() if section.slug == slug), None)


def section_of(article: Article) -> Section | None:
    """Return the section of an article, or None when it is not in the menu yet."""
    return next((section for section in sections() if section.pk == article.section_id), None)
