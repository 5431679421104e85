"""What several tests of comments share: a submission to send, and pages read as a browser reads them."""

from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element  # only the type: the tests read pages of their own server

import html5lib
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles import popularity
from articles.models import Article
from comments.models import Comment
from tests.factories import make_article, store_comments

FIELDS = {"author_name": "Jeanne Doé", "author_email": "jeanne@exemple.fr", "body": "Un avis mesuré."}
QUEUE = "/admin/comments/comment/"


def submit_path(article: Article) -> str:
    """Return the address to which an article's form is sent."""
    return f"{article.get_absolute_url()}commentaires/"


def post(client: Client, article: Article, /, *, headers: dict[str, str] | None = None, **values: Any) -> HttpResponse:
    """Send the form with sensible values for what a test does not say; None leaves a field out."""
    extra = {name: values.pop(name) for name in list(values) if name.isupper()}
    data = {name: value for name, value in (FIELDS | values).items() if value is not None}
    return client.post(submit_path(article), data, headers=headers, **extra)


def page(response: HttpResponse | str) -> Element:
    """Return the tree that a browser would make of an answer."""
    source = response if isinstance(response, str) else response.content.decode()
    return html5lib.parse(source, treebuilder="etree", namespaceHTMLElements=False)


def noticed(comment: Comment) -> list[str]:
    """Return what the screening noticed, in its order, but for what is said of everyone's first comment."""
    rules = comment.findings.order_by("pk").values_list("rule", flat=True)
    return [rule for rule in rules if rule != "first_comment"]


def by_id(tree: Element, identifier: str) -> Element:
    """Return the one element with an identifier."""
    found = [element for element in tree.iter() if element.get("id") == identifier]
    assert len(found) == 1, f"{len(found)} elements have the id {identifier}"
    return found[0]


def named(tree: Element, name: str) -> Element:
    """Return the one form control with a name."""
    found = [element for element in tree.iter() if element.get("name") == name and element.tag != "meta"]
    assert len(found) == 1, f"{len(found)} controls have the name {name}"
    return found[0]


def text(element: Element) -> str:
    """Return the text of an element with its spaces, of every kind, made one."""
    return " ".join("".join(element.itertext()).split())


def links(tree: Element) -> dict[str, str]:
    """Return the addresses that the links under a list of the desk lead to, by their words."""
    nav = next(element for element in tree.iter("nav") if element.get("class") == "pages")
    return {text(link): str(link.get("href")) for link in nav.iter("a")}


def value(tree: Element, name: str) -> str:
    """Return what a form control holds; a line end right after <textarea> is not part of it."""
    control = named(tree, name)
    return control.get("value") or "" if control.tag == "input" else control.text or ""


def listed(response: HttpResponse) -> list[int]:
    """Return the keys of the comments on a page of the queue, in its order."""
    assert response.status_code == 200
    fields = (element.get("name") or "" for element in page(response).iter("input"))
    return [int(name.removeprefix("seen_")) for name in fields if name.startswith("seen_")]


def make_many(count: int, article: Article | None = None, **values: Any) -> list[Comment]:
    """Return many stored comments of an article, one second apart, approved unless told otherwise."""
    article = article or make_article()
    start = timezone.now() - timedelta(days=1)
    defaults: dict[str, Any] = {"article": article, "body_html": "<p>Un avis.</p>", "body": "Un avis."}
    if values.get("status", "approved") == "approved":
        defaults |= {"status": "approved", "decided_at": start, "first_approved_at": start}
    comments = store_comments(
        Comment(
            **defaults | {"author_name": f"Voix {number}", "submitted_at": start + timedelta(seconds=number)} | values
        )
        for number in range(count)
    )
    approved = sum(comment.status == Comment.Status.APPROVED for comment in comments)
    if approved:
        popularity.count(article_id=article.pk, day=popularity.day_of(start), comments=approved)
    return comments
