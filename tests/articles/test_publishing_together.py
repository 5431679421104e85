"""Editors who act at the same instant, in real threads: nothing is overwritten, and every version is kept once."""

import pytest

from articles import publishing
from articles.models import Article, Event, FormerAddress
from tests.factories import make_article, make_draft, make_section
from tests.parallel import THREADS, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_eight_who_save_what_they_saw_one_does_and_the_others_are_told() -> None:
    pk = make_article().pk

    def save(number: int) -> bool:
        article = Article.objects.get(pk=pk)
        article.headline = f"Titre {number}"
        try:
            publishing.save(article, by=None, seen_version=0)
        except publishing.Overtaken:
            return False
        return True

    assert together(save).count(True) == 1
    article = Article.objects.get()
    assert article.version == 1
    assert article.versions.count() == 2


def test_versions_are_numbered_without_a_gap_or_a_double() -> None:
    pk = publishing.save(_new("un"), by=None).pk

    def save(number: int) -> None:
        article = Article.objects.get(pk=pk)
        article.headline = f"Titre {number}"
        publishing.save(article, by=None)

    together(save)
    article = Article.objects.get()
    assert article.version == THREADS + 1
    assert sorted(article.versions.values_list("number", flat=True)) == list(range(1, THREADS + 2))


def test_of_eight_who_publish_one_is_told_to_have() -> None:
    pk = make_draft().pk
    together(lambda number: publishing.publish(article_id=pk))
    assert list(Event.objects.values_list("kind", flat=True)) == [Event.Kind.PUBLISHED]
    assert Article.objects.get().version == THREADS


def test_an_address_goes_to_one_of_eight_and_the_others_are_told() -> None:
    section = make_section()

    def create(number: int) -> bool:
        try:
            publishing.save(_new("une-adresse", section_id=section.pk), by=None)
        except publishing.AddressTaken:
            return False
        return True

    assert together(create).count(True) == 1
    assert Article.objects.get().events.count() == 1


def test_an_address_that_is_left_while_others_want_it_leads_to_who_had_it() -> None:
    pk, section = make_article(slug="ancienne").pk, make_section()

    def turn(number: int) -> bool:
        article = _new("ancienne", section_id=section.pk)
        if number == 0:
            article = Article.objects.get(pk=pk)
            article.slug = "nouvelle"
        try:
            publishing.save(article, by=None)
        except publishing.AddressTaken:
            return False
        return True

    assert together(turn) == [True] + [False] * (THREADS - 1)
    assert FormerAddress.objects.get().article_id == pk


def test_corrections_that_come_together_all_stand_under_the_article() -> None:
    pk = make_article().pk
    together(lambda number: publishing.correct(article_id=pk, body=f"Rectificatif {number}."))
    html = Article.objects.get().corrections_html
    assert all(f"Rectificatif {number}." in html for number in range(THREADS))


def _new(slug: str, **values: object) -> Article:
    values = values or {"section": make_section()}
    return Article(headline="Un titre", slug=slug, body="<p>Un texte.</p>", **values)
