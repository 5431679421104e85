"""What may be asked of a site from inside. Arguments and answers are what JSON can carry; times are milliseconds."""

import json
import random
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Sum
from django.test import Client
from django.utils import timezone

from articles import archives, popularity
from articles.models import Article, Author, Section, Tag
from bench import readers
from bench.inside.profile import ask, browser
from bench.inside.profile import profile as profile
from bench.inside.queries import longest_query
from bench.inside.stored import pictures as pictures
from bench.servers import ROOT
from comments import counters, house, moderation, submission
from comments.incoming import Submission
from comments.models import Comment, CommentSettings, Decision, Finding
from multitude import bulk
from multitude.demo import flood

SLUG = "mesure-cent-commentaires"
CONVERSATIONS = 50
_words = json.loads((ROOT / "multitude/demo/newspaper.json").read_text(encoding="utf-8"))["generator"]
_dice = random.Random(6)
_networks = readers.addresses()


def long_article(pending: int = 0) -> dict[str, Any]:
    """Return the article with 50 comments and 50 replies, and have so many others wait under it."""
    article = Article.objects.filter(slug=SLUG).first()
    if article is None:
        article = Article.objects.create(
            slug=SLUG,
            section=Section.objects.earliest("pk"),
            headline="Un article que cent commentaires suivent",
            standfirst="Ce que le banc d’essai demande le plus souvent.",
            body="".join(f"<p>{paragraph}</p>" for paragraph in _words["paragraphs"][:5]),
            published_at=timezone.now(),
        )
        for _number in range(CONVERSATIONS):
            first = _submit(article.pk)
            _approve(first)
            _approve(_submit(article.pk, parent=first))
    for _number in range(pending - Comment.objects.pending().filter(article=article).count()):
        _submit(article.pk)
    return {"pk": article.pk, "path": article.get_absolute_url()}


def articles(number: int) -> list[tuple[int, str]]:
    """Return the keys and addresses of so many published articles, the newest first, and have none close by its age."""
    house.keep(CommentSettings(closes_after_days=None))
    found = Article.objects.published().newest_first().only("slug")[:number]
    return [(article.pk, article.get_absolute_url()) for article in found]


def sections() -> list[str]:
    """Return the addresses of the sections."""
    return [section.get_absolute_url() for section in Section.objects.all()]


def lists() -> dict[str, str]:
    """Return the addresses of what leads to articles, by how the benchmark calls each: whatever is new there is named here.

    The author and the tag are those that have most. The archives' index is not here: it grows with the months.
    """
    months = list(archives.public_months())
    return {
        "une rubrique": sections()[0],
        "un auteur": _most_signing().get_absolute_url(),
        "un thème": _most_given().get_absolute_url(),
        "un mois d’archives": months[1].get_absolute_url(),
        "leur premier mois": months[-1].get_absolute_url(),
        "le flux d’une rubrique, en RSS": f"{sections()[0]}flux/rss/",
    }


def _most_signing() -> Author:
    return Author.objects.annotate(number=Count("bylines")).latest("number")


def _most_given() -> Tag:
    return Tag.objects.annotate(number=Count("taggings")).latest("number")


def counts() -> dict[str, int]:
    """Return how many comments there are, and how many readings are in the rows."""
    return {
        "comments": Comment.objects.count(),
        "decisions": Decision.objects.count(),
        "views": Article.objects.aggregate(total=Sum("view_count"))["total"] or 0,
    }


def waiting(number: int) -> dict[str, int]:
    """Have at least so many comments wait for moderators, as the demo floods a desk; return how many each lane then has."""
    while (missing := number - counters.numbers()[Comment.Lane.PENDING]) > 0:
        for _written in flood.grow(missing, moderator_id=None):
            bulk.analyze(Comment, Finding)
    return {lane.value: standing for lane, standing in counters.numbers().items()}


def oldest_waiting(number: int) -> list[tuple[int, int]]:
    """Return the keys and versions of so many comments that moderators may decide, those that came first."""
    comments = Comment.objects.pending().filter(escalated_at=None).oldest_first()
    return list(comments.values_list("pk", "version")[:number])


def newest_waiting(number: int) -> list[tuple[int, int]]:
    """Return the keys and versions of so many of them, those that came last."""
    comments = Comment.objects.pending().filter(escalated_at=None).order_by("-submitted_at", "-pk")
    return list(comments.values_list("pk", "version")[:number])


def approve_under(pk: int) -> None:
    """Approve a comment that waits under an article."""
    first = Comment.objects.pending().filter(article=pk).oldest_first().first()
    if first is None:
        raise LookupError("nothing waits under this article")
    _approve(first.pk)


def session() -> str:
    """Return the cookie of a session that may do everything in the admin."""
    user = get_user_model().objects.filter(is_superuser=True).order_by("pk").first()
    if user is None:
        user = get_user_model().objects.create_superuser("banc")
    return _cookie(user)


def moderator_session() -> str:
    """Return the cookie of a session that may do what moderators may."""
    user, _is_new = get_user_model().objects.get_or_create(username="banc-moderation", is_staff=True)
    user.groups.add(Group.objects.get(name="Modérateurs"))
    return _cookie(user)


def _cookie(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def fold_views() -> None:
    """Have every process write down the readings that it holds."""
    call_command("fold_views")


def time_approval() -> float:
    """Return how long the approval of the newest waiting comment takes."""
    [(newest, _version)] = newest_waiting(1)
    start = perf_counter()
    _approve(newest)
    return (perf_counter() - start) * 1000


def time_fold(readings: int = 100) -> float:
    """Return how long the fold of so many readings, each of another article, takes."""
    for (pk, _path), network in zip(articles(readings), _networks, strict=False):
        environ = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": network, "HTTP_USER_AGENT": readers.BROWSER}
        popularity.readings.take(environ, pk)
    start = perf_counter()
    popularity.fold()
    return (perf_counter() - start) * 1000


def number_of_queries(method: str, path: str, body: str = "", cookie: str = "") -> int:
    """Return how many statements the database executes for an answer."""
    statements = 0

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        ask(browser(method, path, body, cookie))
    return statements


def longest_query_of_page(path: str, cookie: str = "") -> tuple[str, float]:
    """Return the statement on which a page spends most, and its milliseconds."""
    return longest_query(lambda: ask(browser("GET", path, cookie=cookie)))


def longest_query_of_act(timed: str) -> tuple[str, float]:
    """Return the statement on which a comment or a timed act spends most, and its milliseconds."""
    acts = {"comment": lambda: _submit(articles(1)[0][0]), "time_approval": time_approval, "time_fold": time_fold}
    return longest_query(acts[timed])


def _submit(article_id: int, parent: int | None = None) -> int:
    address = next(_networks)
    texts = [_dice.choice(_words[part]) for part in ("openings", "middles", "closings")]
    return submission.submit(
        Submission(
            article_id=article_id,
            parent_id=parent,
            author_name=_dice.choice(_words["names"]),
            author_email=readers.email(address),
            body=" ".join(texts),
            client_network=address,
        )
    ).pk


def _approve(comment_id: int) -> None:
    moderation.decide(comment_id=comment_id, action=Decision.Action.APPROVE, moderator=None)
