"""`/recherche/`: what one sees before, after and instead of a result."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles import paging, search
from articles.models import Article
from tests.articles.reading import bulk_articles, every, one, parse, text
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db


def ask(client: Client, typed: str, **others: object) -> str:
    """Return the page that answers a question."""
    response = client.get("/recherche/", {"q": typed} | others)
    assert response.status_code == 200
    parse(response)
    return response.content.decode()


def shown(client: Client, typed: str, **others: object) -> list[str]:
    """Return the headlines that answer a question."""
    tree = parse(client.get("/recherche/", {"q": typed} | others))
    return [text(link) for link in every(tree, ".//h:article//h:h3/h:a")]


def test_an_article_is_shown_with_what_was_looked_for_marked(client: Client) -> None:
    section = make_section(name="Nature")
    author = make_author(name="Ève Rayé")
    make_article(
        headline="Les zèbres",
        slug="les-zebres",
        section=section,
        authors=[author],
        body="<p>Un animal rayé.</p>",
        published_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    )
    html = ask(client, "zebre rayée")
    assert '<a href="/articles/les-zebres/">Les <mark>zèbres</mark></a>' in html
    assert "Un animal <mark>rayé</mark>." in html
    assert "Ève <mark>Rayé</mark>" in html
    assert "1er mars 2026" in html
    assert '<h2 class="found">1 article</h2>' in html


def test_the_form_keeps_what_was_asked(client: Client) -> None:
    make_section(slug="nature")
    make_article(published_at=datetime(2024, 3, 1, tzinfo=UTC))
    html = ask(client, 'zèbre "<rayé>"', rubrique="nature", periode="2024")
    assert 'value="zèbre &quot;&lt;rayé&gt;&quot;"' in html
    assert '<option value="nature" selected>' in html
    assert '<option value="2024" selected>2024</option>' in html


def test_the_page_without_a_question_explains_and_may_be_indexed(client: Client) -> None:
    html = client.get("/recherche/").content.decode()
    assert "noindex" not in html
    assert '<meta name="description" content="Chercher un article' in html
    assert "cherche ces mots côte à côte" in html
    assert "<article" not in html
    assert "/recherche/" in one(parse(client.get("/recherche/")), ".//h:link[@rel='canonical']").get("href")


def test_results_are_not_indexed(client: Client) -> None:
    make_article(headline="Un zèbre")
    for typed in ("zèbre", "rien", "le"):
        html = ask(client, typed)
        assert '<meta name="robots" content="noindex">' in html
        assert f'content="Résultats de la recherche «\u202f{typed}\u202f» dans les articles de Multitude."' in html


def test_where_nothing_is_found_one_is_told_what_to_try(client: Client) -> None:
    make_section(slug="nature")
    html = ask(client, "xylophone <b>")
    assert "Aucun article ne répond à «\u202fxylophone &lt;b&gt;\u202f»." in html
    assert "enlever un mot" in html
    assert "toutes les rubriques" not in html
    assert '<a href="/recherche/?q=xylophone">chercher dans toutes les rubriques' in ask(
        client, "xylophone", rubrique="nature"
    )


@pytest.mark.parametrize("typed", ["le la", "-zèbre", '"', "-", "…", "\x00"])
def test_a_question_without_a_word_to_look_for_says_so(client: Client, typed: str) -> None:
    make_article(headline="Un zèbre")
    html = ask(client, typed)
    assert ("Ces mots ne suffisent pas." in html) == (typed != "\x00")


def test_a_long_question_says_what_was_left_out(client: Client) -> None:
    words = [f"mot{number}" for number in range(15)]
    make_article(body=f"<p>{' '.join(words)}</p>")
    assert "seuls ses premiers mots ont été cherchés" in ask(client, " ".join(words))
    nothing = ask(client, " ".join([*words[1:], "rien"]))
    assert "seuls ses premiers mots ont été cherchés" in ask(client, "é" * 100_000)
    assert "seuls ses premiers mots ont été cherchés" in nothing


def test_a_long_question_that_finds_nothing_is_not_repeated_in_full(client: Client) -> None:
    tree = parse(client.get("/recherche/", {"q": "xylophone " * 20}))
    assert text(one(tree, ".//h:div[@class='nothing']/h:h2")) == "Aucun article trouvé."
    assert len(text(one(tree, ".//h:div[@class='nothing']/h:p[1]"))) < 120
    assert len(text(one(tree, ".//h:title"))) < 120


def test_an_address_says_where_the_page_is_without_what_the_form_leaves_empty(client: Client) -> None:
    make_article(headline="Un zèbre")
    tree = parse(client.get("/recherche/?q=+zèbre&rubrique=&periode=&page=1"))
    assert one(tree, ".//h:link[@rel='canonical']").get("href").endswith("/recherche/?q=z%C3%A8bre")


def test_a_question_without_end_stands_in_the_field_alone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_LENGTH", 1)
    make_article(headline="Un zèbre")
    make_article(headline="Un zèbre encore")
    make_section(slug="nature")
    for typed, others in (("é" * 60_000, {"rubrique": "nature"}), ("zèbre" + " -abcd" * 10_000, {})):
        html = ask(client, typed, **others)
        assert len(html) < 60_000 + 20_000
        assert html.count(typed.strip()) == 1
        title = text(one(parse(client.get("/recherche/", {"q": typed})), ".//h:title"))
        assert title == f"{typed[:79]}… — Recherche — Multitude"
    follows = one(parse(client.get("/recherche/", {"q": "zèbre" + " -abcd" * 10_000})), ".//h:a[@rel='next']").get(
        "href"
    )
    assert "seuls ses premiers mots ont été cherchés" in client.get(follows).content.decode()


def test_pages_follow_each_other_and_keep_what_was_asked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_LENGTH", 2)
    section = make_section(slug="nature")
    for number in range(5):
        make_article(headline=f"Zèbre & fils {number}", section=section)
    asked = {"rubrique": "nature", "periode": "an"}
    seen = [name for page in (1, 2, 3) for name in shown(client, "zèbre & fils", page=page, **asked)]
    assert seen == [f"Zèbre & fils {number}" for number in (4, 3, 2, 1, 0)]
    html = ask(client, "zèbre & fils", page=2, **asked)
    query = urlencode({"q": "zèbre & fils"} | asked).replace("&", "&amp;")
    assert f'<a rel="prev" href="/recherche/?{query}">' in html
    assert f'<a rel="next" href="/recherche/?{query}&amp;page=3">' in html
    assert '<span aria-current="page">Page 2</span>' in html
    assert "<title>Page 2 — zèbre &amp; fils — Recherche — Multitude</title>" in html
    assert ", page 2 sur 3" in html
    assert 'rel="next"' not in ask(client, "zèbre & fils", page=3, **asked)


def test_of_very_many_the_number_is_not_told_and_the_way_to_the_others_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    section = make_section()
    for _number in range(3):
        make_article(headline="Un zèbre", section=section)
    html = ask(client, "zèbre")
    assert "Plus de 2 articles" in html
    assert "Ce sont les plus récents." in html


@pytest.mark.parametrize(
    "query",
    [
        "q=zebre&page=0",
        "q=zebre&page=2",
        "q=zebre&page=x",
        "page=2",
        "q=zebre&page=1&page=1",
        "q=zebre&rubrique=rien",
        "q=zebre&rubrique=nature&rubrique=nature",
        "q=zebre&periode=rien",
        "q=zebre&periode=0999",
        "q=zebre&periode=1899",
        "q=zebre&periode=an&periode=mois",
        "periode=%00",
    ],
)
def test_what_names_nothing_is_not_found(client: Client, query: str) -> None:
    make_article(headline="Un zèbre", section=make_section(slug="nature"))
    assert client.get(f"/recherche/?{query}").status_code == 404


def test_filters_left_empty_confine_nothing_and_are_the_same_page(client: Client) -> None:
    make_article(headline="Un zèbre")
    pages = [client.get("/recherche/", {"q": "zèbre", **left}) for left in ({}, {"rubrique": "", "periode": ""})]
    assert shown(client, "zèbre") == ["Un zèbre"]
    assert pages[0].content == pages[1].content


def test_hostile_words_stay_words(client: Client) -> None:
    make_article(headline="<script>zèbre</script>", body="<p>&lt;img onerror=x&gt; zèbre</p>", kicker="<i>zèbre")
    html = ask(client, "zèbre script onerror")
    assert "<script>zèbre" not in html
    assert "<img onerror" not in html
    assert "&lt;<mark>script</mark>&gt;<mark>zèbre</mark>" in html


def test_what_was_typed_is_decoded_whatever_its_bytes(client: Client) -> None:
    for query in ("q=%ff%fe", "q=%ed%a0%80", "q=%00%00", "q=a&q=b", "q", "q=%25s%27%22%3B--"):
        assert client.get(f"/recherche/?{query}").status_code == 200


def test_years_are_offered_of_which_something_is_public(client: Client) -> None:
    make_article(published_at=datetime(2023, 12, 31, 23, 30, tzinfo=UTC))  # the first of January in Paris
    make_article(published_at=datetime(2020, 5, 1, tzinfo=UTC))
    make_article(published_at=datetime(2021, 5, 1, tzinfo=UTC), unpublished_at=datetime(2022, 5, 1, tzinfo=UTC))
    values = [
        option.get("value") for option in every(parse(client.get("/recherche/")), ".//h:select[@id='periode']/h:option")
    ]
    assert values == ["", "semaine", "mois", "an", "2024", "2020"]


def test_every_page_leads_to_the_search(client: Client) -> None:
    tree = parse(client.get("/"))
    form = one(tree, ".//h:header//h:form[@role='search']")
    assert form.get("action") == "/recherche/"
    assert one(form, ".//h:input").get("name") == "q"
    assert one(tree, ".//h:header//h:a[@class='search-link']").get("href") == "/recherche/"


@pytest.mark.usefixtures("in_a_worker")
@pytest.mark.parametrize("rows", [1, 30, 300])
def test_a_search_costs_three_queries_however_much_it_finds(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    search.index(article.pk for article in bulk_articles(rows, make_section(slug="idees"), make_author()))
    client.get("/recherche/")
    with django_assert_num_queries(3):
        client.get("/recherche/?q=texte+série&rubrique=idees&periode=an")
    with django_assert_num_queries(1):
        client.get("/recherche/?q=rien")
    with django_assert_num_queries(0):
        client.get("/recherche/?q=le")
    assert Article.objects.count() == rows


def test_what_is_withdrawn_while_it_is_looked_for_is_not_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_draft(headline="Un zèbre")
    monkeypatch.setattr(search, "find", lambda *_asked, **_more: search.Found([article.pk]))
    assert "zèbre" not in client.get("/recherche/?q=girafe").content.decode()
