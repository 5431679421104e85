"""What several tests of the desk of articles share: its addresses, its buttons, and what it says."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from articles.models import Article
from tests.articles.test_admin import LIST, change, filled

FRONT = "/admin/articles/frontplace/"


def press(client: Client, article: Article, button: str, **values: Any) -> Any:
    """Press a button under the form of an article, as it stands or with some fields changed, and follow."""
    return client.post(change(article), filled(article, **{button: "1"} | values), follow=True)


def act(client: Client, action: str, *articles: Article) -> HttpResponse:
    """Take an action of the list with some articles, and follow."""
    data = {"action": action, "_selected_action": [article.pk for article in articles]}
    return client.post(LIST, data, follow=True)


def step(article: Article, word: str) -> str:
    """Return the address of the page that asks before a step is taken."""
    return f"{LIST}{article.pk}/{word}/"


def said(response: HttpResponse) -> str:
    """Return what the page that came tells of what was done."""
    return " ".join(str(message) for message in response.context["messages"])  # type: ignore[attr-defined]
