"""From what journalists type to what is stored and shown: typographed, cleaned, counted.

Called for every save, admin's and `loaddata`'s alike, by a receiver inside this app.
The allow-list below is the only HTML that an article can contain.
"""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.db import models
from django.utils import timezone

from articles.models import Article, Author, Section
from multitude import typography

BLOCK_ELEMENTS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "pre", "hr", "br"}
INLINE_ELEMENTS = {"a", "em", "strong", "cite", "code", "abbr", "sub", "sup", "q", "s"}
_ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "ol": {"start"},
    "q": {"cite"},
    "blockquote": {"cite"},
}
_SCHEMES = {"http", "https", "mailto"}
MAX_SOURCE = 200_000
_SOURCES = ("section_id", "slug", "kicker", "headline", "standfirst", "body", "footnote", "published_at")


def clean_html(source: str, *, inline: bool = False) -> str:
    """Return typographed HTML that holds nothing but the allow-list.

    `inline` leaves no block, for a footnote. A source longer than 200,000 characters raises
    ValueError: its length is checked before anything is parsed, since nesting slows any parser.
    """
    if len(source) > MAX_SOURCE:
        raise ValueError("Le texte dépasse 200 000 caractères.")
    cleaner = _INLINE_CLEANER if inline else _CLEANER
    # The first pass gives the typesetter well-formed HTML, which it reads in linear time; the last one decides.
    return cleaner.clean(typography.typeset_html(cleaner.clean(source))).strip()


def count_words(html: str) -> int:
    """Return the number of words that one reads in the HTML."""
    return len(re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", unescape(re.sub(r"<[^>]*>", " ", html))))


def connect() -> None:
    """Render each article, author and section just before it is written."""
    models.signals.pre_save.connect(_render_article, sender=Article, dispatch_uid="render-article")
    models.signals.pre_save.connect(_render_author, sender=Author, dispatch_uid="render-author")
    models.signals.pre_save.connect(_render_section, sender=Section, dispatch_uid="render-section")


def render_article(article: Article) -> None:
    """Fill the article's rendered fields, its word count and its first date from its sources."""
    render_head(article)
    article.body_html = clean_html(article.body)
    article.footnote_html = clean_html(article.footnote, inline=True)
    article.word_count = count_words(article.body_html)


def render_head(article: Article) -> None:
    """Fill what is short: kicker, headline, standfirst, and the dates that follow from others."""
    article.display_kicker = typography.typeset(article.kicker)
    article.display_headline = typography.typeset(article.headline)
    article.display_standfirst = typography.typeset(article.standfirst)
    if not article.was_public():
        article.first_published_at = article.published_at


def _render_article(instance: Article, raw: bool, **kwargs: Any) -> None:
    if not raw:
        instance.modified_at = timezone.now()
    elif instance.pk:
        _keep_what_a_fixture_does_not_know(instance)
    render_article(instance)


def _keep_what_a_fixture_does_not_know(article: Article) -> None:
    """Give a fixture's article the history of the row that it is about to replace."""
    stored = Article.objects.filter(pk=article.pk).first()
    if stored is None:
        return
    for field in ("first_published_at", "unpublished_at", "view_count", "comment_count"):
        setattr(article, field, getattr(stored, field))
    if all(getattr(article, field) == getattr(stored, field) for field in _SOURCES):
        article.modified_at = stored.modified_at


def _render_author(instance: Author, **kwargs: Any) -> None:
    instance.display_credentials = typography.typeset(instance.credentials)


def _render_section(instance: Section, **kwargs: Any) -> None:
    instance.display_description = typography.typeset(instance.description)


def _filter_address(element: str, attribute: str, value: str) -> str | None:
    """Keep http(s) and mailto addresses, and paths of this site; drop everything else."""
    if attribute not in {"href", "cite"}:
        return value
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    if parts.scheme in _SCHEMES or (not parts.scheme and not parts.netloc and value.startswith(("/", "#"))):
        return None if "\\" in value else value
    return None


def _cleaner(elements: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=elements,
        clean_content_tags={"script", "style", "iframe", "object", "template", "noscript"},
        attributes=_ATTRIBUTES,
        attribute_filter=_filter_address,
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )


_CLEANER = _cleaner(INLINE_ELEMENTS | BLOCK_ELEMENTS)
_INLINE_CLEANER = _cleaner(INLINE_ELEMENTS)
