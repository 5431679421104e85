"""A small newspaper with one row of each kind, so that every address leads somewhere."""

from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site

from comments.models import BlockedTerm
from tests.articles.pictures.making import make_picture
from tests.factories import (
    make_approved,
    make_article,
    make_author,
    make_charter,
    make_comment,
    make_draft,
    make_section,
    make_tag,
)


def write() -> None:
    """Write one row of each kind."""
    make_charter()
    author = make_author(name="Zoé Étienne", slug="zoe-etienne")
    picture = make_picture(made=True)
    article = make_article(section=make_section(), authors=[author], tags=[make_tag()], lead_picture=picture)
    make_draft(authors=[author])
    first = make_approved(article)
    make_approved(article, parent=first)
    make_comment(article)
    BlockedTerm.objects.create(value="loterie", key="loterie")
    Redirect.objects.create(site=Site.objects.get_current(), old_path="/ancien/", new_path="/nouveau/")
