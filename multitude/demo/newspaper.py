"""The demo newspaper as `newspaper.json` tells it: sections, authors, twenty articles, their readers and comments.

A few more are not public: they wait to be read, for their hour, or for an end; and some are chosen for the front page.
"""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from PIL.Image import Image

from articles import frontpage, intake, library, popularity, publishing, tags
from articles.models import Article, Author, Byline, Picture, Section
from comments import moderation, newsroom
from comments.models import Comment, Decision
from comments.rendering import render
from multitude.demo import maps, portraits
from multitude.demo.comments import STEPS, DemoComment, write

ESSAY = "les-dirigeants-et-les-attentes-de-la-multitude"
_NEWSPAPER: dict[str, Any] = json.loads(Path(__file__).with_name("newspaper.json").read_text(encoding="utf-8"))
# What archives and conversations are made up of.
GENERATOR: dict[str, list[str]] = _NEWSPAPER["generator"]
# Those who write now and then: the name and the e-mail of each.
PERSONS = [
    (name, f"{slugify(name).replace('-', '.')}.{number}@exemple.fr")
    for number, name in zip(range(1, 4_001), cycle(GENERATOR["names"]))
]
NETWORKS = [f"203.0.113.{number}" for number in range(1, 255)]


@transaction.atomic
def write_newspaper(*, now: datetime, moderator_id: int | None) -> None:
    """Write what the newspaper says, and the readings of the essay, unless one of its articles is there."""
    if Article.objects.filter(slug__in=[entry["slug"] for entry in _NEWSPAPER["articles"]]).exists():
        return
    dice = random.Random(2012)  # noqa: S311
    for position, entry in enumerate(_NEWSPAPER["sections"], start=1):
        Section.objects.update_or_create(slug=entry["slug"], defaults=entry | {"position": position})
    for entry in _NEWSPAPER["authors"]:
        told = {name: value for name, value in entry.items() if name != "drawing"}
        author, is_new = Author.objects.get_or_create(slug=entry["slug"], defaults=told)
        if is_new and "drawing" in entry:
            author.portrait = _store_portrait(entry["drawing"], author.name)
            author.save()
    articles = {entry["slug"]: _write_article(entry, now, dice) for entry in _NEWSPAPER["articles"]}
    essay = Article.objects.get(slug=ESSAY)
    _write_readings(essay, 74, now, dice)
    write(list(_comments(articles, now, dice)), moderator_id=moderator_id)
    moderator = User.objects.get(pk=moderator_id) if moderator_id else None
    _speak(articles, moderator)
    for entry in _NEWSPAPER["waiting"]:
        _write_waiting(entry, now, moderator)
    if not frontpage.chosen_keys():
        frontpage.arrange([articles[slug].pk for slug in _NEWSPAPER["front"]], seen=[])


def _new_article(entry: dict[str, Any], **dates: datetime | None) -> Article:
    texts = {name: entry.get(name, "") for name in ("slug", "kicker", "headline", "standfirst", "body", "footnote")}
    return Article(section=Section.objects.get(slug=entry["section"]), **texts, **dates)


def _sign(article: Article, slugs: list[str]) -> None:
    for position, slug in enumerate(slugs):
        Byline.objects.create(article=article, author=Author.objects.get(slug=slug), position=position)


def _write_waiting(entry: dict[str, Any], now: datetime, editor: User | None) -> None:
    """Write an article that is not public yet: the hours say when it was sent for review, or will appear."""
    hours = {
        "ready_at": -entry["sent_hours_ago"] if "sent_hours_ago" in entry else None,
        "published_at": entry.get("hours_ahead"),
        "embargo_until": entry.get("embargo_hours_ahead"),
    }
    dates = {name: now + timedelta(hours=number) for name, number in hours.items() if number is not None}
    _sign(publishing.save(_new_article(entry, **dates), by=editor), entry["authors"])


def _write_article(entry: dict[str, Any], now: datetime, dice: random.Random) -> Article:
    article = _new_article(entry, published_at=now - timedelta(hours=entry["hours_ago"]))
    article.save()
    _sign(article, entry["authors"])
    article.tags.set([tags.get_or_add(name) for name in entry["tags"]])
    _write_readings(article, entry["popularity"], now, dice)
    if "maps" in entry:
        _illustrate(article, entry["maps"])
    return article


def _illustrate(article: Article, captions: list[str]) -> None:
    """Give an article a map at its head and one before each of the paragraphs that follow, one for each caption."""
    first, *others = [_store_map(number, caption) for number, caption in enumerate(captions, start=1)]
    paragraphs = article.body.split("</p>")
    for place, picture in enumerate(others, start=1):
        paragraphs[place] = f'<figure data-picture="{picture.pk}"></figure>{paragraphs[place]}'
    article.body, article.lead_picture = "</p>".join(paragraphs), first
    article.save()


def _store_map(number: int, caption: str) -> Picture:
    shown = f"Carte ancienne, n° {number} : des côtes, des courbes de niveau et une rose des vents."
    return _store(maps.draw(number), shown, caption)


def _store_portrait(number: int, name: str) -> Picture:
    return _store(portraits.draw(number), f"{name}, un portrait gravé en deux encres.")


def _store(drawing: Image, shown: str, caption: str = "") -> Picture:
    file = BytesIO()
    drawing.save(file, "PNG", compress_level=1)
    taken = intake.take(ContentFile(file.getvalue()))
    return library.add(taken, alternative_text=shown, credit="Dessin : Multitude", caption=caption)[0]


def _write_readings(article: Article, popularity_of_100: int, now: datetime, dice: random.Random) -> None:
    """Spread readings over the days since publication, most on the first ones."""
    day, today = popularity.day_of(article.published_at or now), popularity.day_of(now)
    readings = popularity_of_100 * dice.randint(14, 18)
    while day <= today and readings > 1:
        share = int(readings * dice.uniform(0.3, 0.5))
        popularity.count(article_id=article.pk, day=day, views=max(1, share))
        readings -= share
        day += timedelta(days=1)


def _comments(articles: dict[str, Article], now: datetime, dice: random.Random) -> Iterator[DemoComment]:
    """Yield the comments as told, each with the replies to it."""
    for entry in _NEWSPAPER["comments"]:
        article = articles[entry["article"]]
        published_at = article.published_at or now
        came, *answered = [published_at + timedelta(hours=told["hours_after"]) for told in (entry, *entry["replies"])]
        first = _comment(entry, article.pk, came, answered, now, dice)
        yield first
        for reply, submitted_at in zip(entry["replies"], answered, strict=True):
            answer = _comment(reply, article.pk, submitted_at, [], now, dice)
            answer.parent = first
            yield answer


def _speak(articles: dict[str, Article], moderator: User | None) -> None:
    """Answer in the newsroom's name, mask passages and choose comments, as the newspaper tells it."""
    told = [entry for first in _NEWSPAPER["comments"] for entry in (first, *first["replies"])]
    for entry in sorted(told, key=lambda entry: entry.get("selected", 0)):
        if not entry.keys() & {"newsroom_answer", "redacted", "selected"}:
            continue
        pk = Comment.objects.get(article=articles[entry["article"]], author_name=entry["name"], body=entry["body"]).pk
        if "newsroom_answer" in entry:
            newsroom.answer(comment_id=pk, body=entry["newsroom_answer"], moderator=moderator)
        if "redacted" in entry:
            moderation.decide(comment_id=pk, action=Decision.Action.REDACT, moderator=moderator, text=entry["redacted"])
        if "selected" in entry:
            newsroom.select(comment_id=pk, moderator=moderator)


def _comment(
    entry: dict[str, Any],
    article_id: int,
    submitted_at: datetime,
    answered: list[datetime],
    now: datetime,
    dice: random.Random,
) -> DemoComment:
    """Return the comment, decided a first time before it was answered and a second time after."""
    decided_at = []
    since, until = submitted_at, min(answered, default=now)
    for _step in STEPS[entry["status"]]:
        since += (until - since) * dice.uniform(0.01, 0.1)
        decided_at.append(since)
        since, until = max([since, *answered]), now
    return DemoComment(
        article_id=article_id,
        author_name=entry["name"],
        author_email=dice.choice(PERSONS)[1],
        client_network=dice.choice(NETWORKS),
        body=entry["body"],
        body_html=render(entry["body"]),
        status=entry["status"],
        submitted_at=submitted_at,
        decided_at=decided_at,
        reason=entry.get("reason", "off_topic"),
        explanation=entry.get("explanation", ""),
    )
