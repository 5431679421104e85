"""A bad morning at the desk: what waits, of every kind, most of it since yesterday.

Spam, insults, doubles and people in a hurry stand among what is worth reading. Each comment carries what the
screening finds in it. Each batch is one transaction, counts included.
"""

import random
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Article
from comments import blocklist, screening, submission
from comments.incoming import Context, Submission
from comments.models import BlockedTerm, Comment
from comments.rendering import render
from multitude.demo.comments import DemoComment, write
from multitude.demo.newspaper import ESSAY, NETWORKS
from multitude.demo.voices import CASES, PAMPHLETS, WATCHED, Case, Said, Voices

# What waits, of all comments.
SHARE = 0.12
BATCH = 20_000
# How many of the last articles they come to, and how many published comments they answer.
ARTICLES, ANSWERED = 400, 2_000
# Where so many wait, the director is asked about some.
ASKS_DIRECTOR = 10
# How many came within the last day, and how far back the others go.
RECENT = 0.45
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0


def grow(number: int, *, moderator_id: int | None) -> Iterator[int]:
    """Have so many more comments wait; yield how many each batch held."""
    crowd = _Crowd(random.Random(Comment.objects.count()), timezone.now())  # noqa: S311
    if not crowd.has_articles:
        return
    is_asked = Comment.objects.filter(lane=Comment.Lane.ESCALATED).exists()
    batch = [] if number < ASKS_DIRECTOR or is_asked else [crowd.escalated(case) for case in CASES]
    while number:
        while len(batch) < min(number, BATCH):
            batch += crowd.act()
        batch = batch[: min(number, BATCH)]
        screen(batch)
        write(batch, moderator_id=moderator_id)
        yield len(batch)
        number -= len(batch)
        batch = []


def watch(added_by: User | None) -> None:
    """Have the newsroom watch a few terms, unless it watches some already."""
    if not BlockedTerm.objects.exists():
        for kind, values in WATCHED.items():
            blocklist.add(kind=kind, values=values, added_by=added_by)


def screen(comments: Iterable[DemoComment]) -> None:
    """Give comments what the screening finds in each, knowing what is stored and those of them that came before it."""
    told = [(comment, _submission(comment)) for comment in sorted(comments, key=lambda comment: comment.submitted_at)]
    for comment, sent in told:
        comment.text_digest = submission.text_digest(sent)
    around = _Around([comment for comment, _sent in told])
    watched = blocklist.current()
    for comment, sent in told:
        screened = screening.screen(sent, replace(around.context(comment), blocked=watched.matches(sent)))
        comment.findings, comment.is_suspect, comment.terms = screened.rows, screened.is_suspect, screened.terms
        around.add(comment)


def _submission(comment: DemoComment) -> Submission:
    return Submission(
        article_id=comment.article_id,
        parent_id=comment.parent_key,
        author_name=comment.author_name,
        author_email=comment.author_email,
        body=comment.body,
        client_network=comment.client_network,
        honeypot="https://piege.example" if comment.is_trapped else "",
        seconds_spent=comment.seconds_spent,
    )


class _Around:
    """What is known of other comments when one comes: who wrote before, and which texts; of these here, by whom."""

    def __init__(self, comments: list[DemoComment]) -> None:
        emails = {comment.author_email for comment in comments}
        digests = {comment.text_digest for comment in comments} - {""}
        self._known = _stored("author_email", emails)
        self._texts = _stored("text_digest", digests)
        self._places: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
        self._bodies: set[tuple[int, str, str]] = set()
        self._recent: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def context(self, comment: DemoComment) -> Context:
        """Return what the database would know of others at the instant at which a comment comes."""
        _number, seconds = screening.flood_limit()
        recent = self._recent[comment.author_email]
        while recent and recent[0] <= comment.submitted_at - timedelta(seconds=seconds):
            recent.popleft()
        others = self._places[comment.text_digest] - {(comment.article_id, comment.author_email)}
        return Context(
            repeats=(comment.article_id, comment.author_email, comment.body) in self._bodies,
            is_elsewhere=bool(comment.text_digest) and (bool(others) or comment.text_digest in self._texts),
            is_first=comment.author_email not in self._known,
            recent_of_email=len(recent),
        )

    def add(self, comment: DemoComment) -> None:
        """Know of a comment from now on."""
        self._known.add(comment.author_email)
        self._places[comment.text_digest].add((comment.article_id, comment.author_email))
        self._bodies.add((comment.article_id, comment.author_email, comment.body))
        self._recent[comment.author_email].append(comment.submitted_at)


def _stored(name: str, values: set[str]) -> set[str]:
    """Return which of these values stored comments have."""
    rows = Comment.objects.filter(**{f"{name}__in": values}).order_by().values_list(name, flat=True)
    return set(rows.distinct())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one comments: an article, or a comment on it, and since when one can."""

    article_id: int
    since: float
    parent_key: int | None = None


class _Crowd:
    """Makes up what comes in, up to one instant."""

    def __init__(self, dice: random.Random, now: datetime) -> None:
        self._dice = dice
        self._voices = Voices(dice)
        self._end = now.timestamp()
        last = Article.objects.published(now).exclude(slug=ESSAY).order_by("-published_at", "-pk")[:ARTICLES]
        self._articles = [_Place(pk, at.timestamp()) for pk, at in last.values_list("pk", "published_at")]
        first = Comment.objects.approved().filter(
            parent=None, article__in=[article.article_id for article in self._articles]
        )
        rows = first.order_by("-pk").values_list("article_id", "first_approved_at", "pk")[:ANSWERED]
        self._answered = [_Place(article_id, at.timestamp(), key) for article_id, at, key in rows if at]

    @property
    def has_articles(self) -> bool:
        """Whether there is anything to comment on."""
        return bool(self._articles)

    def act(self) -> list[DemoComment]:
        """Return what somebody does: mostly one comment, sometimes the same everywhere, again, or many at once."""
        acts = (self._comment, self._campaign, self._repetition, self._burst)
        return self._dice.choices(acts, (960, 8, 24, 8))[0]()

    def escalated(self, case: Case) -> DemoComment:
        """Return a comment that a moderator passed on to the publication director."""
        name, email = self._voices.newcomer(case.name)
        place = self._place()
        came = self._when(place)
        comment = self._written(Said(name, email, case.body, render(case.body)), place, came)
        comment.is_escalated, comment.explanation = True, case.note
        comment.decided_at = [_instant(came + 0.3 * (self._end - came))]
        return comment

    def _comment(self) -> list[DemoComment]:
        kind = self._voices.any_kind()
        place = self._place(is_reply=kind.is_reply)
        return [self._written(self._voices.say(kind), place, self._when(place))]

    def _campaign(self) -> list[DemoComment]:
        """Have several people paste the same text under several articles."""
        said, start = self._voices.say(PAMPHLETS), self._when(self._place())
        signed = [replace(said, name=name, email=email) for name, email in self._people()]
        return [self._written(one, self._place(), self._after(start, 2 * HOUR)) for one in signed]

    def _people(self) -> list[tuple[str, str]]:
        return [self._voices.newcomer() for _number in range(self._dice.randint(3, 9))]

    def _repetition(self) -> list[DemoComment]:
        """Have somebody lose patience and send the same again."""
        [comment] = self._comment()
        place = _Place(comment.article_id, comment.submitted_at.timestamp(), comment.parent_key)
        again = [self._after(place.since, 90 * MINUTE) for _time in range(self._dice.randint(1, 2))]
        said = Said(comment.author_name, comment.author_email, comment.body, comment.body_html)
        return [comment, *(self._written(said, place, came) for came in again)]

    def _burst(self) -> list[DemoComment]:
        """Have one person write under everything within minutes."""
        kinds = [self._voices.any_kind(by="trolls") for _number in range(self._dice.randint(7, 11))]
        first, *others = map(self._voices.say, kinds)
        said = [first, *(replace(other, name=first.name, email=first.email) for other in others)]
        start = self._when(self._place())
        return [self._written(one, self._place(), self._after(start, 4 * MINUTE)) for one in said]

    def _place(self, *, is_reply: bool = False) -> _Place:
        """Return an article, likely one of the last, or a published comment."""
        chance = self._dice.random()
        if is_reply and self._answered:
            return self._answered[int(len(self._answered) * chance)]
        return self._articles[int(len(self._articles) * chance**1.4)]

    def _when(self, place: _Place) -> float:
        """Return an instant, most likely of the last hours, since which the place is there."""
        is_recent, far, share = (self._dice.random() for _draw in range(3))
        back = DAY * far**1.5 if is_recent < RECENT else DAY + 6 * DAY * far**2
        age = self._end - place.since
        return self._end - (back if back < age else share * age)

    def _after(self, start: float, within: float) -> float:
        return start + min(self._end - start, within) * (0.01 + 0.98 * self._dice.random())

    def _written(self, said: Said, place: _Place, came: float) -> DemoComment:
        """Return the comment, never older than what it stands under."""
        return DemoComment(
            article_id=place.article_id,
            answered_key=place.parent_key,
            author_name=said.name,
            author_email=said.email,
            client_network=self._dice.choice(NETWORKS),
            body=said.body,
            body_html=said.body_html,
            status="pending",
            submitted_at=_instant(max(came, place.since + 0.01 * (self._end - place.since))),
            decided_at=[],
            is_trapped=said.is_trapped,
            seconds_spent=said.seconds_spent,
        )


def _instant(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
