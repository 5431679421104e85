"""Rows to test with: each function makes one, with sensible values for what a test does not say."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from articles.models import Article, Author, Byline, Section, Tag
from comments import charter, counters, house, moderation, rendering, submission
from comments.incoming import Submission
from comments.models import Charter, Comment, CommentSettings, Decision

PASSWORD = "un mot de passe d’essai"

_numbers = count(1)


def make_section(**values: Any) -> Section:
    """Return a stored section."""
    number = next(_numbers)
    return Section.objects.create(**{"name": f"Rubrique {number}", "slug": f"rubrique-{number}"} | values)


def make_author(**values: Any) -> Author:
    """Return a stored author."""
    number = next(_numbers)
    return Author.objects.create(**{"name": f"Autrice {number}", "slug": f"autrice-{number}"} | values)


def make_tag(name: str = "", **values: Any) -> Tag:
    """Return a stored tag."""
    number = next(_numbers)
    return Tag.objects.create(**{"name": name or f"Thème {number}", "slug": f"theme-{number}"} | values)


def make_article(*, authors: list[Author] | None = None, tags: list[Tag] | None = None, **values: Any) -> Article:
    """Return a stored article, published two days ago unless told otherwise."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "headline": f"Article {number}",
        "slug": f"article-{number}",
        "standfirst": "Un chapô.",
        "body": "<p>Un texte.</p>",
        "published_at": timezone.now() - timedelta(days=2),
    }
    if "section" not in values:
        values["section"] = make_section()
    article = Article.objects.create(**defaults | values)
    for position, author in enumerate(authors or []):
        Byline.objects.create(article=article, author=author, position=position)
    if tags:
        article.tags.set(tags)
    return article


def make_draft(**values: Any) -> Article:
    """Return a stored article without a date."""
    return make_article(**{"published_at": None} | values)


def make_comment(article: Article | None = None, **values: Any) -> Comment:
    """Return a pending comment, submitted as a reader would, each from a network of its own."""
    number = next(_numbers)
    article = article or make_article()
    parent = values.pop("parent", None)
    defaults: dict[str, Any] = {
        "author_name": f"Lectrice {number}",
        "author_email": f"lectrice{number}@exemple.fr",
        "body": f"Un avis, le {number}ᵉ.",
        "client_network": f"2001:db8:{number // 65536:x}:{number % 65536:x}::/64",
    }
    return submission.submit(
        Submission(article_id=article.pk, parent_id=parent.pk if parent else None, **defaults | values)
    )


def make_approved(article: Article | None = None, **values: Any) -> Comment:
    """Return a comment that has been submitted and approved."""
    return decide(make_comment(article, **values), "approve")


def store_comments(comments: Iterable[Comment]) -> list[Comment]:
    """Store comments in bulk, with the HTML that their approval would have given them."""
    rows = list(comments)
    for row in rows:
        row.public_html = "…" if row.is_approved else None
    Comment.objects.bulk_create(rows)
    counters.recount()
    known = Comment.objects.in_bulk({row.parent_id or row.pk for row in rows}) | {row.pk: row for row in rows}
    written = rendering.show(rows, known).values()
    Comment.objects.bulk_update(written, ["public_html"], batch_size=500)
    return rows


def decide(comment: Comment, action: str, **values: Any) -> Comment:
    """Take a decision by the verb and return the comment as it then is."""
    moderation.decide(**{"comment_id": comment.pk, "action": Decision.Action(action), "moderator": None} | values)
    comment.refresh_from_db()
    return comment


def withdraw(comment: Comment) -> Comment:
    """Have its author take a comment of the first level back, and return it as it then is."""
    comment.status, comment.decided_at = Comment.Status.WITHDRAWN, timezone.now()
    rendering.show([comment], {comment.pk: comment})
    comment.save(update_fields=["status", "decided_at", "public_html"])
    return comment


def make_user(username: str, *, groups: list[str] | None = None, **values: Any) -> User:
    """Return a member of the staff, in the groups that are named."""
    user = User.objects.create_user(username, password=PASSWORD, is_staff=True, **values)
    user.groups.set(Group.objects.filter(name__in=groups or []))
    return user


def logged_in(user: User) -> Client:
    """Return a client of an account."""
    client = Client()
    client.force_login(user)
    return client


def set_comments(**values: Any) -> CommentSettings:
    """Store the newsroom's settings, the defaults for what is not said, and return them."""
    settings = CommentSettings(**values)
    house.keep(settings)
    return settings


def make_charter(body: str = "", *, author: User | None = None) -> Charter:
    """Publish a new version of the charter and return it."""
    return charter.publish(body=body or f"<p>Une règle, la {next(_numbers)}ᵉ.</p>", author=author)
