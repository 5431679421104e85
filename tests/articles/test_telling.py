"""An article's history says what was decided: hours, embargo, section, picture, signature, address."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from articles import publishing
from articles.models import Article, Commenting, Event
from tests.articles.pictures.making import make_picture
from tests.articles.test_admin import ADD, change, filled
from tests.articles.writing import sent
from tests.factories import logged_in, make_article, make_author, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOON, LATER = "20 novembre 2026 à 14\u202fh\u202f00", "20 novembre 2026 à 15\u202fh\u202f00"
KINDS = Event.Kind


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Stop the clock at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


def told(article: Article) -> list[tuple[str, str]]:
    """Return what the history says was done, the first act first."""
    return list(article.events.order_by("pk").values_list("kind", "note"))


def set_and_save(article: Article, **values: object) -> list[tuple[str, str]]:
    """Save an article with other values, and return what its history then says."""
    for name, value in values.items():
        setattr(article, name, value)
    publishing.save(article, by=None)
    return told(article)


@pytest.mark.parametrize(
    ("published", "act", "expected"),
    [
        (None, lambda pk: publishing.publish(article_id=pk), (KINDS.PUBLISHED, "depuis le 20 novembre 2026 à 13\u202fh\u202f00")),
        (None, lambda pk: publishing.publish(article_id=pk, at=NOW + HOUR), (KINDS.SCHEDULED, f"pour le {SOON}")),
        (
            NOW + HOUR,
            lambda pk: publishing.publish(article_id=pk, at=NOW + 2 * HOUR),
            (KINDS.SCHEDULED, f"pour le {LATER}, au lieu du {SOON}"),
        ),
        (NOW + HOUR, lambda pk: publishing.unpublish(article_id=pk), (KINDS.DESCHEDULED, f"il devait paraître le {SOON}")),
        (NOW - HOUR, lambda pk: publishing.unpublish(article_id=pk), (KINDS.UNPUBLISHED, "le 20 novembre 2026 à 13\u202fh\u202f00")),
    ],
)  # fmt: skip
def test_a_step_is_told_with_its_hour(
    published: datetime | None, act: Callable[[int], Article], expected: tuple[str, str]
) -> None:
    article = make_article(published_at=published)
    act(article.pk)
    assert told(article) == [expected]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"published_at": NOW - HOUR}, {"unpublished_at": NOW + HOUR}, (KINDS.DATED, f"dépublication : — → {SOON}")),
        ({"published_at": NOW - HOUR}, {"published_at": None}, (KINDS.UNPUBLISHED, "il redevient un brouillon")),
        (
            {},
            {"published_at": NOW + HOUR, "unpublished_at": NOW + 2 * HOUR},
            (KINDS.SCHEDULED, f"pour le {SOON}, jusqu’au {LATER}"),
        ),
        ({}, {"embargo_until": NOW + HOUR}, (KINDS.EMBARGOED, f"— → {SOON}")),
        ({"embargo_until": NOW + HOUR}, {"embargo_until": None}, (KINDS.EMBARGOED, f"{SOON} → —")),
        ({"slug": "un"}, {"slug": "deux"}, (KINDS.SET, "adresse : un → deux")),
        ({}, {"commenting": Commenting.CLOSED}, (KINDS.SET, "commentaires : selon les règles du journal → fermés")),
    ],
)
def test_what_is_set_is_told_with_what_it_was(
    before: dict[str, object], after: dict[str, object], expected: tuple[str, str]
) -> None:
    assert set_and_save(make_draft(**before), **after) == [expected]


def test_section_and_lead_picture_are_named(editor_client: Client) -> None:
    article = make_draft(section=make_section(name="Monde"))
    picture = make_picture(alternative_text="Un quai " * 30)
    [(kind, note)] = set_and_save(article, section=make_section(name="Sport"), lead_picture=picture)
    assert kind == KINDS.SET
    assert note.startswith("rubrique : Monde → Sport\u202f; image de tête : — → Un quai Un quai")
    assert len(note) < 150
    html = editor_client.get(f"/admin/articles/article/{article.pk}/history/").content.decode()
    assert "Réglages changés" in html
    assert "Monde → Sport" in html


def test_who_signs_is_told_when_it_changes_and_only_then(editor_client: Client, editor: User) -> None:
    anna, zoe = make_author(name="Anna"), make_author(name="Zoé")
    one = {"bylines-TOTAL_FORMS": "1", "bylines-0-author": str(anna.pk), "bylines-0-position": "0"}
    editor_client.post(ADD, filled(section=make_section().pk, **one))
    article = Article.objects.get()
    kept = {"bylines-INITIAL_FORMS": "1", "bylines-0-id": str(article.bylines.get().pk)}
    other = one | kept | {"bylines-TOTAL_FORMS": "2", "bylines-1-author": str(zoe.pk), "bylines-1-position": "1"}
    for values in (one | kept, other):
        editor_client.post(change(article), sent(article, **values) | {"seen_version": ""})
    signed = [
        (note, event.by)
        for event in article.events.order_by("pk")
        if (note := event.note) and event.kind == KINDS.SIGNED
    ]
    assert signed == [("— → Anna", editor), ("Anna → Anna, Zoé", editor)]


def test_a_preview_link_is_told_with_its_end(editor_client: Client, editor: User) -> None:
    article = make_draft()
    editor_client.post(f"/admin/articles/article/{article.pk}/apercu/", {"days": "1"})
    assert told(article) == [(KINDS.PREVIEW_GIVEN, "valable jusqu’au 21 novembre 2026 à 13\u202fh\u202f00")]
    assert article.events.get().by == editor


def test_a_very_long_decision_is_cut_rather_than_refused() -> None:
    article = make_draft(commenting_note="é" * 200)
    publishing.tell_signature(article_id=article.pk, before="W" * 900)
    [(_kind, note)] = told(article)
    assert len(note) == 300


@pytest.mark.parametrize(
    "arguments", [("unpublish",), ("publish",), ("publish", "--at", "2026-12-01 06:00"), ("correct", "Un mot.")]
)
def test_a_command_is_told_under_the_name_of_an_account(arguments: tuple[str, ...]) -> None:
    anne, article = make_user("anne"), make_article()
    if arguments == ("publish",):
        Article.objects.update(unpublished_at=NOW)
    call_command(arguments[0], article.slug, *arguments[1:], "--by", "anne", verbosity=0)
    assert {event.by for event in article.events.all()} == {anne}


@pytest.mark.parametrize("name", ["", "personne", "\x00", "partie", "lectrice"])
def test_only_of_the_newsroom_s_accounts(name: str) -> None:
    make_user("partie", is_active=False)
    User.objects.create_user("lectrice")
    with pytest.raises(CommandError, match="Aucun compte de la rédaction"):
        call_command("publish", make_draft().slug, "--by", name)
    assert not Event.objects.exists()


def test_tags_are_told_when_they_change_and_only_then(editor_client: Client, editor: User) -> None:
    article = make_draft()
    for typed in ("Sel, Eau", "eau,sel", "Eau", ""):
        editor_client.post(change(article), sent(article, tag_names=typed) | {"seen_version": ""})
    tagged = article.events.filter(kind=KINDS.TAGGED, by=editor).order_by("pk")
    assert [event.note for event in tagged] == ["— → Eau, Sel", "Eau, Sel → Eau", "Eau → —"]
    html = editor_client.get(f"/admin/articles/article/{article.pk}/history/").content.decode()
    assert "Thèmes changés" in html
    assert "Eau, Sel → Eau" in html


def test_tags_that_one_saves_over_are_told(editor_client: Client) -> None:
    article = make_draft()
    form = sent(article)
    other = logged_in(make_user("autre", groups=["Rédacteurs"]))
    other.post(change(article), form | {"tag_names": "Sel"})
    mine = form | {"tag_names": "Eau", "seen_version": "", "over_version": str(Article.objects.get().version)}
    assert editor_client.post(change(article), mine).status_code == 302
    assert told(article)[-1] == (KINDS.TAGGED, "Sel → Eau")
