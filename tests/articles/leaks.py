"""What must not leak, and every public address at which it could: add a secret or an address here, and all is walked anew.

`plant()` stores an article that says a word of its own in each of its parts, with all that hangs on it; `HIDING` takes it
out of the readers' sight in each possible way; `ADDRESSES` names the paths of every public route of the site.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from articles import figures, freshness, frontpage, popularity, previews, publishing
from articles.models import Article, State
from comments.models import Comment
from tests.articles.pictures.making import make_picture
from tests.factories import make_approved, make_article, make_author, make_comment, make_draft, make_section, make_tag

HOUR = timedelta(hours=1)

# One word for each part of the secret: a page that shows it says the word.
SECRETS = {
    "headline": "Ornithorynque",
    "kicker": "Échidné",
    "standfirst": "Wombat",
    "body": "Quokka",
    "footnote": "Bilby",
    "author": "Numbat",
    "comment": "Dugong",
    "name": "Casoar",
    "correction": "Kookaburra",
    "picture": "Wallaby",
    "address": "/articles/secret/",
    "former address": "/articles/ancien-secret/",
    "author's address": "/auteurs/numbat/",
    "biography": "Thylacine",
    "portrait": "Potoroo",
    "tag": "Bandicoot",
    "tag's address": "/themes/bandicoot/",
}
# What a public page does not show while all is public.
NEVER_SHOWN = {"former address"}
# Whoever holds the key of a comment is shown that comment.
ITS_OWN = {"comments:follow_up": {"comment", "name"}}

PERIODS = ("jour", "semaine", "mois", "toujours")
ADDRESSES = {
    "health": ["/sante/"],
    "articles:front_page": ["/"],
    "articles:article": [
        "/articles/visible/",
        "/articles/secret/",
        "/articles/secret/?page=1",
        "/articles/secret/?page=2",
        "/articles/ancien-secret/",
    ],
    "articles:section": ["/rubriques/idees/", "/rubriques/idees/?page=1", "/rubriques/idees/?page=2"],
    "articles:section_feed": ["/rubriques/idees/flux/"],
    "articles:section_rss": ["/rubriques/idees/flux/rss/"],
    "articles:author": ["/auteurs/elle/", "/auteurs/numbat/", "/auteurs/numbat/?page=1"],
    "articles:tag": ["/themes/eau/", "/themes/eau/?page=1", "/themes/bandicoot/", "/themes/bandicoot/?page=1"],
    "articles:archive": ["/archives/"],
    "articles:archive_month": ["/archives/2026/11/", "/archives/2026/11/?page=1", "/archives/2026/12/"],
    "articles:author_feed": ["/auteurs/elle/flux/", "/auteurs/numbat/flux/"],
    "articles:author_rss": ["/auteurs/elle/flux/rss/", "/auteurs/numbat/flux/rss/"],
    "articles:most_read": ["/classements/lus/", *(f"/classements/lus/?periode={one}" for one in PERIODS)],
    "articles:most_commented": [
        "/classements/commentes/",
        *(f"/classements/commentes/?periode={one}" for one in PERIODS),
    ],
    "articles:feed": ["/flux/"],
    "articles:search": [
        "/recherche/",
        "/recherche/?page=1",
        *(f"/recherche/?q={word}" for word in ("ornithorynque", "echidne", "wombat", "quokka", "numbat", "titre")),
        "/recherche/?rubrique=idees&q=ornithorynque",
        "/recherche/?periode=an&q=ornithorynque",
    ],
    "articles:rss": ["/flux/rss/"],
    "articles:corrections": ["/rectificatifs/", "/rectificatifs/?page=1", "/rectificatifs/?page=2"],
    "articles:sitemap": ["/sitemap.xml"],
    "articles:sitemap_articles": ["{sitemap}"],
    "articles:sitemap_sections": ["/sitemap-rubriques.xml"],
    "articles:sitemap_authors": ["/sitemap-auteurs.xml"],
    "articles:sitemap_tags": ["/sitemap-themes.xml"],
    "articles:sitemap_archives": ["/sitemap-archives.xml"],
    "articles:sitemap_news": ["/sitemap-actualites.xml"],
    "articles:preview": ["{preview}", "/apercu/faux/"],
    "articles:picture_file": ["{picture}", "{shared}", "{portrait}"],
    "articles:record_view": ["/vues/{secret.pk}/"],
    "comments:submit": [
        "/articles/secret/commentaires/",
        "/articles/secret/commentaires/?parent={comment.pk}",
        "/articles/visible/commentaires/?parent={comment.pk}",
    ],
    "comments:feed": ["/articles/secret/flux/", "/articles/visible/flux/", "/articles/ancien-secret/flux/"],
    "comments:rss": ["/articles/secret/flux/rss/", "/articles/visible/flux/rss/", "/articles/ancien-secret/flux/rss/"],
    "comments:follow_up": ["/commentaires/{comment.follow_up_key}/", "/commentaires/{waiting.follow_up_key}/"],
    "comments:charter": ["/charte/"],
    "comments:charter_version": ["/charte/1/"],
    "legal_notice": ["/mentions-legales/"],
    "privacy": ["/confidentialite/"],
    "accessibility": ["/accessibilite/"],
    "contact": ["/contact/"],
    "robots": ["/robots.txt"],
    "security": ["/.well-known/security.txt"],
    "favicon": ["/favicon.ico"],
}
# Routes at which something is named by a word: while it is not public, its address is as one that nobody has.
NAMING = (
    "articles:article",
    "articles:author",
    "articles:author_feed",
    "articles:author_rss",
    "articles:tag",
    "comments:feed",
    "comments:rss",
    "comments:submit",
)
# What a reader has seen at an address that is no longer public says so there, and takes no comment.
_GONE = ("articles:article", "comments:submit")
# The newsroom's own, for who has no account.
CLOSED = [
    "/admin/articles/article/{secret.pk}/change/",
    "/admin/articles/article/{secret.pk}/programmer/",
    "/admin/articles/article/{secret.pk}/apercu/",
    "/admin/articles/article/{secret.pk}/history/",
    "/admin/articles/picture/choisir/?q=Walla",
    "/admin/articles/tag/choisir/?q=Bandi",
    "/admin/articles/article/?q=Ornitho",
    "/admin/articles/frontplace/?q=Ornitho",
    "/admin/autocomplete/?term=Ornitho&app_label=articles&model_name=byline&field_name=author",
    "/admin/comments/comment/{comment.pk}/change/",
]


@dataclass(frozen=True)
class Planted:
    """What was stored: the secret, a comment on it and one that waits, files that show it, and a link to another's preview."""

    secret: Article
    comment: Comment
    waiting: Comment
    picture: str
    shared: str
    portrait: str
    sitemap: str
    preview: str

    def paths(self, route: str) -> list[str]:
        """Return the paths of a route."""
        return [path.format(**vars(self)) for path in ADDRESSES[route]]


def twins(planted: Planted) -> Iterator[tuple[str, str]]:
    """Yield the paths at which the secret is named but not public, each with one of the same form that nobody has."""
    gone = _GONE if planted.secret.was_public() else ()
    for route in NAMING:
        for path in () if route in gone else planted.paths(route):
            twin = re.sub("secret|numbat|bandicoot", "inconnu", path)
            if twin != path:
                yield path, twin


def plant() -> Planted:
    """Store the secret, public for now, wherever an article can stand."""
    section, author = make_section(slug="idees"), make_author(slug="elle")
    tag = make_tag(slug="eau")
    make_article(slug="visible", section=section, authors=[author], tags=[tag])
    numbat = make_author(
        slug="numbat",
        name=SECRETS["author"],
        biography=SECRETS["biography"],
        portrait=make_picture(alternative_text=SECRETS["portrait"]),
    )
    secret = make_article(
        slug="ancien-secret",
        headline=f"{SECRETS['headline']} titre",
        kicker=SECRETS["kicker"],
        standfirst=f"{SECRETS['standfirst']} chapô",
        body=f"<p>{SECRETS['body']}</p>",
        footnote=SECRETS["footnote"],
        section=section,
        authors=[author, numbat],
        tags=[tag, make_tag(SECRETS["tag"], slug="bandicoot")],
        lead_picture=make_picture(alternative_text=SECRETS["picture"], made=True),
        published_at=timezone.now() - HOUR,
    )
    secret.slug = "secret"
    publishing.save(secret, by=None)
    publishing.correct(article_id=secret.pk, body=SECRETS["correction"])
    comment = make_approved(secret, body=SECRETS["comment"], author_name=SECRETS["name"])
    waiting = make_comment(secret, body=SECRETS["comment"], author_name=SECRETS["name"], parent=comment)
    today = popularity.day_of(timezone.now())
    popularity.count(article_id=secret.pk, day=today, views=99, comments=99)
    popularity.refresh_rankings()
    frontpage.arrange([secret.pk], seen=[])
    secret.refresh_from_db()
    preview = previews.link(make_draft(section=section, authors=[author]), HOUR)
    sitemap = f"/sitemap-articles-{freshness.sitemap(secret.pk).partition(':')[2]}.xml"
    picture, shared = (secret.lead_data[name]["address"] for name in ("whole", "shared"))
    portrait = figures.plain_address(numbat.portrait)
    return Planted(secret, comment, waiting, picture, shared, portrait, sitemap, preview.path)


def _dated(
    state: State,
    *,
    published_at: datetime | None = None,
    unpublished_at: datetime | None = None,
    first: datetime | None = None,
    **values: object,
) -> Callable[[Article], None]:
    def hide(article: Article) -> None:
        dates = {"published_at": published_at, "unpublished_at": unpublished_at, "first_published_at": first}
        Article.objects.filter(pk=article.pk).update(**dates, **values)
        article.refresh_from_db()
        assert article.state() == state

    return hide


def _withdrawn(article: Article) -> None:
    publishing.unpublish(article_id=article.pk)


def _returning(article: Article) -> None:
    publishing.unpublish(article_id=article.pk)
    publishing.publish(article_id=article.pk, at=timezone.now() + HOUR)


def _leaving(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(unpublished_at=timezone.now())


def hiding(now: datetime) -> dict[str, Callable[[Article], None]]:
    """Return each way in which an article is out of the readers' sight."""
    later = now + HOUR
    return {
        "draft": _dated(State.DRAFT),
        "in review": _dated(State.REVIEW, ready_at=now),
        "under embargo": _dated(State.DRAFT, embargo_until=later),
        "scheduled": _dated(State.SCHEDULED, published_at=later, first=later),
        "scheduled under embargo": _dated(State.SCHEDULED, published_at=later, first=later, embargo_until=later),
        "withdrawn": _withdrawn,
        "withdrawn at this very instant": _leaving,
        "withdrawn, to return": _returning,
    }


def public_routes() -> dict[str, Callable[..., object]]:
    """Return the view of every route of the site that is not the newsroom's, by its name."""
    return dict(_routes(get_resolver(), ""))


def _routes(resolver: URLResolver, space: str) -> Iterator[tuple[str, Callable[..., object]]]:
    for pattern in resolver.url_patterns:
        if str(pattern.pattern).startswith("admin/"):
            continue
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern.callback
        else:
            yield from _routes(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def told(client: Client, path: str) -> set[str]:
    """Return which secrets the answers at a path tell, in their text or in their headers, but for the path itself."""
    found = set()
    for response in (
        client.get(path),
        client.post(path, {"body": "Un avis.", "author_name": "A", "author_email": "a@b.fr"}),
    ):
        headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
        answer = f"{headers}\n{response.content.decode(errors='replace')}".replace(path.partition("?")[0], "")
        found |= {name for name, word in SECRETS.items() if word in answer}
        if "image/" in response["Content-Type"] and path != "/favicon.ico":
            found.add("picture")
    return found
