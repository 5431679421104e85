"""The demo newspaper's archives: as many articles as one wants, an hour apart, with texts of a few models.

Each batch is one transaction, so that a run cut short leaves whole articles and the next one adds the rest.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from itertools import batched
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from articles import archives, naming, rendering, search, structured_data
from articles.models import Article, Author, Byline, DailyTally, Section, Tag, Tagging
from articles.searching import documents
from articles.searching.documents import Document, Part, Tier
from multitude import bulk, typography
from multitude.demo.moulds import SAMPLED_AT, day_of, labels, mark, mould
from multitude.demo.newspaper import GENERATOR

BATCH = 5_000
MODELS = 60
TAGS = 2

_COMMON = ("standfirst", "display_standfirst", "body", "body_html", "word_count")
_ARTICLE = (
    "id",
    "section_id",
    "slug",
    "headline",
    "display_headline",
    "folded",
    "published_at",
    "first_published_at",
    "signature_html",
    "linked_data",
    "shown_tags",
    "dates_html",
    "card_html",
    "view_count",
    *_COMMON,
)


class _Indexed(NamedTuple):
    """A part of many articles, and what the index holds for it."""

    part: Part
    written: str


@dataclass(frozen=True, slots=True)
class _Author:
    """Who signs articles, and what these show of that."""

    pk: int
    name: str
    signature: str
    linked: str


@dataclass(frozen=True, slots=True)
class _Headline:
    """A headline that articles share, as it is typed, shown, and found at the desk."""

    typed: str
    shown: str
    folded: str
    indexed: _Indexed


@dataclass(frozen=True, slots=True)
class _Model:
    """Texts that articles borrow, and what gives the HTML in which their own headlines and dates stand."""

    common: tuple[str | int, ...]
    standfirst: str
    indexed: _Indexed
    folded: Callable[..., str]
    dates: Callable[..., str]
    card: Callable[..., str]


def grow(number: int) -> Iterator[int]:
    """Write so many articles, each older by an hour than the last; yield how many each batch held."""
    dice = random.Random(Article.objects.count())  # noqa: S311
    sections = list(Section.objects.order_by("pk").values_list("pk", flat=True))
    # A new article's footnote is empty, so that its signature follows from its author alone.
    authors = [
        _Author(author.pk, author.name, rendering.signature(Article(), [author]), structured_data.linked([author], []))
        for author in Author.objects.order_by("pk")
    ]
    tags = [rendering.shown_tag(tag) for tag in Tag.objects.all()]
    models = [_model(dice) for _number in range(MODELS)]
    headlines = [_headline(typed) for typed in _headlines()]
    oldest = Article.objects.exclude(published_at=None).order_by("published_at").first()
    first = oldest.published_at if oldest and oldest.published_at else timezone.now()
    for hours in batched(range(1, number + 1), BATCH):
        drawn = [
            (
                first - timedelta(hours=hour),
                dice.choice(sections),
                dice.choice(authors),
                [tags[place] for place in sorted(dice.sample(range(len(tags)), min(TAGS, len(tags))))],
                dice.choice(models),
                dice.choice(headlines),
                dice.randint(1, 400),
            )
            for hour in hours
        ]
        _write(drawn)
        yield len(drawn)


type _Drawn = tuple[datetime, int, _Author, list[dict[str, Any]], _Model, _Headline, int]


@transaction.atomic
def _write(drawn: list[_Drawn]) -> None:
    """Write articles with their signatures, tags, words for the search and readings, these all on the first day."""
    articles, bylines, taggings, tallies, indexed = [], [], [], [], []
    for key, (at, section_id, author, tags, model, headline, views) in zip(
        bulk.reserve_keys(Article, len(drawn)), drawn, strict=True
    ):
        slug, said = f"archives-{key}", labels(at)
        folded = model.folded(headline=headline.folded)
        dates, card = model.dates(**said), model.card(slug=slug, headline=escape(headline.shown), **said)
        texts = (folded, at, at, author.signature, author.linked, tags, dates, card)
        articles.append((key, section_id, slug, headline.typed, headline.shown, *texts, views, *model.common))
        bylines.append((key, author.pk, at))
        taggings += [(key, tag["pk"], at) for tag in tags]
        tallies.append((key, day_of(at), views))
        head = _head(model.standfirst, author.name, *(tag["name"] for tag in tags))
        parts = (headline.indexed, head, model.indexed)
        document = Document(key, section_id, documents.key_of(key, at), [one.part for one in parts])
        indexed.append((document, [one.written for one in parts]))
    bulk.insert(Article, _ARTICLE, articles)
    bulk.insert(Byline, ("article_id", "author_id", "published_at"), bylines)
    bulk.insert(Tagging, ("article_id", "tag_id", "published_at"), taggings)
    bulk.insert(DailyTally, ("article_id", "day", "views"), tallies)
    search.write(indexed)
    archives.cover(at for at, *_others in drawn)


def _indexed(tier: Tier, texts: Iterable[str]) -> _Indexed:
    part = documents.part(tier, texts)
    return _Indexed(part, search.written(part))


@lru_cache(MODELS * BATCH)
def _head(standfirst: str, *names: str) -> _Indexed:
    return _indexed(Tier.HEAD, [standfirst, *names])


def _headline(typed: str) -> _Headline:
    shown = typography.typeset(typed)
    return _Headline(typed, shown, naming.folded(typed), _indexed(Tier.TITLE, [shown]))


def _headlines() -> list[str]:
    return [
        f"{subject} {predicate}"
        for subject in GENERATOR["headline_subjects"]
        for predicate in GENERATOR["headline_predicates"]
    ]


def _model(dice: random.Random) -> _Model:
    """Render an article of four paragraphs whose address, headline and date others will take the place of."""
    paragraphs = dice.sample(GENERATOR["paragraphs"], 4)
    standfirst = paragraphs[0].split(". ")[0].rstrip(".") + "."
    article = Article(
        slug=mark("slug"),
        headline=mark("headline"),
        standfirst=standfirst[:300],
        body="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
        published_at=SAMPLED_AT,
    )
    rendering.render_article(article)
    return _Model(
        common=tuple(getattr(article, name) for name in _COMMON),
        standfirst=article.display_standfirst,
        indexed=_indexed(Tier.ANYWHERE, documents.plain(article.body_html).splitlines()),
        folded=mould(article.folded, "headline"),
        dates=mould(article.dates_html),
        card=mould(article.card_html, "slug", "headline"),
    )
