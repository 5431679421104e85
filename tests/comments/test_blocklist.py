"""Watched terms: what matches them, how often that is counted, and when a change holds."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from comments import blocklist
from comments.models import BlockedTerm, Comment
from multitude.models import PurgeEvent
from tests.comments.helpers import noticed, post
from tests.factories import make_article, make_comment
from tests.parallel import together

pytestmark = pytest.mark.django_db


def watch(kind: str, *values: str) -> BlockedTerm:
    """Watch terms and return the first."""
    return blocklist.add(kind=kind, values=values, added_by=None)[0]


def details(comment: Comment) -> dict[str, str]:
    """Return the details of a comment's findings by their rules."""
    return {rule: detail for rule, detail in comment.findings.values_list("rule", "detail") if rule != "first_comment"}


WORDS = [
    ("arnaque", "C’est une arnaque."),
    ("arnaque", "Des ARNAQUES !"),
    ("arnaque", "Je me suis fait arnaqué"),
    ("Arnaqué", "quelle arnaque"),
    ("arnaque", "a\u200br\u200bn\u200ba\u200bq\u200bu\u200be"),
    ("œuvre", "les oeuvres du diable"),
    ("oeuvre", "Une ŒUVRE."),
    ("élève", "eleves"),
    ("eleve", "Élèves"),
    ("gagnez de l’argent", "On gagne de l'argent, ici."),
    ("porte-monnaie", "mon porte monnaie"),
    ("« con »", "Quel CON."),
]
OTHER_WORDS = [
    ("arnaque", "une arnica, un arnaqueur"),
    ("gagnez de l’argent", "gagnez du temps, pas de l’argent"),
    ("« con »", "un cône, des cons"),
    ("con", "un concert, un conte, contre"),
    ("pute", "disputes, réputé, amputer"),
    ("sale", "une salle, un salaire"),
]


@pytest.mark.parametrize(("value", "body"), WORDS)
def test_a_word_is_found_in_its_forms(value: str, body: str):
    watch("word", value)
    comment = make_comment(body=body)

    assert noticed(comment) == ["blocked_word"]
    assert comment.is_suspect


@pytest.mark.parametrize(("value", "body"), OTHER_WORDS)
def test_another_word_is_not(value: str, body: str):
    watch("word", value)

    assert noticed(make_comment(body=body)) == []


def test_a_word_is_found_in_the_name():
    watch("word", "arnaque")

    assert details(make_comment(author_name="Super Arnaques")) == {"blocked_word": "arnaque"}


DOMAINS = [
    "https://arnaque.fr/page",
    "http://boutique.ARNAQUE.fr:8080",
    "arnaque.fr",
    "écrivez à nom@arnaque.fr",
    "www.arnaque.fr.",
    "http://lemonde.fr@arnaque.fr/",
]


@pytest.mark.parametrize("body", DOMAINS)
def test_a_domain_is_found_with_what_lies_beneath(body: str):
    watch("domain", "arnaque.fr")

    assert details(make_comment(body=f"Lisez {body} maintenant"))["blocked_domain"] == "arnaque.fr"


@pytest.mark.parametrize(
    "body", ["https://pasarnaque.fr/", "https://arnaque.fr.exemple.com/", "arnaque, fr", "arnaque.fr2"]
)
def test_another_domain_is_not(body: str):
    watch("domain", "arnaque.fr")

    assert "blocked_domain" not in noticed(make_comment(body=f"Lisez {body} maintenant"))


@pytest.mark.parametrize(
    ("value", "body"), [("élysée.fr", "http://xn--lyse-9oad.fr"), ("xn--lyse-9oad.fr", "ÉLYSÉE.fr")]
)
def test_an_international_domain_is_found_in_either_writing(value: str, body: str):
    watch("domain", value)

    assert "blocked_domain" in noticed(make_comment(body=f"Lisez {body} maintenant"))


def test_the_domain_of_an_email_is_found_and_not_named():
    watch("domain", "arnaque.fr")

    assert details(make_comment(author_email="x@mail.arnaque.fr")) == {"blocked_domain": "celui de l’email"}


def test_a_domain_of_the_text_is_named_whatever_the_email():
    watch("domain", "arnaque.fr")
    comment = make_comment(author_email="x@arnaque.fr", body="Lisez arnaque.fr maintenant")

    assert details(comment) == {"blocked_domain": "arnaque.fr"}


@pytest.mark.parametrize("email", ["nom@exemple.fr", "nom+42@exemple.fr", "NOM@Exemple.fr"])
def test_an_email_is_found_and_not_named(email: str):
    watch("email", "Nom+tag@exemple.fr")

    assert details(make_comment(author_email=email)) == {"blocked_email": ""}


@pytest.mark.parametrize("email", ["prenom@exemple.fr", "nom@exemple.com", "nom@autre.exemple.fr"])
def test_another_email_is_not(email: str):
    watch("email", "nom@exemple.fr")

    assert noticed(make_comment(author_email=email)) == []


@pytest.mark.parametrize(
    ("value", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.0/24", "203.0.113.77"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8::/32", "2001:db8:9:9::/64"),
    ],
)
def test_a_network_is_found_and_not_named(value: str, network: str):
    watch("network", value)

    assert details(make_comment(client_network=network)) == {"blocked_network": ""}


@pytest.mark.parametrize("network", ["203.0.114.9", "2001:db8::/64", "inconnu"])
def test_another_network_is_not(network: str):
    watch("network", "203.0.113.0/24", "2001:db9::/32")

    assert noticed(make_comment(client_network=network)) == []


def test_every_term_counts_each_comment_once():
    word, other = watch("word", "arnaque"), watch("word", "casino")
    comment = make_comment(body="Arnaque, arnaques : une arnaque.")
    for term in (word, other):
        term.refresh_from_db()

    assert (word.match_count, word.last_matched_at) == (1, comment.submitted_at)
    assert (other.match_count, other.last_matched_at) == (0, None)


def test_a_submission_that_is_sent_twice_counts_once(client: Client):
    term = watch("word", "arnaque")
    article = make_article()
    for _time in range(2):
        post(client, article, body="Une arnaque.")
    term.refresh_from_db()

    assert term.match_count == 1


def test_a_term_that_went_meanwhile_hinders_nobody(in_a_worker: None):
    term = watch("word", "arnaque")
    blocklist.current()
    BlockedTerm.objects.filter(pk=term.pk).delete()

    assert noticed(make_comment(body="Une arnaque.")) == ["blocked_word"]


@pytest.mark.django_db(transaction=True)
def test_matches_at_the_same_instant_are_all_counted():
    words = ("arnaque", "casino", "loterie")
    for word in words:
        watch("word", word)
    article = make_article()

    def send(number: int) -> None:
        # Each names them in another order.
        shift = number % len(words)
        make_comment(article, body=" ".join((*words[shift:], *words[:shift], f"{number}")))

    together(send)

    assert list(BlockedTerm.objects.values_list("match_count", flat=True)) == [8, 8, 8]


def test_a_term_is_watched_once():
    first = watch("word", "arnaque")
    again = blocklist.add(kind="word", values=["Arnaques", "casino"], added_by=None)

    assert [term.value for term in again] == ["arnaque", "casino"]
    assert again[0] == first


def test_a_worker_asks_for_the_list_once(in_a_worker: None, django_assert_num_queries: DjangoAssertNumQueries):
    watch("word", "arnaque")
    blocklist.current()
    with django_assert_num_queries(0):
        blocklist.current()


def test_each_verb_has_every_process_read_the_list_again(
    in_a_worker: None, django_capture_on_commit_callbacks: Any, django_assert_num_queries: DjangoAssertNumQueries
):
    with django_capture_on_commit_callbacks(execute=True):
        term = watch("word", "arnaque")
    assert noticed(make_comment(body="Une arnaque")) == ["blocked_word"]

    with django_capture_on_commit_callbacks(execute=True):
        term.value = "casino"
        blocklist.change(term)
    assert noticed(make_comment(body="Une arnaque")) == []
    assert noticed(make_comment(body="Un casino")) == ["blocked_word"]

    with django_capture_on_commit_callbacks(execute=True):
        blocklist.delete(BlockedTerm.objects.filter(pk=term.pk))
    assert noticed(make_comment(body="Un casino")) == []
    assert PurgeEvent.objects.filter(keys=blocklist.KEY).count() == 3


def statements(**values: Any) -> int:
    """Return how many statements a submission costs a process that remembers the list, beside those of its transaction."""
    article = make_article()
    make_comment(article, author_email="connue@exemple.fr")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        make_comment(article, **values)
    return len([query for query in captured if "SAVEPOINT" not in query["sql"] and "advisory" not in query["sql"]])


def test_a_submission_costs_one_question_around_it_and_nothing_for_the_list(in_a_worker: None):
    watch("word", "arnaque")
    # What is around, the rate, the comment, its lane; for a first comment, or any other finding, the findings.
    assert statements(author_email="connue@exemple.fr") == 4
    assert statements() == 5
    assert statements(body="www.exemple.fr " * 9 + "!!!!!!") == 5
    assert statements(body="Une arnaque") == 6
