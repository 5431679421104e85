"""The verbs of publication, called by every door: admin, and the commands.

Each locks the article, writes it, numbers the version, and tells in its history who did what, in one transaction.
Publication in the future needs nothing to run when its hour comes: what is public is a query on time,
`Article.objects.published()`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import addresses, figures, locks, pictures, previews, rendering, standing, telling
from articles.models import (
    CORRECTION_LENGTH,
    EMBARGO_HOLDS,
    NOTE_LENGTH,
    Article,
    Byline,
    Correction,
    Event,
    FormerAddress,
    State,
    Version,
    new_preview_key,
)
from multitude import clock, typography
from multitude.people import name_of
from multitude.transactions import act

Kind = Event.Kind
_ENDING_PREVIEWS = {Kind.PUBLISHED, Kind.SCHEDULED, Kind.UNPUBLISHED, Kind.DESCHEDULED}
TEXTS = ("kicker", "headline", "standfirst", "body", "footnote")
# Acts on who may read an article, not on the article.
_CHANGES_NOTHING = (Kind.PREVIEW_GIVEN, Kind.PREVIEWS_REVOKED)
_TAKEN = gettext_lazy("Un autre article a, ou avait, cette adresse : elle mène à lui.")


class PublishingRefused(Exception):
    """Nothing was done; the text says why, in French."""


class Embargoed(PublishingRefused):
    """The article would appear before the end of its embargo."""


class AddressTaken(PublishingRefused):
    """Another article has, or had, that address."""


class NotPublic(PublishingRefused):
    """Only what readers have seen is corrected."""


class Overtaken(PublishingRefused):
    """Somebody saved the article meanwhile; `stored` is what stands now, `last` the act that made it so."""

    def __init__(self, stored: Article) -> None:
        last = stored.events.select_related("by").exclude(kind__in=_CHANGES_NOTHING).first()
        self.stored, self.last = stored, last
        who = name_of(last.by) if last and last.by else _("Une commande")
        at = timezone.localtime(last.at if last else stored.modified_at)
        super().__init__(
            _(
                "%(who)s a enregistré cet article entre-temps, le %(day)s à %(hour)s. Rien de ce que vous avez écrit n’est perdu."
            )
            % {"who": who, "day": f"{at:%d/%m/%Y}", "hour": f"{at:%H:%M}"}
        )


class AlreadyWritten(Exception):
    """The form that is sent has made an article already, `article`: it was sent twice."""

    def __init__(self, article: Article) -> None:
        self.article = article
        super().__init__(article.headline)


@act()
def save(article: Article, *, by: User | None, seen_version: int | None = None, kind: Kind = Kind.SAVED) -> Article:
    """Store an article as it stands in memory, new or changed, and return it.

    `seen_version` is the version on which its changes are based; None bases them on whatever is stored. `kind` says how
    the history calls a change of its texts. Raises Overtaken, Embargoed, AddressTaken or AlreadyWritten.
    """
    leaves = not article.is_published() and Article.objects.published().filter(pk=article.pk).exists()
    locks.hold(article.pk, naming=rendering.pictures_named(article), leaves=leaves)
    stored = None if article._state.adding else Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    if stored is not None:
        _check_seen(stored, seen_version)
        article.preview_key = stored.preview_key
        _keep_fractions(article, stored)
    return _write(article, stored, by, kind)


def made_by(form_key: str) -> Article | None:
    """Return the article that a form has made, None where it has made none or has no key."""
    return Article.objects.filter(form_key=form_key).first() if form_key else None


@act()
def publish(*, article_id: int, at: datetime | None = None, by: User | None = None) -> Article:
    """Make an article public, now or at a given instant, and return it.

    An article that was withdrawn comes back under its first date, unless `at` says otherwise.
    Raises Article.DoesNotExist, or Embargoed.
    """
    article, stored = _locked(article_id, leaves=at is not None and at > clock.now())
    now = clock.now()
    if at is not None:
        article.published_at = at
    elif article.published_at is None or article.published_at > now:
        article.published_at = now
    article.unpublished_at = None
    return _write(article, stored, by)


@act()
def unpublish(*, article_id: int, by: User | None = None) -> Article:
    """Withdraw an article from the public, from now on, and return it.

    An article that is not yet public becomes a draft again. Raises Article.DoesNotExist.
    """
    article, stored = _locked(article_id, leaves=True)
    now = clock.now()
    if article.is_published(now):
        article.unpublished_at = now
    elif article.published_at and article.published_at > now:
        article.published_at = article.unpublished_at = None
    return _write(article, stored, by)


@act()
def see_off(*, article_id: int) -> None:
    """Do what is left to be done once an article's own hour of unpublication has come. Raises Article.DoesNotExist."""
    article, _stored = _locked(article_id, leaves=True)
    if article.state() == State.UNPUBLISHED:
        Event.objects.create(article=article, kind=Kind.UNPUBLISHED, note=_("à son heure"))
        _end_previews(article)
        pictures.withdraw(article)


@act()
def send_for_review(*, article_id: int, by: User | None = None) -> Article:
    """Tell the editors that a draft is ready to be read, and return it; an article that has a date stays as it is."""
    article, stored = _locked(article_id)
    if article.state() == State.DRAFT:
        article.ready_at = clock.now()
    return _write(article, stored, by)


@act()
def send_back(*, article_id: int, by: User | None = None, note: str = "") -> Article:
    """Give an article that waits to be read back to who wrote it, with a note, and return it."""
    article, stored = _locked(article_id)
    article.ready_at = None
    return _write(article, stored, by, note=note)


@act()
def restore(*, article_id: int, number: int, by: User | None = None, seen_version: int | None = None) -> Article:
    """Give an article the texts of one of its versions, as a new version, and return it.

    `seen_version` is the version that one wants to replace; None replaces whatever is stored. Raises
    Article.DoesNotExist, Version.DoesNotExist or Overtaken.
    """
    version = Version.objects.filter(article=article_id, number=number).first()
    article, stored = _locked(article_id, naming=figures.keys_in(version.body) if version else ())
    _check_seen(stored, seen_version)
    if version is None:
        raise Version.DoesNotExist
    for name in TEXTS:
        setattr(article, name, getattr(version, name))
    return _write(article, stored, by, Kind.RESTORED, note=_("version %(number)s") % {"number": number})


@act()
def correct(*, article_id: int, body: str, by: User | None = None) -> Correction:
    """Publish a dated notice of what was wrong in an article, and return it.

    Raises Article.DoesNotExist, NotPublic, or PublishingRefused where the notice is empty, too long or there already.
    """
    article, stored = _locked(article_id)
    body = typography.printable(body).strip()
    if not article.was_public():
        raise NotPublic(_("Cet article n’a jamais été en ligne : corrigez-le sans rectificatif."))
    if not body:
        raise PublishingRefused(_("Écrivez ce qui est rectifié."))
    if len(body) > CORRECTION_LENGTH:
        raise PublishingRefused(_("Le rectificatif dépasse 1 000 caractères."))
    if article.corrections.filter(body=body).exists():
        raise PublishingRefused(_("Ce rectificatif est déjà sous l’article."))
    correction = Correction.objects.create(article=article, body=body, by=by)
    article = _write(article, stored, by)
    Event.objects.create(article=article, kind=Kind.CORRECTED, by=by, note=telling.short(body, NOTE_LENGTH))
    return correction


@act()
def tell_signature(*, article_id: int, before: str, by: User | None = None) -> None:
    """Tell in an article's history who signs it now, where `before` names others; the bylines are stored already."""
    names = signed_by(article_id)
    if names != before:
        note = telling.names(before, names)
        Event.objects.create(article_id=article_id, kind=Kind.SIGNED, by=by, note=note)


def signed_by(article_id: int) -> str:
    """Name those who sign an article, in their order."""
    return ", ".join(Byline.objects.filter(article=article_id).values_list("author__name", flat=True))


@act()
def give_preview(*, article_id: int, lifetime: timedelta, by: User | None = None) -> previews.Link:
    """Return a new link to an article that readers do not see yet, good for a time from now.

    Raises Article.DoesNotExist, or PublishingRefused where readers see it.
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    if article.is_published():
        raise PublishingRefused(_("Cet article est en ligne : son adresse suffit."))
    link = previews.link(article, lifetime)
    until = _("valable jusqu’au %(instant)s") % {"instant": standing.instant_label(link.expires_at)}
    Event.objects.create(article=article, kind=Kind.PREVIEW_GIVEN, by=by, note=until)
    return link


@act()
def revoke_previews(*, article_id: int, by: User | None = None) -> Article:
    """Have every preview link that was given of an article lead nowhere, and return it."""
    article, _stored = _locked(article_id)
    _end_previews(article)
    Event.objects.create(article=article, kind=Kind.PREVIEWS_REVOKED, by=by)
    return article


def _locked(article_id: int, *, naming: Iterable[int] = (), leaves: bool = False) -> tuple[Article, Article]:
    """Return an article to change, locked after its pictures, and the same as it is stored."""
    locks.hold(article_id, naming=naming, leaves=leaves)
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    return article, Article.objects.get(pk=article_id)


def _check_seen(stored: Article, seen_version: int | None) -> None:
    """Raise Overtaken where what is stored is no longer what somebody saw."""
    if seen_version not in {None, stored.version}:
        raise Overtaken(stored)


def _keep_fractions(article: Article, stored: Article) -> None:
    """Give dates that a form left alone the fractions of a second that it does not show."""
    for name in ("unpublished_at", "published_at"):
        was: datetime | None = getattr(stored, name)
        if was and getattr(article, name) == was.replace(microsecond=0):
            setattr(article, name, was)
    left = article.unpublished_at
    if left and article.published_at and left < article.published_at == stored.published_at:
        article.published_at = article.published_at.replace(microsecond=0)


def _write(
    article: Article, stored: Article | None, by: User | None, kind: Kind = Kind.SAVED, *, note: str = ""
) -> Article:
    """Write an article over what is stored, and tell in its history in what it differs."""
    if (stored is None or article.slug != stored.slug) and addresses.is_taken(article.slug, article.pk):
        raise AddressTaken(_TAKEN)
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError as error:
        if EMBARGO_HOLDS in str(error):
            raise _embargoed(article) from error
        if stored is None and (made := made_by(article.form_key)):
            raise AlreadyWritten(made) from error
        if Article.objects.filter(slug=article.slug).exclude(pk=article.pk).exists():
            raise AddressTaken(_TAKEN) from error
        raise
    article.version = (stored.version if stored else 0) + 1
    Article.objects.filter(pk=article.pk).update(version=F("version") + 1)
    if stored is None or _differ(article, stored):
        what = Kind.CREATED if stored is None else kind
        version = _keep(article, stored, by)
        Event.objects.create(article=article, kind=what, by=by, note=note, version=version)
    told = dict(telling.acts(article, stored))
    for each, decided in told.items():
        said = telling.short(decided or note, NOTE_LENGTH)
        Event.objects.create(article=article, kind=each, by=by, note=said)
    if stored is not None and Kind.RENAMED in told:
        _leave(stored.slug, article)
    if _ENDING_PREVIEWS & told.keys():
        _end_previews(article)
    if stored is not None and stored.is_published() and not article.is_published():
        pictures.withdraw(article)
    return article


def _embargoed(article: Article) -> Embargoed:
    at = timezone.localtime(article.embargo_until)
    until = {"day": f"{at:%d/%m/%Y}", "hour": f"{at:%H:%M}"}
    return Embargoed(_("L’article est sous embargo jusqu’au %(day)s à %(hour)s.") % until)


def _keep(article: Article, stored: Article | None, by: User | None) -> Version:
    """Keep the texts as a version, and first those that stood before if the last version has others, or there is none."""
    if stored is not None and ((last := stored.versions.first()) is None or _differ(last, stored)):
        _version(stored, stored.version, None, stored.modified_at)
    return _version(article, article.version, by, clock.now())


def _differ(one: Article | Version, other: Article) -> bool:
    """Return whether one text at least is not the same."""
    return any(getattr(one, name) != getattr(other, name) for name in TEXTS)


def _version(article: Article, number: int, by: User | None, at: datetime) -> Version:
    texts = {name: getattr(article, name) for name in TEXTS}
    return Version.objects.create(article=article, number=number, saved_by=by, saved_at=at, **texts)


def _leave(slug: str, article: Article) -> None:
    """Have a former address lead to the article; one that it takes up again is a former one no longer."""
    FormerAddress.objects.filter(slug=article.slug).delete()
    FormerAddress.objects.get_or_create(slug=slug, defaults={"article": article})


def _end_previews(article: Article) -> None:
    article.preview_key = new_preview_key()
    Article.objects.filter(pk=article.pk).update(preview_key=article.preview_key)
