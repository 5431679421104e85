"""An article's way through the newsroom: the buttons under its form, and the pages that ask first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from articles import publishing
from articles.desk import steps
from articles.models import Article, Event, State
from tests.articles.desk import press, said, step
from tests.articles.test_admin import ADD, change, filled
from tests.factories import make_article, make_draft, make_section

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; a test may move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def in_state(state: State, **values: Any) -> Article:
    """Return an article in a state."""
    match state:
        case State.DRAFT:
            return make_draft(**values)
        case State.REVIEW:
            return make_draft(ready_at=NOW - HOUR, **values)
        case State.SCHEDULED:
            return make_article(published_at=NOW + HOUR, **values)
        case State.PUBLISHED:
            return make_article(**values)
        case State.UNPUBLISHED:
            return make_article(unpublished_at=NOW - HOUR, **values)


def state_of(article: Article) -> State:
    """Return where the article stands in the database."""
    article.refresh_from_db()
    return article.state()


BUTTONS = {
    State.DRAFT: ["_publish", "_schedule", "_review"],
    State.REVIEW: ["_publish", "_schedule", "_send_back"],
    State.SCHEDULED: ["_publish", "_schedule", "_unpublish"],
    State.PUBLISHED: ["_unpublish"],
    State.UNPUBLISHED: ["_publish", "_schedule"],
}


@pytest.mark.parametrize("state", State)
def test_the_page_offers_what_leads_on_from_there(editor_client: Client, state: State) -> None:
    response = editor_client.get(change(in_state(state)))
    assert [name for name, _label in response.context["steps"]] == BUTTONS[state]


@pytest.mark.parametrize("state", State)
def test_what_waits_to_be_read_leads_to_the_others_that_do(editor_client: Client, state: State) -> None:
    html = editor_client.get(change(in_state(state))).content.decode()
    assert ("Tous les articles à relire" in html) == (state == State.REVIEW)


def test_the_first_button_of_the_form_only_saves(editor_client: Client) -> None:
    """Enter in a field presses the first one."""
    html = editor_client.get(change(make_draft())).content.decode()
    assert 0 < html.index('name="_save"') < html.index('name="_publish"')


@pytest.mark.parametrize(
    ("state", "button", "then", "words"),
    [
        (State.DRAFT, "_review", State.REVIEW, "À relire"),
        (State.DRAFT, "_publish", State.PUBLISHED, "En ligne depuis le 20 novembre 2026 à 13\u202fh\u202f00."),
        (State.REVIEW, "_publish", State.PUBLISHED, "En ligne"),
        (State.SCHEDULED, "_publish", State.PUBLISHED, "En ligne"),
        (State.UNPUBLISHED, "_publish", State.PUBLISHED, "En ligne depuis le 18 novembre 2026"),
    ],
)
def test_a_button_takes_its_step_and_says_what_happened(
    editor_client: Client, editor: User, state: State, button: str, then: State, words: str
) -> None:
    article = in_state(state)
    response = press(editor_client, article, button)
    assert words in said(response)
    assert state_of(article) == then
    assert article.events.first().by == editor


def test_a_button_saves_what_was_typed_first(editor_client: Client) -> None:
    article = make_draft()
    press(editor_client, article, "_publish", headline="Un titre tapé à la dernière seconde")
    assert state_of(article) == State.PUBLISHED
    assert article.headline == "Un titre tapé à la dernière seconde"
    assert {Event.Kind.SAVED, Event.Kind.PUBLISHED} <= set(article.events.values_list("kind", flat=True))


def test_a_new_article_is_sent_for_review_as_it_is_saved(editor_client: Client) -> None:
    response = editor_client.post(ADD, filled(section=make_section().pk, _review="1"), follow=True)
    assert "À relire" in said(response)
    assert Article.objects.get().state() == State.REVIEW


def test_a_refused_form_says_where_the_article_stands_as_it_is_stored(editor_client: Client) -> None:
    article = make_article(headline="En ligne")
    emptied = {"published_at_0": "", "published_at_1": ""}
    response = editor_client.post(change(article), filled(article, headline="x" * 120) | emptied)
    html = response.content.decode()
    assert "En ligne depuis le 18 novembre 2026" in html
    assert f'href="{article.get_absolute_url()}"' in html
    assert [name for name, _label in response.context["steps"]] == BUTTONS[State.PUBLISHED]
    assert str(response.context["subtitle"]) == "En ligne"


@pytest.mark.parametrize("button", ["_publish", "_schedule", "_unpublish"])
def test_a_form_with_an_error_takes_no_step(editor_client: Client, button: str) -> None:
    article = make_draft()
    response = press(editor_client, article, button, headline="", standfirst="Un chapô qui reste")
    assert "Un chapô qui reste" in response.content.decode()
    assert state_of(article) == State.DRAFT


def test_a_button_of_a_page_that_is_out_of_date_changes_nothing_else(editor_client: Client) -> None:
    article = make_draft()
    html = filled(article, _review="1", headline="Tapé")
    publishing.publish(article_id=article.pk)
    article.refresh_from_db()
    html |= {name: value for name, value in filled(article).items() if name.startswith("published_at")}
    response = editor_client.post(change(article), html, follow=True)
    assert "Rien n’a changé. En ligne" in said(response)
    assert state_of(article) == State.PUBLISHED
    assert article.headline == "Tapé"


@pytest.mark.parametrize(("button", "word"), [("_schedule", "programmer"), ("_send_back", "rendre")])
def test_a_step_that_asks_leads_to_its_page_and_saves_before(editor_client: Client, button: str, word: str) -> None:
    article = in_state(State.REVIEW)
    response = press(editor_client, article, button, headline="Tapé")
    assert response.request["PATH_INFO"] == step(article, word)
    assert state_of(article) == State.REVIEW
    assert article.headline == "Tapé"


def test_an_article_is_scheduled_in_paris(editor_client: Client, clock: time_machine.Traveller) -> None:
    article = make_draft()
    response = editor_client.post(step(article, "programmer"), {"at": "2026-12-01T06:00"}, follow=True)
    assert "Programmé pour le 1er décembre 2026 à 6\u202fh\u202f00" in said(response)
    article.refresh_from_db()
    assert article.published_at == datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert Client().get(article.get_absolute_url()).status_code == 404
    clock.move_to(datetime(2026, 12, 1, 5, 0, 1, tzinfo=UTC))
    assert Client().get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("", "Indiquez le jour et l’heure."),
        ("2026-11-20T13:00", "Cette heure est passée"),
        ("0001-01-01T00:00", "Cette heure est passée"),
        ("2027-03-28T02:30", "Europe/Paris"),
        ("demain", "pas lisible"),
        ("9" * 5_000, "pas lisible"),
    ],
)
def test_an_hour_that_cannot_be_is_refused_and_kept(editor_client: Client, at: str, words: str) -> None:
    article = make_draft()
    response = editor_client.post(step(article, "programmer"), {"at": at})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert f'value="{at}"' in response.content.decode() or not at
    assert state_of(article) == State.DRAFT


def test_the_hour_that_is_proposed_is_the_end_of_the_embargo(editor_client: Client) -> None:
    article = make_draft(embargo_until=datetime(2026, 11, 30, 5, tzinfo=UTC))
    html = editor_client.get(step(article, "programmer")).content.decode()
    assert 'value="2026-11-30T06:00"' in html
    assert "Sous embargo jusqu’au 30 novembre 2026 à 6\u202fh\u202f00." in html


def test_the_embargo_is_respected_by_the_button_and_the_text_is_saved(editor_client: Client) -> None:
    article = make_draft(embargo_until=NOW + HOUR)
    dates = {"embargo_until_0": "20/11/2026", "embargo_until_1": "14:00:00"}
    response = press(editor_client, article, "_publish", headline="Tapé", **dates)
    assert "L’article est sous embargo jusqu’au 20/11/2026 à 14:00." in said(response)
    assert "Ce que vous avez écrit est enregistré." in said(response)
    assert state_of(article) == State.DRAFT
    assert article.headline == "Tapé"


def test_the_embargo_is_respected_by_the_page_that_asks(editor_client: Client) -> None:
    article = make_draft(embargo_until=NOW + 2 * HOUR)
    response = editor_client.post(step(article, "programmer"), {"at": "2026-11-20T14:00"})
    assert response.status_code == 422
    assert "sous embargo" in said(response)
    assert 'value="2026-11-20T14:00"' in response.content.decode()
    assert state_of(article) == State.DRAFT


def test_an_article_is_given_back_with_a_note_that_its_history_keeps(editor_client: Client) -> None:
    article = in_state(State.REVIEW)
    editor_client.post(step(article, "rendre"), {"note": "Il manque la source du chiffre."})
    assert state_of(article) == State.DRAFT
    event = article.events.get(kind=Event.Kind.SENT_BACK)
    assert event.note == "Il manque la source du chiffre."


def test_a_note_that_is_too_long_is_refused_and_kept(editor_client: Client) -> None:
    article = in_state(State.REVIEW)
    response = editor_client.post(step(article, "rendre"), {"note": "a" * 301})
    assert response.status_code == 422
    assert "a" * 301 in response.content.decode()
    assert state_of(article) == State.REVIEW


def test_unpublishing_asks_first_and_says_what_readers_will_get(editor_client: Client) -> None:
    article = make_article()
    html = press(editor_client, article, "_unpublish").content.decode()
    assert "Cet article n’est plus en ligne" in html
    assert state_of(article) == State.PUBLISHED
    response = editor_client.post(step(article, "depublier"), follow=True)
    assert "Dépublié le 20 novembre 2026" in said(response)
    assert state_of(article) == State.UNPUBLISHED
    page = Client().get(article.get_absolute_url())
    assert page.status_code == 410
    assert "La rédaction l’a retiré de la publication." in page.content.decode()


def test_a_step_that_no_longer_leads_on_says_so(editor_client: Client) -> None:
    article = in_state(State.UNPUBLISHED)
    response = editor_client.post(step(article, "depublier"), follow=True)
    assert "Rien n’a changé. Dépublié" in said(response)


def test_saving_says_where_the_article_stands(editor_client: Client) -> None:
    article = make_draft()
    dates = {"published_at_0": "01/11/2026", "published_at_1": "08:00:00"}
    response = editor_client.post(change(article), filled(article, **dates), follow=True)
    assert "En ligne depuis le 1er novembre 2026 à 8\u202fh\u202f00." in said(response)


@pytest.mark.parametrize("word", ["programmer", "depublier"])
def test_an_article_that_does_not_exist_has_no_step(editor_client: Client, word: str) -> None:
    assert editor_client.get(f"/admin/articles/article/999/{word}/").status_code == 404


def test_a_date_that_is_typed_ends_the_wait_for_review(editor_client: Client) -> None:
    article = in_state(State.REVIEW)
    dates = {"published_at_0": "01/11/2026", "published_at_1": "08:00:00"}
    assert editor_client.post(change(article), filled(article, **dates)).status_code == 302
    assert state_of(article) == State.PUBLISHED


def test_a_date_before_the_end_of_the_embargo_is_refused_with_a_sentence(editor_client: Client) -> None:
    article = make_draft()
    dates = {"published_at_0": "21/11/2026", "published_at_1": "08:00:00"}
    dates |= {"embargo_until_0": "22/11/2026", "embargo_until_1": "08:00:00"}
    response = editor_client.post(change(article), filled(article, **dates))
    assert "La mise en ligne ne précède pas la fin de l’embargo." in response.content.decode()
    assert state_of(article) == State.DRAFT


def test_an_article_that_has_passed_its_embargo_is_published(editor_client: Client) -> None:
    article = make_draft(embargo_until=NOW - HOUR)
    assert "Sous embargo" not in editor_client.get(change(article)).content.decode()
    dates = {"embargo_until_0": "20/11/2026", "embargo_until_1": "12:00:00"}
    press(editor_client, article, "_publish", **dates)
    assert state_of(article) == State.PUBLISHED


def test_what_is_stored_decides_and_not_what_was_read(editor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague publishes between the moment the page reads the article and the moment it acts."""
    article = make_draft()
    clean = steps.InstantForm.clean_at

    def slowly(form: steps.InstantForm) -> datetime:
        publishing.publish(article_id=article.pk)
        return clean(form)

    monkeypatch.setattr(steps.InstantForm, "clean_at", slowly)
    response = editor_client.post(step(article, "programmer"), {"at": "2026-12-01T06:00"})
    assert "Rien n’a changé. En ligne" in said(response)
    assert state_of(article) == State.PUBLISHED


def test_an_article_that_is_deleted_meanwhile_is_said_to_be(
    editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_draft()
    clean = steps.InstantForm.clean_at

    def slowly(form: steps.InstantForm) -> datetime:
        Article.objects.filter(pk=article.pk).delete()
        return clean(form)

    monkeypatch.setattr(steps.InstantForm, "clean_at", slowly)
    response = editor_client.post(step(article, "programmer"), {"at": "2026-12-01T06:00"})
    assert "n’existe plus" in said(response)


@pytest.mark.parametrize("button", ["_publish", "_unpublish"])
def test_a_typo_mended_after_a_step_changes_the_text_alone(
    editor_client: Client, clock: time_machine.Traveller, button: str
) -> None:
    clock.shift(timedelta(microseconds=345_678))
    article = make_article(published_at=NOW - HOUR) if button == "_unpublish" else make_draft()
    taken = publishing.unpublish if button == "_unpublish" else publishing.publish
    before = taken(article_id=article.pk)
    opened = editor_client.get(change(article)).context["adminform"].form
    dates = {}
    for name in ("published_at", "unpublished_at"):
        typed = opened[name].subwidgets[0].data["subwidgets"]
        dates |= {f"{name}_{each}": typed[each]["value"] or "" for each in (0, 1)}
    clock.shift(HOUR)
    editor_client.post(change(article), filled(article, headline="Autre") | dates)
    after = Article.objects.get(pk=article.pk)
    assert after.headline == "Autre"
    for name in ("published_at", "unpublished_at", "preview_key"):
        assert getattr(after, name) == getattr(before, name)
    kinds = [Event.Kind.SAVED, Event.Kind.UNPUBLISHED if button == "_unpublish" else Event.Kind.PUBLISHED]
    assert list(article.events.values_list("kind", flat=True)) == kinds
