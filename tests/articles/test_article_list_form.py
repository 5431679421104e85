"""How the list of articles says what it is narrowed to, and how many articles that leaves."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from articles.desk import listing
from tests.articles.reading import bulk_articles
from tests.articles.test_admin import LIST
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db


def html(client: Client, query: str = "") -> str:
    """Return the list as it is sent."""
    return client.get(f"{LIST}{query}").content.decode()


def given(page: str) -> list[str]:
    """Return what the list says that it is narrowed to, in words."""
    found = re.search(r'<p class="criteria-given">(.*?)</p>', page, re.DOTALL)
    words = re.findall(r"<(?:span|a [^>]*)>([^<]+)", found[1]) if found else []
    return [" ".join(word.split()) for word in words if word.strip()]


def test_a_list_that_is_not_narrowed_says_nothing_of_results(editor_client: Client) -> None:
    make_article()
    page = html(editor_client)
    assert given(page) == []
    assert "Tout afficher" not in page
    assert "1 article" in page


def test_each_criterion_is_told_and_taken_back_by_itself(editor_client: Client) -> None:
    section = make_section(name="Ville")
    make_article(headline="Un pont", section=section, authors=[make_author(name="Ada")])
    page = html(editor_client, f"?state=published&section={section.pk}&who=&author=&day=mois&q=pont")
    assert given(page)[:2] == ["1 article", "« pont »"]
    assert "rubrique : Ville" in page
    assert "parution : 30 derniers jours" in page
    assert f'href="?author=&amp;day=mois&amp;section={section.pk}&amp;state=published&amp;who="' in page
    assert f'<option value="{section.pk}" selected>Ville</option>' in page
    assert '<input type="hidden" name="state" value="published">' in page


def test_a_form_that_is_sent_empty_narrows_nothing(editor_client: Client) -> None:
    make_article(headline="Un pont")
    make_draft(headline="Un quai")
    page = html(editor_client, "?q=&section=&author=&day=&who=&state=")
    assert "2 articles" in page
    assert given(page) == []


@pytest.mark.parametrize("odd", ["<script>", "\x00", "9" * 40, "é" * 300])
def test_a_criterion_that_names_nothing_is_shown_as_it_was_asked(editor_client: Client, odd: str) -> None:
    make_article()
    page = html(editor_client, f"?section={quote(odd)}")
    assert "0 article" in page
    assert "<script>×" not in page
    assert given(page)[0] == "0 article"


def test_a_long_list_is_counted_no_further_than_one_turns_pages(
    editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_COUNTED", 100)
    bulk_articles(101, make_section(), make_author())
    page = html(editor_client, "?state=published")
    assert "plus de 100 articles" in page
    assert "triez par date" in page
    assert "?p=2&amp;state=published" in page
    assert "p=3" not in page
