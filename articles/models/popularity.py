"""What readers make of articles: the day's tallies, and the stored rankings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


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
