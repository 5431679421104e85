"""The list of articles: what it shows, by what it is narrowed and searched, what is done with several at once."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import popularity, publishing
from articles.desk.listing import MOST_AT_ONCE
from articles.models import Article, State
from tests.articles.desk import act, said
from tests.articles.reading import bulk_articles
from tests.articles.test_admin import ADD, LIST, filled
from tests.factories import logged_in, make_article, make_author, make_draft, make_section, make_tag, make_user

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def listed(client: Client, query: str = "") -> list[str]:
    """Return the headlines that the list shows, in their order."""
    return [article.headline for article in client.get(f"{LIST}{query}").context["cl"].result_list]


def one_in_each_state() -> None:
    """Store an article in each state, which its headline names."""
    now = timezone.now()
    make_draft(headline="draft")
    make_draft(headline="review", ready_at=now)
    make_article(headline="scheduled", published_at=now + HOUR)
    make_article(headline="published", published_at=now - HOUR)
    make_article(headline="unpublished", unpublished_at=now)


@pytest.mark.parametrize("state", State)
def test_the_list_says_where_an_article_stands_and_is_narrowed_to_it(editor_client: Client, state: State) -> None:
    one_in_each_state()
    response = editor_client.get(f"{LIST}?state={state.value}")
    assert [article.headline for article in response.context["cl"].result_list] == [state.value]
    assert f'<span class="state state-{state.value}"' in response.content.decode()


def test_what_waits_comes_first_then_the_newest(editor_client: Client) -> None:
    one_in_each_state()
    assert listed(editor_client) == ["review", "draft", "scheduled", "published", "unpublished"]


def test_the_list_is_narrowed_to_a_section_and_to_an_author(editor_client: Client) -> None:
    section, author = make_section(), make_author()
    make_article(headline="Ici", section=section)
    make_article(headline="Signé", authors=[author, make_author()])
    assert listed(editor_client, f"?section={section.pk}") == ["Ici"]
    assert listed(editor_client, f"?author={author.pk}") == ["Signé"]
    assert len(listed(editor_client, "?author=")) == 2


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("eau", ["Les deux", "Eau"]),
        ("EAU, ", ["Les deux", "Eau"]),
        ("Sel ; eau", ["Les deux"]),
        ("eau, rien", []),
        ("rien", []),
        (" , ", ["Les deux", "Eau", "Aucun"]),
        ("\x00", ["Les deux", "Eau", "Aucun"]),
        (",".join(map(str, range(2_000))), []),
    ],
)
def test_the_list_is_narrowed_to_tags(editor_client: Client, typed: str, expected: list[str]) -> None:
    water, salt = make_tag("Eau"), make_tag("Sel")
    for headline, own in (("Aucun", []), ("Eau", [water]), ("Les deux", [salt, water])):
        make_draft(headline=headline, tags=own)
    assert listed(editor_client, f"?tag={quote(typed)}") == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("aujourdhui", ["0"]), ("semaine", ["0", "6"]), ("mois", ["0", "6", "7", "29"]), ("a-venir", ["-1"])],
)
def test_the_list_is_narrowed_to_days_of_paris(editor_client: Client, day: str, expected: list[str]) -> None:
    today = timezone.localtime().replace(hour=0, minute=0, second=1)
    for age in (0, 6, 7, 29, 30):
        make_article(headline=str(age), published_at=today - age * DAY)
    make_article(headline="-1", published_at=timezone.now() + DAY)
    assert listed(editor_client, f"?day={day}") == expected


def test_the_list_is_narrowed_to_what_one_wrote(editor_client: Client) -> None:
    make_draft(headline="D’un autre")
    editor_client.post(ADD, filled(section=make_section().pk, headline="De moi"))
    assert listed(editor_client, "?who=moi") == ["De moi"]


@pytest.mark.parametrize(
    "query", ["state=rien", "section=rien", "author=-1", "section=" + "9" * 30, "day=demain", "state=%00"]
)
def test_what_names_nothing_finds_nothing(editor_client: Client, query: str) -> None:
    make_article()
    assert listed(editor_client, f"?{query}") == []


@pytest.mark.parametrize(
    "words",
    [
        "pont",
        "PONT riviere",
        "fleuve",
        "anna",
        "L’été",
        "L'été",
        "/articles/le-pont/",
        "https://exemple.fr/articles/avant/?x#c1",
    ],
)
def test_the_search_finds_by_head_author_and_address(editor_client: Client, words: str) -> None:
    article = make_article(
        slug="avant",
        headline="Un pont sur la riviere, l'été",
        standfirst="Le fleuve, l’été",
        authors=[make_author(name="Anna Ixe"), make_author(name="Anna Igrec")],
    )
    make_article(headline="Autre chose")
    article.slug = "le-pont"
    publishing.save(article, by=None)
    if words.startswith("L"):
        words = words.lower()
    assert listed(editor_client, f"?q={quote(words)}") == [article.headline]


@pytest.mark.parametrize(
    "words", ["éloge", "Éloge", "ELOGE", "hopital", "l'œuvre", "L’OEUVRE", "ÉLODIE", "elodie naïs"]
)
def test_the_search_minds_neither_case_nor_accents(editor_client: Client, words: str) -> None:
    make_article(headline="Autre chose", standfirst="")
    article = make_article(
        headline="Éloge de l'hôpital", standfirst="L’œuvre d’une vie", authors=[make_author(name="Élodie Naïs")]
    )
    assert listed(editor_client, f"?q={quote(words)}") == [article.headline]


def test_the_search_follows_what_is_written_and_who_is_called_otherwise(editor_client: Client) -> None:
    author = make_author(name="Anna")
    article = make_article(headline="Avant", authors=[author])
    article.headline, author.name = "Après", "Zoé"
    publishing.save(article, by=None)
    author.save()
    found = {words: listed(editor_client, f"?q={words}") for words in ("avant", "anna", "apres", "zoe")}
    assert found == {"avant": [], "anna": [], "apres": ["Après"], "zoe": ["Après"]}


def test_authors_are_found_so_too(editor_client: Client) -> None:
    make_author(name="Jean-Noël d’Œuvray"), make_author(name="Anna")
    place = "/admin/autocomplete/?app_label=articles&model_name=byline&field_name=author&term="
    for words in ("noel", "D'OEUVRAY", "jean oeuv"):
        results = editor_client.get(place + quote(words)).json()["results"]
        assert [each["text"] for each in results] == ["Jean-Noël d’Œuvray"]


@pytest.mark.parametrize(
    "words", ["rien", "\x00", "%", "_", "'; DROP TABLE", "/articles/rien/", "a" * 5_000, "a " * 5_000, "é’" * 30_000]
)
def test_words_that_name_nothing_break_nothing(editor_client: Client, words: str) -> None:
    make_article(headline="Un pont")
    assert set(listed(editor_client, f"?q={quote(words)}")) <= {"Un pont"}


def test_the_list_counts_comments_and_the_readings_of_seven_days(editor_client: Client) -> None:
    article, today = make_article(), popularity.day_of(timezone.now())
    for age, views in ((0, 1_000), (6, 234), (7, 5_000)):
        popularity.count(article_id=article.pk, day=today - age * DAY, views=views, comments=2)
    html = editor_client.get(LIST).content.decode()
    assert "1\u202f234" in html.replace("\u00a0", "\u202f")
    assert f'href="/admin/comments/comment/?status=all&amp;article={article.pk}"' in html


def test_an_action_says_of_each_article_what_became_of_it(editor_client: Client) -> None:
    draft, public = make_draft(headline="Neuf"), make_article(headline="Déjà là")
    held = make_draft(headline="Retenu", embargo_until=timezone.now() + DAY)
    told = said(act(editor_client, "publish", draft, public, held))
    assert "«\u202fNeuf\u202f» — En ligne depuis" in told
    assert "«\u202fDéjà là\u202f» — Rien n’a changé. En ligne depuis" in told
    assert "«\u202fRetenu\u202f» — L’article est sous embargo" in told
    assert set(Article.objects.published()) == {draft, public}
    assert LogEntry.objects.count() == 1


def test_articles_are_sent_for_review_and_withdrawn_from_the_list(editor_client: Client) -> None:
    draft, public = make_draft(), make_article()
    act(editor_client, "review", draft)
    act(editor_client, "unpublish", public)
    states = [Article.objects.get(pk=article.pk).state() for article in (draft, public)]
    assert states == [State.REVIEW, State.UNPUBLISHED]


def test_an_action_has_a_limit_and_says_so(editor_client: Client) -> None:
    section = make_section()
    number = MOST_AT_ONCE + 1
    Article.objects.bulk_create(
        Article(section=section, slug=f"n-{one}", headline=f"N {one}", body="<p>a</p>") for one in range(number)
    )
    values: dict[str, Any] = {"action": "review", "_selected_action": ["0"], "select_across": "1"}
    told = said(editor_client.post(LIST, values, follow=True))
    assert f"Une action porte sur {MOST_AT_ONCE} articles au plus" in told
    assert Article.objects.in_state(State.REVIEW).count() == MOST_AT_ONCE


@pytest.mark.parametrize("rows", [10, 50])
def test_the_list_costs_the_same_at_any_length(
    editor_client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    bulk_articles(rows, make_section(), make_author())
    editor_client.get(LIST)
    with django_assert_num_queries(9):
        assert len(listed(editor_client)) == rows


def test_who_may_not_see_comments_is_not_led_to_them() -> None:
    make_article(comment_count=3)
    html = logged_in(make_user("journaliste", groups=["Journalistes"])).get(LIST).content.decode()
    assert '<td class="field-comment_count">3</td>' in html
    assert "?status=all" not in html


def test_what_does_not_fit_on_a_page_is_on_the_next(editor_client: Client) -> None:
    bulk_articles(60, make_section(), make_author())
    assert listed(editor_client) == [f"Série {number}" for number in range(50)]
    assert listed(editor_client, "?p=2") == [f"Série {number}" for number in range(50, 60)]
    assert len(listed(editor_client, "?all=")) == 60
    assert "60 articles" in editor_client.get(LIST).content.decode()
