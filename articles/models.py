"""Articles and what surrounds them: sections, authors, bylines, and the day's tallies.

`Article.objects.published()` is the one definition of what the public may see.
Fields named `display_…` and `…_html` are rendered from their sources by `articles.rendering`
whenever a row is saved; they are what templates show.
"""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from multitude.addresses import address

WORDS_PER_MINUTE = 230


class Commenting(models.TextChoices):
    """Whether readers may comment, as the newsroom decided it; who enforces it is not the articles' affair."""

    AUTO = "auto", _("selon les règles du journal")
    OPEN = "open", _("ouverts, quel que soit l’âge de l’article")
    CLOSED = "closed", _("fermés")


class SlugManager[M: models.Model](models.Manager[M]):
    """Finds a row by its slug, which is its natural key in fixtures."""

    def get_by_natural_key(self, slug: str) -> M:
        """Return the row whose slug is given."""
        return self.get(slug=slug)


class Section(models.Model):
    """A heading of the newspaper under which articles appear."""

    name = models.CharField(_("nom"), max_length=60)
    slug = models.SlugField(_("adresse"), max_length=60, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("rang dans le menu"), default=0)
    commenting = models.CharField(_("commentaires"), max_length=6, choices=Commenting, default=Commenting.AUTO)
    commenting_note = models.CharField(
        _("raison de la fermeture"), max_length=200, blank=True, help_text=_("Les lecteurs la voient.")
    )
    display_description = models.TextField(editable=False, blank=True)

    objects = SlugManager["Section"]()

    class Meta:
        verbose_name = _("rubrique")
        verbose_name_plural = _("rubriques")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the section's page."""
        return address("articles:section", self.slug)

    def natural_key(self) -> tuple[str]:
        """Return the slug."""
        return (self.slug,)


class Author(models.Model):
    """A person who signs articles; the credentials say in what capacity."""

    name = models.CharField(_("nom"), max_length=80)
    slug = models.SlugField(_("adresse"), max_length=80, unique=True)
    credentials = models.CharField(_("titres"), max_length=200, blank=True)
    display_credentials = models.TextField(editable=False, blank=True)

    objects = SlugManager["Author"]()

    class Meta:
        verbose_name = _("auteur")
        verbose_name_plural = _("auteurs")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the author's page."""
        return address("articles:author", self.slug)

    def natural_key(self) -> tuple[str]:
        """Return the slug."""
        return (self.slug,)


class ArticleQuerySet(models.QuerySet["Article"]):
    """The questions one asks of articles."""

    def published(self, at: datetime | None = None) -> Self:
        """Keep what the public may see, now or at a given instant."""
        at = at or timezone.now()
        return self.filter(Q(unpublished_at__isnull=True) | Q(unpublished_at__gt=at), published_at__lte=at)

    def newest_first(self) -> Self:
        """Order as lists show them."""
        return self.order_by("-published_at", "-pk")

    def cards(self) -> models.QuerySet["Article", tuple[str, int]]:
        """Load what the tag `card` shows, newest first: the stored card, and the count of comments in it."""
        return self.newest_first().values_list("card_html", "comment_count")

    def for_feeds(self) -> Self:
        """Load what an entry of a feed shows, and leave the long texts in the database."""
        return self.select_related("section").defer("body", "body_html", "footnote", "footnote_html", "card_html")

    def for_page(self) -> Self:
        """Load what an article's page shows; its section is in the menu already."""
        return self.only(
            "section_id",
            "slug",
            "display_kicker",
            "display_headline",
            "display_standfirst",
            "body_html",
            "footnote_html",
            "signature_html",
            "dates_html",
            "comment_count",
            "commenting",
            "commenting_note",
            "published_at",
            "first_published_at",
            "unpublished_at",
        )

    def with_signature(self) -> Self:
        """Bring the bylines along with their authors, in one more query."""
        return self.prefetch_related(models.Prefetch("bylines", Byline.objects.select_related("author")))


class ArticleManager(models.Manager.from_queryset(ArticleQuerySet), SlugManager["Article"]):  # type: ignore[misc]
    """Articles, with the questions of their query set and their natural key."""


class Article(models.Model):
    """A text, its signature and the times between which it is public."""

    section = models.ForeignKey(Section, models.PROTECT, verbose_name=_("rubrique"), related_name="articles")
    authors = models.ManyToManyField(Author, verbose_name=_("auteurs"), through="Byline", related_name="articles")
    slug = models.SlugField(_("adresse"), max_length=120, unique=True)
    kicker = models.CharField(_("surtitre"), max_length=60, blank=True)
    headline = models.CharField(_("titre"), max_length=110)
    standfirst = models.TextField(_("chapô"), max_length=300, blank=True)
    body = models.TextField(
        _("texte"),
        max_length=200_000,
        help_text=_("HTML simple : paragraphes (p), intertitres (h2), listes, citations, liens."),
    )
    footnote = models.TextField(
        _("note de bas d’article"),
        max_length=1_000,
        blank=True,
        help_text=_("Sans l’astérisque : la signature y mène, et la note y ramène."),
    )

    commenting = models.CharField(_("commentaires"), max_length=6, choices=Commenting, default=Commenting.AUTO)
    commenting_note = models.CharField(
        _("raison de la fermeture"), max_length=200, blank=True, help_text=_("Les lecteurs la voient.")
    )
    published_at = models.DateTimeField(
        _("mise en ligne"),
        null=True,
        blank=True,
        help_text=_("Vide : brouillon. Dans le futur : l’article paraîtra à cette heure."),
    )
    first_published_at = models.DateTimeField(_("première mise en ligne"), null=True, editable=False)
    unpublished_at = models.DateTimeField(_("dépublication"), null=True, blank=True)
    modified_at = models.DateTimeField(_("dernière modification"), default=timezone.now, editable=False)

    display_kicker = models.TextField(editable=False, blank=True)
    display_headline = models.TextField(editable=False, blank=True)
    display_standfirst = models.TextField(editable=False, blank=True)
    body_html = models.TextField(editable=False, blank=True)
    footnote_html = models.TextField(editable=False, blank=True)
    word_count = models.PositiveIntegerField(_("mots"), default=0, editable=False)
    card_html = models.TextField(editable=False, blank=True)
    signature_html = models.TextField(editable=False, blank=True)
    dates_html = models.TextField(editable=False, blank=True)

    view_count = models.PositiveIntegerField(_("lectures"), default=0, editable=False)
    comment_count = models.PositiveIntegerField(_("commentaires publiés"), default=0, editable=False)

    objects = ArticleManager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        get_latest_by = "published_at"
        constraints = [
            models.CheckConstraint(
                name="article_published_has_first_date",
                condition=Q(published_at__isnull=True) | Q(first_published_at__isnull=False),
                violation_error_message=_("Un article mis en ligne a une date de première mise en ligne."),
            ),
            models.CheckConstraint(
                name="article_unpublished_after_published",
                condition=Q(unpublished_at__isnull=True)
                | Q(published_at__isnull=False, unpublished_at__gte=F("published_at")),
                violation_error_message=_("La dépublication suit la mise en ligne."),
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="article_newest"),
            models.Index(fields=["section", "-published_at", "-id"], name="article_section_newest"),
            models.Index(
                fields=["unpublished_at"], condition=Q(unpublished_at__isnull=False), name="article_unpublished"
            ),
            models.Index(fields=["-view_count", "-published_at"], name="article_most_read"),
            models.Index(fields=["-comment_count", "-published_at"], name="article_most_commented"),
        ]

    def __str__(self) -> str:
        return self.headline

    def save(self, **kwargs: Any) -> None:
        """Write the row, except what follows from other tables and changes while others write: counts and signature."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            left_alone = {"id", "view_count", "comment_count", "signature_html", *self.get_deferred_fields()}
            names = [field.attname for field in self._meta.concrete_fields]
            kwargs["update_fields"] = [name for name in names if name not in left_alone]
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        """Return the address of the article's page."""
        return address("articles:article", self.slug)

    def natural_key(self) -> tuple[str]:
        """Return the slug."""
        return (self.slug,)

    natural_key.dependencies = ["articles.section"]  # type: ignore[attr-defined]

    def is_published(self, at: datetime | None = None) -> bool:
        """Return what `published()` would answer for this row as it stands in memory."""
        at = at or timezone.now()
        return bool(
            self.published_at and self.published_at <= at and not (self.unpublished_at and self.unpublished_at <= at)
        )

    def next_change(self) -> datetime | None:
        """Return the next instant at which this article appears or disappears by itself, or None."""
        now = timezone.now()
        return min((at for at in (self.published_at, self.unpublished_at) if at and at > now), default=None)

    def was_public(self, at: datetime | None = None) -> bool:
        """Return whether readers have been able to see this article at some time."""
        return bool(self.first_published_at and self.first_published_at <= (at or timezone.now()))

    @property
    def reading_minutes(self) -> int:
        """Minutes it takes to read, at 230 words a minute, at least one."""
        return max(1, round(self.word_count / WORDS_PER_MINUTE))


class BylineManager(models.Manager["Byline"]):
    """Finds a byline by its article and its author."""

    def get_by_natural_key(self, article: str, author: str) -> "Byline":
        """Return the byline that joins the two slugs."""
        return self.get(article__slug=article, author__slug=author)


class Byline(models.Model):
    """One author's place in the signature of an article."""

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="bylines")
    author = models.ForeignKey(Author, models.PROTECT, verbose_name=_("auteur"), related_name="bylines")
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    objects = BylineManager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ("position", "pk")
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="byline_once")]

    def __str__(self) -> str:
        return self.author.name

    def natural_key(self) -> tuple[str, str]:
        """Return the slugs of the article and of the author."""
        return self.article.slug, self.author.slug

    natural_key.dependencies = ["articles.article", "articles.author"]  # type: ignore[attr-defined]


class DailyTally(models.Model):
    """What happened to one article on one day in Paris: readings, and comments first approved."""

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="tallies")
    day = models.DateField(_("jour"))
    views = models.PositiveIntegerField(_("lectures"), default=0)
    comments = models.PositiveIntegerField(_("commentaires publiés"), default=0)

    class Meta:
        verbose_name = _("relevé du jour")
        verbose_name_plural = _("relevés du jour")
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="tally_once_a_day")]
        indexes = [models.Index(fields=["day", "article"], name="tally_day")]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.day}"


class RankedArticle(models.Model):
    """One place in a stored ranking; `popularity.refresh_rankings` alone writes them."""

    class Kind(models.TextChoices):
        """What the ranking counts."""

        READ = "read", _("lectures")
        COMMENTED = "commented", _("commentaires")

    kind = models.CharField(max_length=10, choices=Kind)
    period = models.CharField(max_length=10)
    rank = models.PositiveSmallIntegerField()
    article = models.ForeignKey(Article, models.CASCADE, related_name="rankings")
    count = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["period", "kind", "rank"], name="ranked_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.rank}"
