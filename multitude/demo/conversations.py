"""Comments on the demo newspaper, as many as one wants, as readers sent them and moderators decided.

Articles are gone through from the oldest to the newest and each batch is one transaction, counts
included: a run cut short leaves true counts, and the next one adds what is missing. An article's
comments follow each other, so that its row is counted up as rarely as can be.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils import timezone

from articles.models import Article
from comments.models import Comment
from comments.rendering import render
from multitude.demo import flood
from multitude.demo.comments import STEPS, DemoComment, write
from multitude.demo.newspaper import ESSAY, GENERATOR, NETWORKS
from multitude.demo.voices import Said, Voices

BATCH = 20_000
TEXTS = 400
# What becomes of a hundred comments, and how many speak in a conversation.
FATES = ["approved"] * 90 + ["rejected"] * 6 + ["spam"] * 3 + ["removed"]
SIZES = (1, 1, 1, 2, 3)

HOUR, DAY = 3_600.0, 86_400.0


def grow(number: int, *, moderator_id: int | None) -> Iterator[int]:
    """Write so many comments on the published articles but the essay; yield how many each batch held."""
    dice = random.Random(Comment.objects.count())  # noqa: S311
    talk = _Talk(dice, timezone.now())
    published = Article.objects.published(talk.now).exclude(slug=ESSAY).order_by("published_at", "pk")
    articles = list(published.values_list("pk", "published_at"))
    batch: list[DemoComment] = []
    for (article_id, published_at), share in zip(articles, _shares(number, len(articles), dice), strict=True):
        while share:
            conversation = talk.conversation(article_id, published_at, at_most=share)
            share -= len(conversation)
            batch += conversation
            if len(batch) >= BATCH:
                yield _written(batch, moderator_id)
                batch = []
    yield _written(batch, moderator_id)


def _written(batch: list[DemoComment], moderator_id: int | None) -> int:
    """Write a batch, with what the screening had found in those that were not approved; return how many they are."""
    flood.screen(comment for comment in batch if not comment.is_approved)
    write(batch, moderator_id=moderator_id)
    return len(batch)


def _shares(number: int, articles: int, dice: random.Random) -> Iterator[int]:
    """Yield how many of the comments each article gets: none to twice its part of those that are left."""
    for others in reversed(range(articles)):
        part = number / (others + 1)
        share = min(number, int(2 * part * dice.random() + dice.random())) if others else number
        number -= share
        yield share


class _Talk:
    """Makes up conversations, up to one instant."""

    def __init__(self, dice: random.Random, now: datetime) -> None:
        self.now = now
        self._end = now.timestamp()
        self._dice = dice
        self._voices = Voices(dice)
        parts = ("openings", "middles", "closings")
        texts = [" ".join(dice.choice(GENERATOR[part]) for part in parts) for _number in range(TEXTS)]
        self._bodies = [(text, render(text)) for text in texts]

    def conversation(self, article_id: int, published_at: datetime, *, at_most: int) -> list[DemoComment]:
        """Return a comment, most likely of the article's first days, and the replies to it once it was approved."""
        size = min(at_most, self._dice.choice(SIZES))
        since = published_at.timestamp()
        came = since + min(self._end - since, 14 * DAY) * (0.001 + 0.8 * self._dice.random() ** 4)
        first = self._comment(article_id, came, "approved" if size > 1 else self._dice.choice(FATES))
        said = [first]
        for _number in range(size - 1):
            came = self._soon(first.decided_at[0].timestamp(), DAY)
            said.append(self._comment(article_id, came, self._dice.choice(FATES), parent=first))
        return said

    def _comment(self, article_id: int, came: float, status: str, parent: DemoComment | None = None) -> DemoComment:
        said, reason = self._said(status)
        instants = [came]
        for _step in STEPS[status]:
            instants.append(self._soon(instants[-1], 6 * HOUR))
        submitted_at, *decided_at = [datetime.fromtimestamp(instant, UTC) for instant in instants]
        return DemoComment(
            article_id=article_id,
            parent=parent,
            author_name=said.name,
            author_email=said.email,
            client_network=self._dice.choice(NETWORKS),
            body=said.body,
            body_html=said.body_html,
            status=status,
            submitted_at=submitted_at,
            decided_at=decided_at,
            reason=reason,
            is_trapped=said.is_trapped,
            seconds_spent=said.seconds_spent,
        )

    def _said(self, status: str) -> tuple[Said, str]:
        """Return what becomes a comment of this status, and the reason where it is refused."""
        if status == "approved":
            return Said(*self._voices.regular(), *self._dice.choice(self._bodies)), ""
        kind = self._voices.any_kind(fate=status)
        return self._voices.say(kind), kind.fates[status]

    def _soon(self, instant: float, within: float) -> float:
        """Return an instant of the first half of what follows, before now."""
        return instant + min(self._end - instant, within) * (0.01 + 0.5 * self._dice.random())
