"""What every verb leaves behind: versions, acts, who did them; and that nobody overwrites what they have not seen."""

import pytest

from articles import publishing
from articles.models import Article, Correction, Event, Version
from multitude.append_only import AppendOnlyError
from tests.factories import make_article, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db

KINDS = Event.Kind


def new() -> Article:
    """Return an article that is not stored yet."""
    return Article(headline="Un titre", slug="un-titre", body="<p>Un texte.</p>", section=make_section())


def write(article: Article, headline: str, **values: object) -> Article:
    """Save an article under another title, and return it."""
    article.headline = headline
    return publishing.save(article, **{"by": None} | values)


def numbers(article: Article) -> list[int]:
    """Return the numbers of the versions that are kept, the oldest first."""
    return sorted(article.versions.values_list("number", flat=True))


def test_a_new_article_is_its_first_version_and_says_who_wrote_it() -> None:
    author = make_user("anne")
    article = publishing.save(new(), by=author)
    article.refresh_from_db()
    assert article.version == 1
    event = article.events.get()
    assert (event.kind, event.by, event.version) == (KINDS.CREATED, author, article.versions.get())
    assert article.versions.get().saved_by == author


def test_every_text_that_changes_makes_a_version() -> None:
    article = publishing.save(new(), by=None)
    for name in publishing.TEXTS:
        setattr(article, name, "<p>Autre</p>" if name == "body" else "Autre")
        publishing.save(article, by=None)
        assert getattr(article.versions.first(), name) == getattr(article, name)
    assert numbers(article) == [1, 2, 3, 4, 5, 6]


def test_saving_what_is_there_already_keeps_no_version_and_tells_nothing() -> None:
    article = publishing.save(new(), by=None)
    publishing.save(article, by=None)
    article.refresh_from_db()
    assert (article.version, numbers(article), article.events.count()) == (2, [1], 1)


def test_the_text_that_stood_before_the_first_version_is_kept_too() -> None:
    article = make_article(headline="Avant")
    write(article, "Après")
    assert list(article.versions.values_list("headline", flat=True)) == ["Après", "Avant"]


def test_a_draft_may_be_called_otherwise_in_the_history() -> None:
    article = publishing.save(new(), by=None)
    write(article, "Autre", kind=KINDS.RESTORED)
    assert article.events.first().kind == KINDS.RESTORED


def test_restoring_brings_the_texts_back_as_a_new_version() -> None:
    article = publishing.save(new(), by=None)
    write(article, "Deux")
    by = make_user("anne")
    restored = publishing.restore(article_id=article.pk, number=1, by=by)
    assert (restored.headline, restored.version) == ("Un titre", 3)
    assert numbers(article) == [1, 2, 3]
    event = article.events.first()
    assert (event.kind, event.by, event.note) == (KINDS.RESTORED, by, "version 1")


def test_restoring_changes_neither_dates_nor_address() -> None:
    article = publishing.save(new(), by=None)
    publishing.publish(article_id=article.pk)
    article.refresh_from_db()
    article.slug = "ailleurs"
    write(article, "Deux")
    restored = publishing.restore(article_id=article.pk, number=1)
    assert (restored.slug, restored.published_at) == ("ailleurs", article.published_at)


def test_restoring_what_is_not_there_says_so() -> None:
    article = publishing.save(new(), by=None)
    with pytest.raises(Version.DoesNotExist):
        publishing.restore(article_id=article.pk, number=9)
    with pytest.raises(Article.DoesNotExist):
        publishing.restore(article_id=404, number=1)


@pytest.mark.parametrize("model", [Version, Event])
def test_versions_and_acts_are_never_changed_or_deleted(model: type[Version] | type[Event]) -> None:
    publishing.save(new(), by=None)
    row = model.objects.get()
    for act in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(id=9)):
        with pytest.raises(AppendOnlyError):
            act()


def test_an_article_takes_its_records_with_it() -> None:
    article = publishing.save(new(), by=None)
    write(article, "Deux")
    article.delete()
    assert not Version.objects.exists()
    assert not Event.objects.exists()


# What one has seen ------------------------------------------------------------------------------


def test_a_stale_version_is_refused_and_names_who_was_faster() -> None:
    article = publishing.save(new(), by=None)
    mine, theirs = Article.objects.get(), Article.objects.get()
    write(theirs, "Le leur", by=make_user("anne", first_name="Anne", last_name="Roy"), seen_version=1)
    with pytest.raises(publishing.Overtaken, match="Anne Roy a enregistré cet article entre-temps") as caught:
        write(mine, "Le mien", seen_version=1)
    assert (caught.value.stored.headline, caught.value.last.by.username) == ("Le leur", "anne")
    article.refresh_from_db()
    assert (article.headline, article.version) == ("Le leur", 2)


@pytest.mark.parametrize("seen", [0, 1, 3, -1])
def test_any_version_but_the_present_one_is_stale(seen: int) -> None:
    article = write(publishing.save(new(), by=None), "Deux")
    with pytest.raises(publishing.Overtaken):
        write(article, "Trois", seen_version=seen)


@pytest.mark.parametrize("seen", [None, 2])
def test_the_present_version_and_none_at_all_are_not(seen: int | None) -> None:
    article = write(publishing.save(new(), by=None), "Deux")
    assert write(article, "Trois", seen_version=seen).version == 3


def test_every_verb_makes_what_others_saw_stale() -> None:
    article = publishing.save(new(), by=None)
    publishing.publish(article_id=article.pk)
    with pytest.raises(publishing.Overtaken, match=r"^Une commande a enregistré"):
        write(article, "Deux", seen_version=1)


# Previews, corrections --------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["publish", "unpublish", "revoke_previews"])
def test_publishing_unpublishing_and_revoking_end_every_preview(verb: str) -> None:
    article = make_article() if verb == "unpublish" else make_draft()
    getattr(publishing, verb)(article_id=article.pk)
    assert Article.objects.get().preview_key != article.preview_key


@pytest.mark.parametrize("verb", ["send_for_review", "send_back"])
def test_reading_and_writing_end_none(verb: str) -> None:
    article = make_draft()
    getattr(publishing, verb)(article_id=article.pk)
    write(Article.objects.get(), "Autre")
    assert Article.objects.get().preview_key == article.preview_key


def test_a_row_read_before_brings_no_revoked_preview_back() -> None:
    article = make_draft()
    publishing.revoke_previews(article_id=article.pk)
    key = Article.objects.get().preview_key
    write(article, "Autre")
    assert Article.objects.get().preview_key == key != new().preview_key


def test_revoking_is_told_and_changes_no_version() -> None:
    article, by = publishing.save(new(), by=None), make_user("anne")
    publishing.revoke_previews(article_id=article.pk, by=by)
    event = article.events.first()
    assert (event.kind, event.by) == (KINDS.PREVIEWS_REVOKED, by)
    assert Article.objects.get().version == 1


def test_a_correction_is_told_and_marks_the_article_as_modified() -> None:
    article, by = make_article(), make_user("anne")
    before = article.modified_at
    correction = publishing.correct(article_id=article.pk, body="  Il fallait lire 12.\n", by=by)
    assert (correction.body, correction.by) == ("Il fallait lire 12.", by)
    event = article.events.get()
    assert (event.kind, event.by, event.note) == (KINDS.CORRECTED, by, "Il fallait lire 12.")
    article.refresh_from_db()
    assert article.modified_at > before


def test_a_correction_that_is_sent_twice_is_published_once() -> None:
    article = make_article()
    publishing.correct(article_id=article.pk, body="Il fallait lire 12.")
    with pytest.raises(publishing.PublishingRefused, match="est déjà sous l’article"):
        publishing.correct(article_id=article.pk, body=" Il fallait lire 12.\n")
    assert (Correction.objects.count(), article.events.count()) == (1, 1)
    publishing.correct(article_id=make_article().pk, body="Il fallait lire 12.")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [("", "Écrivez"), (" \n\x00", "Écrivez"), ("a" * 1_001, "dépasse 1 000 caractères")],
)
def test_a_correction_that_says_nothing_or_too_much_is_refused(body: str, sentence: str) -> None:
    article = make_article()
    with pytest.raises(publishing.PublishingRefused, match=sentence):
        publishing.correct(article_id=article.pk, body=body)
    assert not Correction.objects.exists()
    assert not article.events.exists()


def test_the_longest_correction_is_taken() -> None:
    assert len(publishing.correct(article_id=make_article().pk, body="a" * 1_000).body) == 1_000
