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
    Byline,
    State,
    new_preview_key,
)
from articles.models.frame import Author, Commenting, Section
from articles.models.legal import LEGAL_LENGTH, ROUTES, LegalPage
from articles.models.newsroom import Autosave, FrontPlace
from articles.models.pictures import Picture, Rendition, new_picture_key
from articles.models.popularity import DailyTally, RankedArticle
from articles.models.records import CORRECTION_LENGTH, NOTE_LENGTH, Correction, Event, FormerAddress, Version
from articles.models.search import SearchEntry

__all__ = [
    "BODY_LENGTH",
    "CORRECTION_LENGTH",
    "EMBARGO_HOLDS",
    "FOOTNOTE_LENGTH",
    "HEADLINE_LENGTH",
    "LEGAL_LENGTH",
    "LONG_TEXTS",
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
    "Picture",
    "RankedArticle",
    "Rendition",
    "SearchEntry",
    "Section",
    "State",
    "Version",
    "new_picture_key",
    "new_preview_key",
]
