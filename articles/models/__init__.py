"""The tables of articles: the newspaper's frame, its texts and pictures, what became of them, and what readers read."""

from articles.models.article import (
    BODY_LENGTH,
    EMBARGO_HOLDS,
    FOOTNOTE_LENGTH,
    HEADLINE_LENGTH,
    LONG_TEXTS,
    SIGNED,
    STANDFIRST_LENGTH,
    WORDS_PER_MINUTE,
    Article,
    ArticleQuerySet,
    State,
    new_preview_key,
)
from articles.models.frame import BIOGRAPHY_LENGTH, MOST_TAGS, Author, Commenting, Month, Section, Tag
from articles.models.joined import Byline, Tagging
from articles.models.legal import LEGAL_LENGTH, ROUTES, LegalPage
from articles.models.newsroom import Autosave, FrontPlace
from articles.models.pictures import Picture, Rendition, new_picture_key
from articles.models.popularity import DailyTally, RankedArticle
from articles.models.records import CORRECTION_LENGTH, NOTE_LENGTH, Correction, Event, FormerAddress, Version
from articles.models.search import SearchEntry

__all__ = [
    "BIOGRAPHY_LENGTH",
    "BODY_LENGTH",
    "CORRECTION_LENGTH",
    "EMBARGO_HOLDS",
    "FOOTNOTE_LENGTH",
    "HEADLINE_LENGTH",
    "LEGAL_LENGTH",
    "LONG_TEXTS",
    "MOST_TAGS",
    "NOTE_LENGTH",
    "ROUTES",
    "SIGNED",
    "STANDFIRST_LENGTH",
    "WORDS_PER_MINUTE",
    "Article",
    "ArticleQuerySet",
    "Author",
    "Autosave",
    "Byline",
    "Commenting",
    "Correction",
    "DailyTally",
    "Event",
    "FormerAddress",
    "FrontPlace",
    "LegalPage",
    "Month",
    "Picture",
    "RankedArticle",
    "Rendition",
    "SearchEntry",
    "Section",
    "State",
    "Tag",
    "Tagging",
    "Version",
    "new_picture_key",
    "new_preview_key",
]
