"""What joins articles to those who sign them, and to what they are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.frame import Author, Tag


class BylineManager(models.Manager["Byline"]):
    """Finds a byline by its article and its author."""

    def get_by_natural_key(self, article: str, author: str) -> "Byline":
        """Return the byline that joins the two slugs, the article's present one or a former."""
        try:
            return self.get(article=Article.objects.get_by_natural_key(article), author__slug=author)
        except Article.DoesNotExist as error:
            raise Byline.DoesNotExist from error


class Byline(models.Model):
    """One author's place in the signature of an article.

    `published_at` repeats the article's, so that an index has an author's newest articles first; it hides and shows nothing.
    """

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="bylines")
    author = models.ForeignKey(Author, models.PROTECT, verbose_name=_("auteur"), related_name="bylines")
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = BylineManager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="byline_once",
                violation_error_message=_("Cet auteur signe déjà l’article."),
            )
        ]
        indexes = [models.Index(fields=["author", "-published_at", "-article"], name="byline_newest")]

    def __str__(self) -> str:
        return self.author.name

    def natural_key(self) -> tuple[str, str]:
        """Return the slugs of the article and of the author."""
        return self.article.slug, self.author.slug

    natural_key.dependencies = ["articles.article", "articles.author"]  # type: ignore[attr-defined]


class TaggingManager(models.Manager["Tagging"]):
    """Finds a tagging by its article and its tag."""

    def get_by_natural_key(self, article: str, tag: str) -> "Tagging":
        """Return the tagging that joins the two slugs, the article's present one or a former."""
        try:
            return self.get(article=Article.objects.get_by_natural_key(article), tag__slug=tag)
        except Article.DoesNotExist as error:
            raise Tagging.DoesNotExist from error


class Tagging(models.Model):
    """One tag of an article; `published_at` repeats the article's, as a byline does."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    published_at = models.DateTimeField(null=True, editable=False)

    objects = TaggingManager()

    class Meta:
        verbose_name = _("thème de l’article")
        verbose_name_plural = _("thèmes de l’article")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "tag"], name="tagging_once")]
        indexes = [models.Index(fields=["tag", "-published_at", "-article"], name="tagging_newest")]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.tag_id}"

    def natural_key(self) -> tuple[str, str]:
        """Return the slugs of the article and of the tag."""
        return self.article.slug, self.tag.slug

    natural_key.dependencies = ["articles.article", "articles.tag"]  # type: ignore[attr-defined]
