"""Whether an article's comments are closed, why, and from when: what decides, in which order."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from articles.models import Article, Section
from comments import closing
from comments.closing import Cause, Choices, Standing
from comments.models import CommentSettings
from tests.factories import make_article, make_draft, make_section, set_comments

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def standing(now: datetime = NOW, *, rules: dict[str, Any] | None = None, **values: Any) -> Standing:
    """Return where an article of two days stands, nothing chosen unless told otherwise."""
    usual = {"commenting": "auto", "note": "", "first_published_at": NOW - 2 * DAY}
    usual |= {"section_commenting": "auto", "section_note": "", "section_name": "Idées"}
    return closing.standing(Choices(**usual | values), CommentSettings(**rules or {}), now)


def expected(paused: bool, article: str, section: str, old: bool) -> Cause | None:
    """Return the cause by the rule as one says it."""
    if paused:
        return Cause.PAUSE
    if article != "auto":
        return Cause.ARTICLE if article == "closed" else None
    if section != "auto":
        return Cause.SECTION if section == "closed" else None
    return Cause.AGE if old else None


@pytest.mark.parametrize(
    ("paused", "article", "section", "old"),
    list(product([False, True], ["auto", "open", "closed"], ["auto", "open", "closed"], [False, True])),
)
def test_the_first_that_has_something_to_say_decides(paused: bool, article: str, section: str, old: bool):
    found = standing(
        rules={"is_paused": paused},
        commenting=article,
        section_commenting=section,
        first_published_at=NOW - (60 if old else 2) * DAY,
    )

    assert found.cause == expected(paused, article, section, old)
    assert found.is_closed is (found.cause is not None)
    assert bool(found.sentence) is found.is_closed


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (
            {"rules": {"is_paused": True, "pause_note": "Retour lundi."}},
            "Les commentaires sont en pause sur tout le site. Retour lundi.",
        ),
        (
            {"commenting": "closed", "note": "Procès en cours."},
            "La rédaction a fermé les commentaires de cet article. Procès en cours.",
        ),
        (
            {"section_commenting": "closed", "section_note": "Merci."},
            "La rédaction a fermé les commentaires de la rubrique «\u202fIdées\u202f». Merci.",
        ),
        (
            {"first_published_at": NOW - 31 * DAY},
            "Les articles se commentent pendant 30 jours après leur parution.",
        ),
        (
            {"first_published_at": NOW - 31 * DAY, "rules": {"closes_after_days": 1}},
            "Les articles se commentent pendant 1 jour après leur parution.",
        ),
    ],
)
def test_readers_are_told_why(values: dict[str, Any], reason: str):
    assert standing(**values).reason == reason


def test_only_the_note_of_what_decides_is_told():
    found = standing(commenting="closed", note="Celle-ci.", section_note="Non.", rules={"pause_note": "Non plus."})

    assert found.note == "Celle-ci."


def test_a_note_is_set_as_french_is():
    assert standing(commenting="closed", note="C'est fini !").note == "C’est fini\u202f!"


def test_an_article_closes_at_the_very_instant():
    closes_at = NOW - 2 * DAY + 30 * DAY

    assert not standing(closes_at - timedelta(microseconds=1)).is_closed
    assert standing(closes_at).cause == Cause.AGE
    assert standing(closes_at).closes_at == closes_at


def test_an_open_page_changes_when_its_end_is_announced_and_when_it_comes():
    closes_at = NOW + 28 * DAY

    assert (standing().is_ending, standing().next_change) == (False, closes_at - closing.NOTICE)
    soon = standing(closes_at - closing.NOTICE)
    assert (soon.is_ending, soon.next_change) == (True, closes_at)
    assert standing(closes_at).next_change is None


@pytest.mark.parametrize(
    "values",
    [
        {"rules": {"is_paused": True}},
        {"rules": {"closes_after_days": None}},
        {"commenting": "open"},
        {"commenting": "closed"},
        {"section_commenting": "open"},
        {"section_commenting": "closed"},
        {"first_published_at": None},
        {"first_published_at": NOW + DAY},
        {"first_published_at": datetime.max.replace(tzinfo=UTC)},
    ],
)
def test_what_does_not_depend_on_age_changes_by_no_clock(values: dict[str, Any]):
    assert standing(**values).next_change is None


def test_without_a_number_of_days_no_age_closes():
    assert not standing(first_published_at=NOW - 9_999 * DAY, rules={"closes_after_days": None}).is_closed


@pytest.mark.django_db
def test_without_settings_the_defaults_hold():
    assert not CommentSettings.objects.exists()
    assert not closing.of(make_article()).is_closed
    assert closing.of(make_article(published_at=timezone.now() - 31 * DAY)).cause == Cause.AGE


@pytest.mark.django_db
def test_an_article_says_what_its_row_and_its_section_say():
    section: Section = make_section(name="Sports", commenting="closed", commenting_note="Match en cours.")
    article: Article = make_article(section=section)

    assert closing.of(article).reason.endswith("«\u202fSports\u202f». Match en cours.")


@pytest.mark.django_db
def test_a_draft_is_not_closed():
    assert not closing.of(make_draft()).is_closed


@pytest.mark.django_db
def test_an_article_that_comes_back_keeps_its_age():
    article = make_article(published_at=timezone.now() - 31 * DAY)
    article.published_at = timezone.now()
    article.save()

    assert closing.of(article).cause == Cause.AGE


@pytest.mark.django_db
def test_settings_are_the_newsrooms():
    set_comments(closes_after_days=1)

    assert closing.of(make_article()).cause == Cause.AGE
