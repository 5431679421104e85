"""From what journalists type to what is stored and shown: typographed, cleaned, counted.

Called for every save, admin's and `loaddata`'s alike, by receivers inside this app.
`articles.allowed` is the only HTML that an article can contain.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import batched
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from articles import allowed, corrections, figures, freshness, naming, nesting, pasting, search, structured_data
from articles.models import (
    BODY_LENGTH,
    SIGNED,
    Article,
    ArticleQuerySet,
    Author,
    Byline,
    Correction,
    Picture,
    Section,
    Tag,
    Tagging,
)
from multitude import typography
from multitude.caching import LISTS, purge

BATCH = 50
# Parts of a stored card that its list may leave out, and the number in it, stand between these.
CARD_HOLE = "<!--|-->"
RENDERED = (
    "folded",
    "display_kicker",
    "display_headline",
    "display_standfirst",
    "body_html",
    "footnote_html",
    "word_count",
    "dates_html",
    "lead_html",
    "lead_data",
    "card_html",
    *SIGNED,
)
OF_AUTHORS = ("display_credentials", "biography_html", "portrait_html", "folded")
# What a fixture does not know of an article that is there already.
_HISTORY = (
    "slug",
    "first_published_at",
    "unpublished_at",
    "ready_at",
    "embargo_until",
    "version",
    "preview_key",
    "form_key",
    "form_digest",
    "lead_picture_id",
    "commenting",
    "commenting_note",
    "view_count",
    "comment_count",
)
_SOURCES = ("section_id", "kicker", "headline", "standfirst", "body", "footnote", "published_at")


def clean_html(source: str, *, inline: bool = False, illustrated: bool = True) -> str:
    """Return typographed HTML that holds nothing but the allow-list.

    `inline` leaves no block, for a footnote; where `illustrated` is False a figure leaves its caption, as a paragraph. A
    source longer than 200,000 characters, or with blocks nested deeper than a hundred, raises ValueError before anything
    is parsed.
    """
    if len(source) > BODY_LENGTH:
        raise ValueError("Le texte dépasse 200 000 caractères.")
    if not inline and nesting.is_too_deep(source):
        raise ValueError(str(nesting.REFUSAL))
    cleaner = _INLINE_CLEANER if inline else _CLEANER
    source = pasting.tidy(source)
    # The first pass gives the typesetter well-formed HTML, which it reads in linear time; the last one decides.
    html = cleaner.clean(typography.typeset_html(cleaner.clean(source))).strip()
    return html if inline else figures.replace(html, _kept_figure if illustrated else _no_figure)


def count_words(html: str) -> int:
    """Return the number of words that one reads in the HTML."""
    return len(re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", unescape(re.sub(r"<[^<>]*>", " ", html))))


def connect() -> None:
    """Render each article, author, section and tag just before it is written, and signatures when those who sign change."""
    models.signals.pre_save.connect(_render_article, sender=Article, dispatch_uid="render-article")
    models.signals.pre_save.connect(_render_author, sender=Author, dispatch_uid="render-author")
    models.signals.pre_save.connect(_fold_picture, sender=Picture, dispatch_uid="fold-picture")
    models.signals.pre_save.connect(_render_section, sender=Section, dispatch_uid="render-section")
    models.signals.pre_save.connect(_fold_tag, sender=Tag, dispatch_uid="fold-tag")
    models.signals.post_save.connect(_hold_pictures, sender=Article, dispatch_uid="hold-pictures")
    models.signals.post_save.connect(_sign_article, sender=Article, dispatch_uid="sign-article")
    models.signals.post_save.connect(_sign_articles_of_author, sender=Author, dispatch_uid="sign-author")
    for changed in (models.signals.post_save, models.signals.post_delete):
        changed.connect(_sign_article_of, sender=Byline, dispatch_uid="sign-byline")
        changed.connect(_sign_article_of, sender=Tagging, dispatch_uid="sign-tagging")
    models.signals.pre_save.connect(_render_correction, sender=Correction, dispatch_uid="render-correction")
    models.signals.post_save.connect(_sign_article_of, sender=Correction, dispatch_uid="sign-correction")
    models.signals.post_save.connect(_sign_articles_of_tag, sender=Tag, dispatch_uid="sign-tag")
    for through in (Byline, Tagging):
        models.signals.m2m_changed.connect(
            _sign_articles_of_relation, sender=through, dispatch_uid=f"sign-relation-{through.__name__}"
        )


def render_article(article: Article, pictures: Mapping[int, Picture] | None = None) -> None:
    """Fill the article's rendered fields, its word count and its first date from its sources.

    `pictures` are those that it shows, with their renditions, by their keys; they are read where they are not given.
    """
    if pictures is None:
        pictures = figures.load(pictures_named(article))
    html = clean_html(article.body)
    article.body_html = figures.show_all(html, pictures)
    article.footnote_html = clean_html(article.footnote, inline=True)
    article.word_count = count_words(html)
    render_head(article, pictures)


def render_head(article: Article, pictures: Mapping[int, Picture] = MappingProxyType({})) -> None:
    """Fill what is short: kicker, headline, standfirst, lead picture, dates that follow from others, and the card of all."""
    article.folded = naming.folded(article.headline, article.standfirst)
    article.display_kicker = typography.typeset(article.kicker)
    article.display_headline = typography.typeset(article.headline)
    article.display_standfirst = typography.typeset(article.standfirst)
    if not article.was_public():
        article.first_published_at = article.published_at
    if article.published_at is not None:
        article.ready_at = None
    article.dates_html = render_to_string("articles/_dates.html", {"article": article}).strip()
    lead = pictures.get(article.lead_picture_id or 0)
    article.lead_html = figures.lead(lead) if lead else ""
    article.lead_data = figures.for_machines(lead) if lead else {}
    picture = figures.element(lead, sizes=figures.CARD_SIZES, decorative=True) if lead else ""
    card = {"article": article, "hole": CARD_HOLE, "picture": picture}
    article.card_html = render_to_string("articles/_card.html", card).strip()


def pictures_named(article: Article) -> set[int]:
    """Return the keys of the pictures that an article names in its sources, whether there are such or not."""
    return figures.keys_in(article.body) | ({article.lead_picture_id} - {None})  # type: ignore[operator]


def signature(article: Article, authors: Sequence[Author]) -> str:
    """Return the HTML of an article's signature by these authors, in their order."""
    return render_to_string("articles/_signature.html", {"article": article, "authors": authors}).strip()


def shown_tag(tag: Tag) -> dict[str, Any]:
    """Return what is stored with an article of one of its tags."""
    return {"pk": tag.pk, "slug": tag.slug, "name": tag.name}


@transaction.atomic
def sign(article_ids: Iterable[int]) -> None:
    """Write anew what the articles show of their bylines, authors, tags, footnote and corrections, where these have changed.

    The articles are locked before all that is read, so of two editors the last one's is right.
    """
    for keys in batched(sorted(article_ids), BATCH):
        locked = _with_what_is_signed().filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        changed = [article for article in locked.only("footnote_html", *SIGNED) if _sign(article)]
        Article.objects.bulk_update(changed, SIGNED)
        if changed:
            search.index(article.pk for article in changed)
            purge(*(freshness.page(article.pk) for article in changed))


@transaction.atomic
def render_again(article_ids: Iterable[int]) -> None:
    """Render some articles from sources that stay as they are, because a picture changed, and purge their pages."""
    for keys in batched(sorted(article_ids), BATCH):
        locked = _with_what_is_signed().filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        if rendered := _rendered(list(locked)):
            purge(*map(freshness.page, rendered), *map(freshness.headline, rendered), LISTS)


def render_authors_again(authors: Iterable[Author]) -> None:
    """Render what the pages of some authors show, because a picture or these rules changed."""
    for author in authors:
        _render_author(author)
        shown = {name: getattr(author, name) for name in OF_AUTHORS}
        Author.objects.filter(pk=author.pk).update(**shown)


def rerender() -> Iterator[int]:
    """Render everything again from its sources, and yield how many articles each batch held.

    A batch is a short transaction of its own: the site serves and is written to meanwhile.
    """
    for section in Section.objects.all():
        description = typography.typeset(section.description)
        Section.objects.filter(pk=section.pk).update(display_description=description)
    render_authors_again(Author.objects.all())
    for picture in Picture.objects.only("alternative_text", "credit", "caption", "folded"):
        was = picture.folded
        _fold_picture(picture)
        if picture.folded != was:
            Picture.objects.filter(pk=picture.pk).update(folded=picture.folded)
    for correction in Correction.objects.all():
        # What it says is never changed; how it looks follows the rules of this version.
        body_html = typography.typeset_paragraphs(correction.body)
        models.QuerySet(Correction).filter(pk=correction.pk).update(body_html=body_html)
    last = 0
    while keys := _rerender_after(last):
        last = keys[-1]
        yield len(keys)


@transaction.atomic
def _rerender_after(last: int) -> list[int]:
    """Render the batch of articles that follows a key, and return their keys."""
    articles = _with_what_is_signed().select_for_update(no_key=True).filter(pk__gt=last).order_by("pk")[:BATCH]
    rendered = _rendered(list(articles))
    search.index(rendered, anew=True)
    return rendered


def _rendered(articles: list[Article]) -> list[int]:
    """Render locked articles and store what was rendered; return their keys."""
    pictures = figures.load(key for article in articles for key in pictures_named(article))
    for article in articles:
        render_article(article, pictures)
        _sign(article)
    Article.objects.bulk_update(articles, RENDERED)
    return [article.pk for article in articles]


def _with_what_is_signed() -> ArticleQuerySet:
    return Article.objects.with_signature().prefetch_related("corrections", "tags")


def _sign(article: Article) -> bool:
    """Fill what an article shows of its bylines, tags and corrections, and return whether that changes anything."""
    before = [getattr(article, name) for name in SIGNED]
    authors = [byline.author for byline in article.bylines.all()]
    notices = list(article.corrections.all())
    article.signature_html = signature(article, authors)
    article.corrections_html = corrections.notices(notices)
    article.corrected_at = notices[0].corrected_at if notices else None
    article.linked_data = structured_data.linked(authors, notices)
    article.shown_tags = [shown_tag(tag) for tag in article.tags.all()]
    return before != [getattr(article, name) for name in SIGNED]


def _hold_pictures(instance: Article, created: bool, **kwargs: Any) -> None:
    """Hold which pictures the article's text shows."""
    shown = figures.keys_in(instance.body_html)
    if created and not shown:
        return
    if shown != {*instance.pictures.values_list("pk", flat=True)}:
        instance.pictures.set(shown)


def _render_article(instance: Article, raw: bool, **kwargs: Any) -> None:
    if not raw:
        instance.modified_at = timezone.now()
    elif instance.pk:
        _keep_what_a_fixture_does_not_know(instance)
    render_article(instance)


def _keep_what_a_fixture_does_not_know(article: Article) -> None:
    """Give a fixture's article the history of the row that it is about to replace; what differs is a version of its own."""
    stored = Article.objects.filter(pk=article.pk).first()
    if stored is None:
        return
    for field in _HISTORY:
        setattr(article, field, getattr(stored, field))
    if all(getattr(article, field) == getattr(stored, field) for field in _SOURCES):
        article.modified_at = stored.modified_at
    else:
        article.version += 1


def _sign_article(instance: Article, created: bool, raw: bool, **kwargs: Any) -> None:
    """A new article has no byline yet, unless a fixture brought the byline first."""
    if raw or not created:
        sign([instance.pk])
    search.index([instance.pk])


def _sign_article_of(instance: Byline | Correction | Tagging, origin: object = None, **kwargs: Any) -> None:
    if not freshness.is_one_of_many(origin) and not _goes_with_its_article(origin):
        sign([instance.article_id])


def _goes_with_its_article(origin: object) -> bool:
    """Return whether what is deleted is deleted because its article is, of which nothing is to be written any more."""
    return isinstance(origin, Article) or (isinstance(origin, models.QuerySet) and origin.model is Article)


def _render_correction(instance: Correction, **kwargs: Any) -> None:
    instance.body_html = typography.typeset_paragraphs(instance.body)


def _sign_articles_of_relation(
    instance: Article | Author | Tag, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    if action.startswith("post_"):
        sign(pk_set or () if reverse else [instance.pk])


def _sign_articles_of_author(instance: Author, created: bool, **kwargs: Any) -> None:
    if not created:
        sign(instance.bylines.values_list("article_id", flat=True))


def _sign_articles_of_tag(instance: Tag, created: bool, **kwargs: Any) -> None:
    if not created:
        sign(instance.taggings.values_list("article_id", flat=True))


def _render_author(instance: Author, **kwargs: Any) -> None:
    instance.display_credentials = typography.typeset(instance.credentials)
    instance.biography_html = typography.typeset_paragraphs(instance.biography)
    portrait = figures.load([instance.portrait_id]).get(instance.portrait_id) if instance.portrait_id else None
    instance.portrait_html = figures.portrait(portrait) if portrait else ""
    instance.folded = naming.folded(instance.name)


def _fold_tag(instance: Tag, **kwargs: Any) -> None:
    instance.folded = naming.folded(instance.name)


def _fold_picture(instance: Picture, **kwargs: Any) -> None:
    instance.folded = naming.folded(instance.alternative_text, instance.credit, instance.caption)


def _render_section(instance: Section, **kwargs: Any) -> None:
    instance.display_description = typography.typeset(instance.description)


def _kept_figure(key: int, caption: str) -> str:
    return figures.source(key, _INLINE_CLEANER.clean(caption).strip())


def _no_figure(key: int, caption: str) -> str:
    words = _INLINE_CLEANER.clean(caption).strip()
    return f"<p>{words}</p>" if words else ""


def _filter_attribute(element: str, attribute: str, value: str) -> str | None:
    """Keep http(s) and mailto addresses, paths of this site, and values of their form; drop everything else."""
    if form := allowed.VALUES.get(attribute):
        return value if form.fullmatch(value) else None
    if attribute not in allowed.ADDRESSES:
        return value
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    if parts.scheme in allowed.SCHEMES or (not parts.scheme and not parts.netloc and value.startswith(("/", "#"))):
        return None if "\\" in value else value
    return None


def _cleaner(elements: Iterable[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(elements),
        clean_content_tags={"script", "style", "iframe", "object", "template", "noscript"},
        # Without its own entry for every element, nh3 lets `title` and `lang` through on all of them.
        attributes=allowed.attributes() | {"*": set()},
        attribute_filter=_filter_attribute,
        url_schemes=set(allowed.SCHEMES),
        link_rel=None,
        strip_comments=True,
    )


_CLEANER = _cleaner(allowed.ELEMENTS)
_INLINE_CLEANER = _cleaner(allowed.IN_A_LINE)
