"""What the form of an article sends when it was opened just now."""

from typing import Any

from articles.models import Article
from articles.publishing import TEXTS
from tests.articles.test_admin import filled


def sent(article: Article, **values: Any) -> dict[str, Any]:
    """Return the fields of the form of an article as it stands in memory, with the version that it shows."""
    texts = {name: getattr(article, name) for name in TEXTS}
    return filled(article, **texts) | {"seen_version": str(article.version)} | values
