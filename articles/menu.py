"""The sections as every page's menu shows them, kept in memory so that no page asks for them."""

from articles.models import Article, Section
from multitude.caching import SITE, Remembered

_sections = Remembered(lambda: list(Section.objects.all()), SITE)


def sections() -> list[Section]:
    """Return the sections in order, read from the database at most once a minute by each process."""
    return _sections.get()


def section(slug: str) -> Section | None:
    """Return the section at an address, or None when it is not in the menu yet."""
    return next((section for section in sections() if section.slug == slug), None)


def section_of(article: Article) -> Section | None:
    """Return the section of an article, or None when it is not in the menu yet."""
    return next((section for section in sections() if section.pk == article.section_id), None)
