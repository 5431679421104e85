"""What the commands that act on one article share: how it is named, and how a refusal is told."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles import naming
from articles.models import Article
from articles.publishing import PublishingRefused


class ArticleCommand(BaseCommand):
    """Acts on the article that its first argument names, by a verb of `articles.publishing`."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the article."""
        parser.add_argument("address", metavar="ADRESSE", help=_("numéro, dernier mot ou adresse de la page"))
        parser.add_argument("--by", metavar="COMPTE", help=_("compte sous le nom duquel l’historique le note"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is asked, or say why it is not done."""
        article = naming.articles(options["address"].replace("\x00", "")).first()
        if article is None:
            raise CommandError(_("Aucun article ne répond à « %(address)s ».") % {"address": options["address"]})
        try:
            said = self.act(article, options, self._account(options["by"]))
        except PublishingRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{article.headline}\n{article.get_absolute_url()}\n{said}")

    def _account(self, name: str | None) -> User | None:
        """Return the account that is named, None where none is."""
        if name is None:
            return None
        found = User.objects.filter(username=name.replace("\x00", ""), is_staff=True, is_active=True).first()
        if found is None:
            raise CommandError(_("Aucun compte de la rédaction ne s’appelle « %(name)s ».") % {"name": name})
        return found

    def act(self, article: Article, options: dict[str, Any], by: User | None) -> str:
        """Call the verb, and return what is to be said of it."""
        raise NotImplementedError
