"""What templates say of articles: the menu, the side rankings, and counts in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from articles import freshness, popularity, related, structured_data
from articles import menu as sections
from articles.models import Article
from articles.rendering import CARD_HOLE
from multitude import clock
from multitude.caching import LISTS, Remembered, depends_on
from multitude.labels import day_label, hour_label

register = template.Library()
register.filter(day_label)
register.filter(hour_label)

# How wide a card's picture is, as static/css/pictures.css has it.
_CARD_SIZES = 'sizes="(min-width: 40rem) 20rem, calc(100vw - 2rem)"'
_FIRST_SIZES = 'sizes="(min-width: 80rem) 54rem, (min-width: 64rem) 66vw, calc(100vw - 2rem)"'


@register.simple_tag(takes_context=True)
def menu(context: template.Context) -> str:
    """Show the sections; the one in which the page stands is marked."""
    section, article = context.get("section"), context.get("article")
    if section:
        return sections.html(section.pk, "page")
    return sections.html(article.section_id if article else None, "true")


@dataclass(frozen=True)
class _Rankings:
    html: str
    keys: list[str]
    until: datetime | None


def _read_rankings() -> _Rankings:
    most_read, most_commented = popularity.of_the_week()
    entries = (*most_read, *most_commented)
    return _Rankings(
        html=render_to_string("articles/_rankings.html", {"most_read": most_read, "most_commented": most_commented}),
        keys=[freshness.headline(entry.article_id) for entry in entries],
        until=min((entry.until for entry in entries if entry.until), default=None),
    )


_rankings = Remembered(_read_rankings, LISTS, seconds=15)


@register.simple_tag(takes_context=True)
def rankings(context: template.Context) -> str:
    """Show this week's most read and most commented articles side by side: the same on every page."""
    shown = _rankings.get()
    if shown.until is not None and shown.until <= clock.now():
        shown = _read_rankings()
    depends_on(context["request"], *shown.keys, until=shown.until)
    return shown.html


@register.simple_tag(takes_context=True)
def related_to(context: template.Context, article: Article) -> list[related.Related]:
    """Return what one reads after an article; its page then depends on what is named there."""
    found = related.to(article)
    until = min((each.until for each in found if each.until), default=None)
    depends_on(context["request"], *(freshness.headline(each.pk) for each in found), until=until)
    return found


@register.simple_tag
def card(row: tuple[str, int], *, brief: bool = False, first: bool = False) -> str:
    """Show an article in a list, from `Article.objects.cards()`.

    `brief` leaves picture and standfirst out; `first` is the largest of the page, whose picture does not wait.
    """
    html, comments = row
    # A card of an older template may have fewer holes, until `rerender` has passed.
    begin, picture, head, standfirst, date, link, title, end = [*html.split(CARD_HOLE), *[""] * 7][:8]
    picture = picture.replace('sizes="auto"', _FIRST_SIZES if first else _CARD_SIZES)
    if first:
        picture = picture.replace('loading="lazy"', 'fetchpriority="high"')
    shown = head if brief else f"{picture}{head}{standfirst}"
    talk = f"{link}{comment_count_label(comments)}{title}" if comments else ""
    return mark_safe(f"{begin}{shown}{date}{talk}{end}")  # noqa: S308  rendered by a template


@register.simple_tag
def linked_data(article: Article, **more: Any) -> SafeString:
    """Tell machines what the article is, and what others add: a script of data, which runs nothing."""
    return structured_data.script(article, **more)


@register.filter
def authors(article: Article) -> list[dict[str, str]]:
    """Return who signs the article: their names, and the paths of their pages."""
    return structured_data.authors(article)


@register.filter
def summary(article: Article) -> str:
    """Return what the article is about, in a sentence or two."""
    return structured_data.summary(article)


@register.simple_tag
def mail_about(article: Article) -> str:
    """Return the address that begins a mail about an article, with its title and where it is (RFC 6068)."""
    title = " ".join(article.display_headline.split())
    where = f"{settings.SITE_URL}{article.get_absolute_url()}"
    return f"mailto:?subject={quote(title, safe='')}&body={quote(f'{title}\r\n\r\n{where}', safe='')}"


@register.filter
def comment_count_label(count: int) -> str:
    """Say «Commentaire 0», «Commentaire 1», «Commentaires 2»."""
    return ngettext("Commentaire %(count)s", "Commentaires %(count)s", count) % {"count": _figure(count)}


@register.filter
def reading_count_label(count: int) -> str:
    """Say «1 lecture», «1 234 lectures»."""
    return ngettext("%(count)s lecture", "%(count)s lectures", count) % {"count": _figure(count)}


@register.filter
def reading_time_label(minutes: int) -> str:
    """Say «3 minutes de lecture»."""
    return ngettext("%(count)s minute de lecture", "%(count)s minutes de lecture", minutes) % {
        "count": _figure(minutes)
    }


@register.filter
def iso_instant(instant: datetime) -> str:
    """Write an instant for machines, to the second: HTML knows no microseconds."""
    return instant.isoformat(timespec="seconds")


def _figure(number: int) -> str:
    return str(number) if number < 1_000 else str(number_format(number, use_l10n=True, force_grouping=True))
