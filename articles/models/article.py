"""An article, what state it is in, and its bylines.

`Article.objects.published()` is the one definition of what the public may see.
Fields named `display_…` and `…_html` are rendered from their sources by `articles.rendering`
whenever a row is saved; they are what templates show. `folded` is what the newsroom's searches read.
"""

import secrets
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.frame import Author, Commenting, Section, SlugManager, Tag
from articles.models.pictures import Picture
from multitude import clock
from multitude.addresses import address

WORDS_PER_MINUTE = 230
HEADLINE_LENGTH = 110
STANDFIRST_LENGTH = 300
BODY_LENGTH = 200_000
FOOTNOTE_LENGTH = 1_000
# The one rule of embargo, by its name in the database's errors.
EMBARGO_HOLDS = "article_embargo_holds"
# What is rendered from bylines, tags and corrections, whenever these change.
SIGNED = ("signature_html", "corrections_html", "corrected_at", "linked_data", "shown_tags")
# What lists leave in the database.
LONG_TEXTS = (
    "folded",
    "body",
    "body_html",
    "footnote",
    "footnote_html",
    "lead_html",
    "card_html",
    "signature_html",
    "corrections_html",
    "linked_data",
    "dates_html",
    "shown_tags",
)


_STAYS = _("Ce que des lecteurs ont lu ne se supprime pas : un article se dépublie.")


def new_preview_key() -> str:
    """Return 128 random bits as 22 characters."""
    return secrets.token_urlsafe(16)


class State(models.TextChoices):
    """Where an article stands: it follows from its dates, at any instant."""

    DRAFT = "draft", _("brouillon")
    REVIEW = "review", _("à relire")
    SCHEDULED = "scheduled", _("programmé")
    PUBLISHED = "published", _("en ligne")
    UNPUBLISHED = "unpublished", _("dépublié")


class ArticleQuerySet(models.QuerySet["Article"]):
    """The questions one asks of articles."""

    def published(self, at: datetime | None = None) -> Self:
        """Keep what the public may see, now or at a given instant."""
        at = at or clock.now()
        return self.filter(Q(unpublished_at__isnull=True) | Q(unpublished_at__gt=at), published_at__lte=at)

    def ever_public(self) -> Self:
        """Keep what readers have been able to see at some time, as `was_public()` tells."""
        return self.filter(first_published_at__lte=clock.now())

    def never_public(self) -> Self:
        """Keep what no reader has been able to see yet."""
        return self.filter(Q(first_published_at__isnull=True) | Q(first_published_at__gt=clock.now()))

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete what nobody has read; where readers have seen one, raise ProtectedError and delete none."""
        if kept := set[models.Model](self.ever_public()):
            raise models.ProtectedError(str(_STAYS), kept)
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def in_state(self, state: State, at: datetime | None = None) -> Self:
        """Keep what stands somewhere, now or at a given instant."""
        at = at or clock.now()
        left = Q(unpublished_at__lte=at)
        match state:
            case State.PUBLISHED:
                return self.published(at)
            case State.UNPUBLISHED:
                return self.filter(left)
            case State.SCHEDULED:
                return self.filter(published_at__gt=at)
            case State.REVIEW:
                return self.filter(published_at__isnull=True, ready_at__isnull=False)
            case _:
                return self.filter(published_at__isnull=True, ready_at__isnull=True)

    def newest_first(self) -> Self:
        """Order as lists show them."""
        return self.order_by("-published_at", "-pk")

    def cards(self) -> models.QuerySet["Article", tuple[str, int]]:
        """Load what the tag `card` shows, newest first unless ordered: the stored card, and the count of comments in it."""
        return (self if self.query.order_by else self.newest_first()).values_list("card_html", "comment_count")

    def for_feeds(self, *, full: bool = False) -> Self:
        """Load what an entry of a feed shows; the texts themselves only where it shows the whole article."""
        texts = ("lead_html", "body_html", "footnote_html", "corrections_html") if full else ()
        return self.select_related("section").only(
            "section__name",
            "slug",
            "display_headline",
            "display_standfirst",
            "linked_data",
            "published_at",
            "first_published_at",
            "modified_at",
            *texts,
        )

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
            "corrections_html",
            "linked_data",
            "shown_tags",
            "lead_html",
            "lead_data",
            "comment_count",
            "commenting",
            "commenting_note",
            "published_at",
            "first_published_at",
            "unpublished_at",
            "modified_at",
            "corrected_at",
        )

    def with_signature(self) -> Self:
        """Bring the bylines along with their authors, in one more query."""
        from articles.models.joined import Byline  # which stands on articles

        return self.prefetch_related(models.Prefetch("bylines", Byline.objects.select_related("author")))


class ArticleManager(models.Manager.from_queryset(ArticleQuerySet), SlugManager["Article"]):  # type: ignore[misc]
    """Articles, with the questions of their query set and their natural key."""

    def get_by_natural_key(self, slug: str) -> "Article":
        """Return the article whose slug is given, or was."""
        try:
            return super().get_by_natural_key(slug)
        except Article.DoesNotExist:
            return self.get(former_addresses__slug=slug)


class Article(models.Model):
    """A text, its signature and the times between which it is public."""

    section = models.ForeignKey(Section, models.PROTECT, verbose_name=_("rubrique"), related_name="articles")
    authors = models.ManyToManyField(Author, verbose_name=_("auteurs"), through="Byline", related_name="articles")
    tags = models.ManyToManyField(Tag, verbose_name=_("thèmes"), through="Tagging", related_name="articles")
    slug = models.SlugField(_("adresse"), max_length=120, unique=True)
    kicker = models.CharField(_("surtitre"), max_length=60, blank=True)
    headline = models.CharField(_("titre"), max_length=HEADLINE_LENGTH)
    standfirst = models.TextField(_("chapô"), max_length=STANDFIRST_LENGTH, blank=True)
    # Before the text, so that a search of the newsroom's need not read past it.
    folded = models.TextField(editable=False, blank=True)
    body = models.TextField(_("texte"), max_length=BODY_LENGTH)
    footnote = models.TextField(
        _("note de bas d’article"),
        max_length=FOOTNOTE_LENGTH,
        blank=True,
        help_text=_("Sans l’astérisque : la signature y mène, et la note y ramène."),
    )
    lead_picture = models.ForeignKey(
        Picture, models.PROTECT, verbose_name=_("image de tête"), related_name="led", null=True, blank=True
    )
    pictures = models.ManyToManyField(
        Picture, verbose_name=_("images du texte"), related_name="illustrated", editable=False
    )

    commenting = models.CharField(_("commentaires"), max_length=6, choices=Commenting, default=Commenting.AUTO)
    commenting_note = models.CharField(
        _("raison de la fermeture"), max_length=200, blank=True, help_text=_("Les lecteurs la voient.")
    )
    ready_at = models.DateTimeField(_("envoyé en relecture"), null=True, editable=False)
    embargo_until = models.DateTimeField(
        _("embargo"), null=True, blank=True, help_text=_("Rien ne met l’article en ligne avant cette heure.")
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

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    preview_key = models.CharField(max_length=32, default=new_preview_key, editable=False)
    # The form that made it, and what that held: sent again, it makes no second one.
    form_key = models.CharField(max_length=32, blank=True, editable=False)
    form_digest = models.CharField(max_length=32, blank=True, editable=False)

    display_kicker = models.TextField(editable=False, blank=True)
    display_headline = models.TextField(editable=False, blank=True)
    display_standfirst = models.TextField(editable=False, blank=True)
    body_html = models.TextField(editable=False, blank=True)
    footnote_html = models.TextField(editable=False, blank=True)
    word_count = models.PositiveIntegerField(_("mots"), default=0, editable=False)
    card_html = models.TextField(editable=False, blank=True)
    signature_html = models.TextField(editable=False, blank=True)
    dates_html = models.TextField(editable=False, blank=True)
    corrections_html = models.TextField(editable=False, blank=True)
    corrected_at = models.DateTimeField(_("dernier rectificatif"), null=True, editable=False)
    linked_data = models.TextField(editable=False, blank=True)
    shown_tags = models.JSONField(default=list, editable=False, blank=True)
    lead_html = models.TextField(editable=False, blank=True)
    lead_data = models.JSONField(default=dict, editable=False, blank=True)

    view_count = models.PositiveIntegerField(_("lectures"), default=0, editable=False)
    comment_count = models.PositiveIntegerField(_("commentaires publiés"), default=0, editable=False)

    objects = ArticleManager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [
            ("publish_article", _("Peut mettre en ligne, programmer et dépublier")),
            ("preview_article", _("Peut donner et révoquer des liens d’aperçu")),
        ]
        get_latest_by = "published_at"
        constraints = [
            models.UniqueConstraint(fields=["form_key"], condition=~Q(form_key=""), name="article_once_per_form"),
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
                violation_error_code="unpublished_at",
            ),
            models.CheckConstraint(
                name=EMBARGO_HOLDS,
                condition=Q(embargo_until__isnull=True)
                | Q(published_at__isnull=True)
                | Q(published_at__gte=F("embargo_until")),
                violation_error_message=_("La mise en ligne ne précède pas la fin de l’embargo."),
                violation_error_code="published_at",
            ),
            models.CheckConstraint(
                name="article_in_review_has_no_date",
                condition=Q(ready_at__isnull=True) | Q(published_at__isnull=True),
                violation_error_message=_("Un article daté n’attend plus de relecture."),
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="article_newest"),
            # What the sitemap asks of articles, and all that it asks: their own rows are wide.
            models.Index(
                fields=["id", "published_at", "unpublished_at", "modified_at", "slug"], name="article_sitemap"
            ),
            models.Index(fields=["ready_at"], condition=Q(ready_at__isnull=False), name="article_in_review"),
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
        """Write the row, except what follows from other tables and changes while others write: counts, signature, corrections."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            left_alone = {"id", "view_count", "comment_count", "version", *SIGNED, *self.get_deferred_fields()}
            names = [field.attname for field in self._meta.concrete_fields]
            kwargs["update_fields"] = [name for name in names if name not in left_alone]
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        """Return the address of the article's page."""
        return address("articles:article", self.slug)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete an article that nobody has read; one that readers have seen stays, and ProtectedError is raised."""
        if Article.objects.ever_public().filter(pk=self.pk).exists():
            raise models.ProtectedError(str(_STAYS), {self})
        return super().delete(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        """Return the slug."""
        return (self.slug,)

    natural_key.dependencies = ["articles.section"]  # type: ignore[attr-defined]

    def is_published(self, at: datetime | None = None) -> bool:
        """Return what `published()` would answer for this row as it stands in memory."""
        at = at or clock.now()
        return bool(
            self.published_at and self.published_at <= at and not (self.unpublished_at and self.unpublished_at <= at)
        )

    def state(self, at: datetime | None = None) -> State:
        """Return where the article stands, as `in_state()` would answer for this row."""
        at = at or clock.now()
        if self.published_at is None:
            return State.DRAFT if self.ready_at is None else State.REVIEW
        if self.unpublished_at and self.unpublished_at <= at:
            return State.UNPUBLISHED
        return State.SCHEDULED if self.published_at > at else State.PUBLISHED

    def next_change(self) -> datetime | None:
        """Return the next instant at which this article appears or disappears by itself, or None."""
        now = clock.now()
        return min((at for at in (self.published_at, self.unpublished_at) if at and at > now), default=None)

    @property
    def changed_at(self) -> datetime:
        """When what readers see last changed: an article that was written earlier is as old as its publication."""
        return max(self.published_at or self.modified_at, self.modified_at)

    def was_public(self, at: datetime | None = None) -> bool:
        """Return whether readers have been able to see this article at some time."""
        return bool(self.first_published_at and self.first_published_at <= (at or clock.now()))

    @property
    def reading_minutes(self) -> int:
        """Minutes it takes to read, at 230 words a minute, at least one."""
        return max(1, round(self.word_count / WORDS_PER_MINUTE))
