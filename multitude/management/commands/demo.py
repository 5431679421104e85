"""A believable newspaper, ready to open: the essay, twenty articles, their readers and comments.

`--articles` and `--comments` make it as large as one wants, by writing rows in bulk: what they
hold is what the verbs would have written, rendered texts, decisions, evidence and counts.
"""

import json
import random
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import popularity, rendering
from articles.models import Article, Author, Byline, DailyTally, Section
from comments.models import Comment, Decision, Evidence
from comments.moderation import NEEDS_REASON, TARGETS
from comments.rendering import render, render_public
from multitude.progress import Progress

NEWSPAPER = Path(__file__).resolve().parents[2] / "demo" / "newspaper.json"
ESSAY = "les-dirigeants-et-les-attentes-de-la-multitude"
BATCH = 2_000
STEPS = {
    "pending": [],
    "approved": ["approve"],
    "rejected": ["reject"],
    "spam": ["mark_as_spam"],
    "removed": ["approve", "remove"],
}
STATUSES, WEIGHTS = ("approved", "pending", "rejected", "spam", "removed"), (80, 11, 5, 3, 1)
REASONS = ("off_topic", "insult", "advertising", "duplicate")


def _size(text: str) -> int:
    """Read a number of rows, 0 or more."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(_("un nombre entier est attendu"))
    return int(text)


def _reserve_keys(count: int) -> Sequence[int]:
    """Return keys of comments that no other process will be given; call it in the transaction that writes them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [Comment._meta.db_table, count],
            )
            return [key for (key,) in cursor.fetchall()]
    last = Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return range(last + 1, last + 1 + count)


class Command(BaseCommand):
    """Write the demo newspaper; what is already there stays as it is."""

    help = _("Remplit le site d’un journal de démonstration, de la taille voulue.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size, and whether to spare a site that has articles."""
        parser.add_argument("--articles", type=_size, default=0, help=_("nombre total d’articles"))
        parser.add_argument("--comments", type=_size, default=0, help=_("nombre total de commentaires"))
        parser.add_argument("--if-empty", action="store_true", help=_("ne rien faire si le site a déjà un article"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write what is missing."""
        if options["if_empty"] and Article.objects.exists():
            return
        self.now: datetime = timezone.now()
        self.dice = random.Random(2012)  # noqa: S311
        self.moderator = get_user_model().objects.filter(is_superuser=True).order_by("pk").first()
        self.newspaper = json.loads(NEWSPAPER.read_text(encoding="utf-8"))
        call_command("loaddata", "essay", verbosity=0)
        self.approved: Counter[tuple[int, date]] = Counter()
        self._write_newspaper()
        self._grow_articles(options["articles"])
        self._grow_comments(options["comments"])
        self._write_counts()
        if options["verbosity"]:
            count = {"articles": Article.objects.count(), "comments": Comment.objects.count()}
            self.stdout.write(_("%(articles)s articles, %(comments)s commentaires.") % count)

    # The newspaper as written ------------------------------------------------------------------

    @transaction.atomic
    def _write_newspaper(self) -> None:
        slugs = [entry["slug"] for entry in self.newspaper["articles"]]
        if Article.objects.filter(slug__in=slugs).exists():
            return
        for position, entry in enumerate(self.newspaper["sections"], start=1):
            Section.objects.update_or_create(slug=entry["slug"], defaults=entry | {"position": position})
        for entry in self.newspaper["authors"]:
            Author.objects.get_or_create(slug=entry["slug"], defaults=entry)
        for entry in self.newspaper["articles"]:
            self._write_article(entry)
        essay = Article.objects.get(slug=ESSAY)
        self._write_readings(essay.pk, essay.published_at or self.now, 74)
        self._write_comments(self._comments_as_written())

    def _write_article(self, entry: dict[str, Any]) -> None:
        texts = {name: entry.get(name, "") for name in ("slug", "kicker", "headline", "standfirst", "body", "footnote")}
        article = Article.objects.create(
            section=Section.objects.get(slug=entry["section"]),
            published_at=self.now - timedelta(hours=entry["hours_ago"]),
            **texts,
        )
        for position, slug in enumerate(entry["authors"]):
            Byline.objects.create(article=article, author=Author.objects.get(slug=slug), position=position)
        self._write_readings(article.pk, article.published_at or self.now, entry["popularity"])

    def _write_readings(self, article_id: int, published_at: datetime, popularity_of_100: int) -> None:
        """Spread readings over the days since publication, most on the first ones."""
        day, today = popularity.day_of(published_at), popularity.day_of(self.now)
        readings = popularity_of_100 * self.dice.randint(14, 18)
        while day <= today and readings > 1:
            share = int(readings * self.dice.uniform(0.3, 0.5))
            popularity.count(article_id=article_id, day=day, views=max(1, share))
            readings -= share
            day += timedelta(days=1)

    def _comments_as_written(self) -> Iterator[tuple[Comment, dict[str, Any], list[tuple[Comment, dict[str, Any]]]]]:
        articles = {article.slug: article for article in Article.objects.all()}
        for entry in self.newspaper["comments"]:
            article = articles[entry["article"]]
            replies = [(self._comment(article, reply), reply) for reply in entry["replies"]]
            yield self._comment(article, entry), entry, replies

    def _comment(self, article: Article, entry: dict[str, Any]) -> Comment:
        submitted_at = (article.published_at or self.now) + timedelta(hours=entry["hours_after"])
        return self._prepare(
            article.pk, entry["name"], entry["body"], render(entry["body"]), entry["status"], submitted_at
        )

    # Growing -----------------------------------------------------------------------------------

    def _grow_articles(self, total: int) -> None:
        """Add articles up to the total, an hour apart, older than those that are there."""
        missing = total - Article.objects.count()
        if missing <= 0:
            return
        sections, authors = list(Section.objects.all()), list(Author.objects.all())
        models = [self._model_article() for _number in range(60)]
        oldest = Article.objects.exclude(published_at=None).earliest("published_at").published_at or self.now
        first = Article.objects.latest("pk").pk + 1
        with Progress(self.stderr, _("Articles"), missing) as progress:
            for numbers in batched(range(missing), BATCH):
                with transaction.atomic():
                    signed = [self.dice.choice(authors) for _number in numbers]
                    rows = Article.objects.bulk_create(
                        self._archive_article(
                            model=self.dice.choice(models),
                            section=self.dice.choice(sections),
                            author=author,
                            slug=f"archives-{first + number}",
                            published_at=oldest - timedelta(hours=number + 1),
                        )
                        for number, author in zip(numbers, signed, strict=True)
                    )
                    Byline.objects.bulk_create(
                        Byline(article=row, author=author) for row, author in zip(rows, signed, strict=True)
                    )
                    DailyTally.objects.bulk_create(
                        DailyTally(
                            article=row, day=popularity.day_of(row.published_at or self.now), views=row.view_count
                        )
                        for row in rows
                    )
                progress.advance(len(numbers))

    def _archive_article(
        self, *, model: Article, section: Section, author: Author, slug: str, published_at: datetime
    ) -> Article:
        """Return an unsaved article with the texts of the model, already rendered, and a title of its own."""
        words = self.newspaper["generator"]
        article = Article(
            section=section,
            slug=slug,
            headline=f"{self.dice.choice(words['headline_subjects'])} {self.dice.choice(words['headline_predicates'])}",
            standfirst=model.standfirst,
            body=model.body,
            published_at=published_at,
            view_count=self.dice.randint(1, 400),
            body_html=model.body_html,
            word_count=model.word_count,
        )
        rendering.render_head(article)
        article.signature_html = rendering.signature(article, [author])
        return article

    def _model_article(self) -> Article:
        """Return an article of four paragraphs whose texts others borrow: rendering is what takes time."""
        paragraphs = self.dice.sample(self.newspaper["generator"]["paragraphs"], 4)
        standfirst = paragraphs[0].split(". ")[0].rstrip(".") + "."
        article = Article(standfirst=standfirst[:300], body="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
        rendering.render_article(article)
        return article

    def _grow_comments(self, total: int) -> None:
        """Add comments up to the total, over the articles, as readers send them."""
        missing = total - Comment.objects.count()
        if missing <= 0:
            return
        words = self.newspaper["generator"]
        articles = list(Article.objects.published().exclude(slug=ESSAY).values_list("pk", "published_at"))
        texts = [self._text(words) for _number in range(400)]
        bodies = [(text, render(text)) for text in texts]
        with Progress(self.stderr, _("Commentaires"), missing) as progress:
            for numbers in batched(range(missing), BATCH):
                with transaction.atomic():
                    self._write_comments(self._conversations(len(numbers), articles, bodies, words["names"]))
                progress.advance(len(numbers))

    def _conversations(self, count: int, articles: list, bodies: list, names: list[str]) -> Iterator[tuple]:
        """Yield conversations of one to three comments, `count` comments in all."""
        while count > 0:
            article_id, published_at = self.dice.choice(articles)
            size = min(count, self.dice.choice((1, 1, 1, 2, 3)))
            count -= size
            age = self.now - published_at
            made = []
            for position in range(size):
                text, html = self.dice.choice(bodies)
                answered = size > 1 and position == 0
                status = "approved" if answered else self.dice.choices(STATUSES, WEIGHTS)[0]
                at = (
                    published_at
                    + age * self.dice.uniform(0.05, 0.6)
                    + timedelta(minutes=position) * min(1, age.total_seconds() / 600)
                )
                entry = {"reason": self.dice.choice(REASONS)}
                made.append((self._prepare(article_id, self.dice.choice(names), text, html, status, at), entry))
            yield *made[0], made[1:]

    # Rows --------------------------------------------------------------------------------------

    def _prepare(self, article_id: int, name: str, body: str, html: str, status: str, at: datetime) -> Comment:
        """Return an unsaved comment in its final state, with a decision soon after it came."""
        steps = STEPS[status]
        decided_at = min(self.now, at + (self.now - at) * self.dice.uniform(0.01, 0.1)) if steps else None
        return Comment(
            article_id=article_id,
            author_name=name,
            author_email=f"lecteur{self.dice.randint(1, 4_000)}@exemple.fr",
            body=body,
            body_html=html,
            submitted_at=at,
            status=status,
            decided_at=decided_at,
            first_approved_at=decided_at if "approve" in steps else None,
            version=1 + len(steps),
            client_network=f"203.0.113.{self.dice.randint(1, 254)}",
        )

    def _write_comments(self, conversations: Iterator[tuple]) -> None:
        """Write conversations with their decisions and evidence, and count those that are public."""
        told = list(conversations)
        pairs = [(first, entry) for first, entry, _replies in told]
        pairs += [pair for _first, _entry, answers in told for pair in answers]
        # The HTML of a comment holds its key, which is therefore known before the row is written.
        for (comment, _entry), key in zip(pairs, _reserve_keys(len(pairs)), strict=True):
            comment.pk = key
        for first, _entry, answers in told:
            for reply, _reply_entry in answers:
                reply.parent_id = first.pk
                reply.public_html = render_public(reply)
            first.public_html = render_public(first, [reply.public_html for reply, _ in answers if reply.public_html])
        Comment.objects.bulk_create([comment for comment, _entry in pairs])
        self._write_decisions(pairs)
        self.approved.update(
            (comment.article_id, popularity.day_of(comment.first_approved_at))
            for comment, _entry in pairs
            if comment.status == Comment.Status.APPROVED
        )

    @transaction.atomic
    def _write_counts(self) -> None:
        """Add what was approved to tallies and totals, as `popularity.count()` would one by one."""
        stored = {
            (article_id, day): comments
            for article_id, day, comments in DailyTally.objects.values_list("article_id", "day", "comments").iterator()
        }
        rows = (
            DailyTally(article_id=article_id, day=day, comments=count + stored.get((article_id, day), 0))
            for (article_id, day), count in self.approved.items()
        )
        for batch in batched(rows, BATCH):
            DailyTally.objects.bulk_create(
                batch, update_conflicts=True, unique_fields=["article", "day"], update_fields=["comments"]
            )
        totals: Counter[int] = Counter()
        for (article_id, _day), count in self.approved.items():
            totals[article_id] += count
        for number in sorted(set(totals.values())):
            chosen = [article_id for article_id, total in totals.items() if total == number]
            for keys in batched(chosen, BATCH):
                Article.objects.filter(pk__in=keys).update(comment_count=F("comment_count") + number)

    def _write_decisions(self, pairs: list[tuple[Comment, dict[str, Any]]]) -> None:
        decisions, explanations = [], []
        for comment, entry in pairs:
            source = Comment.Status.PENDING
            for version, action in enumerate(STEPS[comment.status], start=1):
                target = TARGETS[Decision.Action(action)]
                refusal = action in NEEDS_REASON
                decisions.append(
                    Decision(
                        comment=comment,
                        action=action,
                        reason=entry.get("reason", "off_topic") if refusal else "",
                        from_status=source,
                        to_status=target,
                        version=version,
                        moderator=self.moderator,
                        decided_at=comment.decided_at or self.now,
                    )
                )
                explanations.append(entry.get("explanation", "") if refusal else "")
                source = target
        Decision.objects.bulk_create(decisions)
        Evidence.objects.bulk_create(
            Evidence(
                decision=decision,
                author_name=decision.comment.author_name,
                body=decision.comment.body,
                explanation=text,
            )
            for decision, text in zip(decisions, explanations, strict=True)
        )

    # Words -------------------------------------------------------------------------------------

    def _text(self, words: dict[str, list[str]]) -> str:
        return " ".join(self.dice.choice(words[part]) for part in ("openings", "middles", "closings"))
