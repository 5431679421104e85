"""The whole stack, as `wsgi.py` builds it: the page cache before the beacon before Django, on a real database."""

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.urls import reverse

from articles.beacon import Beacon
from articles.models import Article
from comments.models import Comment
from multitude.pagecache import PageCache
from tests.factories import decide, make_approved, make_article, make_author, make_comment, make_section
from tests.multitude.pagecache.newspaper import Answer, ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_a_worker")]


@pytest.fixture
def site() -> PageCache:
    """Return the stack."""
    return PageCache(Beacon(get_wsgi_application()), megabytes=8)


@pytest.fixture
def article(transactional_db: None) -> Article:
    """Return a published article."""
    return make_article(headline="Le vrai prix des plumes", authors=[make_author(slug="une-autrice")])


def kept(site: PageCache, path: str) -> Answer:
    """Have a page kept, and return it."""
    ask(site, path)
    answer = ask(site, path)
    assert answer.cache == "hit"
    return answer


def test_what_was_just_approved_is_in_the_very_next_answer(site: PageCache, article: Article) -> None:
    comment = make_comment(article, body="Un avis que personne n’a lu.")
    pages = [article.get_absolute_url(), reverse("comments:feed", args=[article.slug])]
    for path in pages:
        assert "que personne" not in kept(site, path).body.decode()
    decide(comment, "approve")
    for path in pages:
        answer = ask(site, path)
        assert ("que personne" in answer.body.decode(), answer.cache) == (True, "miss")


def test_what_was_just_removed_is_in_no_answer(site: PageCache, article: Article) -> None:
    comment = make_approved(article, body="Un avis de trop.")
    assert "de trop" in kept(site, article.get_absolute_url()).body.decode()
    decide(comment, "remove", reason="insult")
    assert "de trop" not in ask(site, article.get_absolute_url()).body.decode()


def test_a_decision_changes_the_counts_on_the_lists(site: PageCache, article: Article) -> None:
    comment = make_comment(article)
    assert "Commentaire 1" not in kept(site, "/").body.decode()
    decide(comment, "approve")
    assert "Commentaire 1" in ask(site, "/").body.decode()


def test_a_refused_comment_is_seen_nowhere(site: PageCache, article: Article) -> None:
    comment = make_comment(article, body="Un avis refusé.")
    decide(comment, "reject", reason="insult")
    assert "refus" not in ask(site, article.get_absolute_url()).body.decode()
    assert Comment.objects.approved().count() == 0


def test_a_section_that_is_renamed_is_renamed_everywhere(site: PageCache, article: Article) -> None:
    paths = ["/", article.get_absolute_url(), "/rubriques/rien/", "/confidentialite/"]
    for path in paths:
        kept(site, path)
    make_section(name="Ornithologie")
    assert ["Ornithologie" in ask(site, path).body.decode() for path in paths] == [True] * 4


def test_an_author_who_is_renamed_is_renamed_everywhere(site: PageCache, article: Article) -> None:
    author = article.authors.get()
    paths = [article.get_absolute_url(), "/auteurs/une-autrice/", "/flux/"]
    for path in paths:
        assert author.name in kept(site, path).body.decode()
    author.name = "Claude Nouvelle"
    author.save()
    assert ["Claude Nouvelle" in ask(site, path).body.decode() for path in paths] == [True] * 3


def test_every_reader_gets_the_same_bytes(site: PageCache, article: Article) -> None:
    path = article.get_absolute_url()
    first = ask(site, path, "utm_source=lettre", COOKIE="sessionid=abc; csrftoken=y", HOST="localhost:666")
    second = ask(site, path, ACCEPT_LANGUAGE="de")
    assert first.body == second.body
    assert "Set-Cookie" not in first.headers
    assert (first.headers["Vary"], second.headers["Vary"]) == ("Accept-Encoding", "Accept-Encoding")


def test_the_database_is_away_and_readers_do_not_see_it(site: PageCache, article: Article, clock) -> None:
    path = article.get_absolute_url()
    page = kept(site, path)

    def away(*args: object) -> object:
        raise OperationalError("la base ne répond pas")

    clock.advance(3_600)
    with connection.execute_wrapper(away):
        answer = ask(site, path)
        assert (answer.status, answer.body, answer.cache) == ("200 OK", page.body, "stale")
        assert ask(site, "/").status == "503 Service Unavailable"
    clock.advance(60)
    assert ask(site, path).cache == "miss"


def test_invalid_parameters_are_404_and_make_no_entry(site: PageCache, article: Article) -> None:
    path = article.get_absolute_url()
    for query in ("page=0", "page=-1", "page=01", "page=x", "page=", "page=1&page=1", "page=9999999"):
        assert [ask(site, path, query).status for _time in range(2)] == ["404 Not Found"] * 2
    assert ask(site, "/classements/lus/", "periode=siecle").status == "404 Not Found"
    assert site.counters()["pages"] == 0


def test_hits_ask_the_database_nothing(site: PageCache, article: Article, django_assert_num_queries) -> None:
    for path in ("/", article.get_absolute_url(), "/rubriques/rien/"):
        kept(site, path)
        with django_assert_num_queries(0):
            assert ask(site, path).cache == "hit"
