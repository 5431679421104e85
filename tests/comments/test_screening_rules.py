"""What each rule sees, and the nearest innocent thing that it does not."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from comments import screening
from comments.blocklist import Blocklist, Term
from comments.incoming import Context, Match, Submission
from comments.terms import normal

LINK = "https://exemple.fr/page"
SHOUTED = "IL FAUT VRAIMENT QUE CELA CESSE, ET TOUT DE SUITE"


def submission(body: str = "Un avis mesuré.", **values: Any) -> Submission:
    """Return what a reader sends, with sensible values for what a test does not say."""
    defaults = {
        "article_id": 1,
        "parent_id": None,
        "author_name": "Jeanne",
        "author_email": "jeanne@exemple.fr",
        "client_network": "203.0.113.9",
    }
    return Submission(**defaults | {"body": body} | values)


def screen(body: str = "Un avis mesuré.", context: dict[str, Any] | None = None, **values: Any) -> screening.Screened:
    """Return what the rules notice."""
    return screening.screen(submission(body, **values), Context(**context or {}))


def names(screened: screening.Screened) -> list[str]:
    """Return the names of the rules that noticed something."""
    return [name for name, _detail in screened.rows]


SEEN = [
    ("honeypot", {"honeypot": "x"}, {}),
    ("too_fast", {"seconds_spent": 0.0}, {}),
    ("too_fast", {"seconds_spent": 2.9}, {}),
    ("blocked_word", {}, {"blocked": {"word": (Match(1, "arnaque"),)}}),
    ("blocked_domain", {}, {"blocked": {"domain": (Match(1, "exemple.fr"),)}}),
    ("blocked_email", {}, {"blocked": {"email": (Match(1),)}}),
    ("blocked_network", {}, {"blocked": {"network": (Match(1),)}}),
    ("disposable_email", {"author_email": "x@yopmail.com"}, {}),
    ("disposable_email", {"author_email": "x@Boite.Mailinator.com"}, {}),
    ("link_only", {"body": LINK}, {}),
    ("link_only", {"body": f"👉 1. {LINK}\n{LINK} !"}, {}),
    ("links", {"body": f"Lisez {LINK} avant de juger."}, {}),
    ("links", {"body": "Lisez www.exemple.fr avant de juger."}, {}),
    ("many_links", {"body": f"Lisez tout : {' '.join([LINK] * 5)}"}, {}),
    ("elsewhere", {}, {"is_elsewhere": True}),
    ("duplicate", {}, {"repeats": True}),
    ("flood", {}, {"recent_of_email": 5}),
    ("capitals", {"body": SHOUTED}, {}),
    ("repetition", {"body": "Nooooooon"}, {}),
    ("repetition", {"body": "Non !!!!!!"}, {}),
    ("repetition", {"body": "Éé\u200bÉéÉé"}, {}),
    ("first_comment", {}, {"is_first": True}),
]
INNOCENT = [
    ("honeypot", {"honeypot": ""}, {}),
    ("too_fast", {"seconds_spent": 3.0}, {}),
    ("too_fast", {"seconds_spent": None}, {}),
    ("blocked_word", {}, {"blocked": {"word": ()}}),
    ("disposable_email", {"author_email": "x@monyopmail.com"}, {}),
    ("disposable_email", {"author_email": "yopmail.com@exemple.fr"}, {}),
    ("link_only", {"body": f"Source : {LINK}"}, {}),
    ("link_only", {"body": "1. !"}, {}),
    ("links", {"body": "Écrivez à nom@exemple.fr, ou fini.La suite."}, {}),
    ("many_links", {"body": f"Lisez tout : {' '.join([LINK] * 4)}"}, {}),
    ("flood", {}, {"recent_of_email": 4}),
    ("capitals", {"body": "Cette décision est SCANDALEUSE, et la SNCF, la RATP et l’URSSAF le savent bien."}, {}),
    ("capitals", {"body": "OUI, BRAVO !"}, {}),
    ("repetition", {"body": "Nooooon !!!!! 1000000 € ------ ......"}, {}),
    ("first_comment", {}, {"is_first": False}),
]


@pytest.mark.parametrize(("rule", "sent", "known"), SEEN)
def test_a_rule_sees(rule: str, sent: dict[str, Any], known: dict[str, Any]):
    assert rule in names(screen(context=known, **sent))


@pytest.mark.parametrize(("rule", "sent", "known"), INNOCENT)
def test_a_rule_does_not_see(rule: str, sent: dict[str, Any], known: dict[str, Any]):
    assert rule not in names(screen(context=known, **sent))


def test_every_rule_is_tried_here():
    assert {rule for rule, *_rest in SEEN} == {rule.name for rule in screening.RULES}


def test_an_ordinary_comment_has_no_finding():
    assert screen().found == ()


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ({"body": f"Lisez {LINK} avant de juger."}, {"is_first": True}),
        ({"body": f"C’est SCANDALEUX !!!!!! Lisez {LINK}."}, {"is_first": True}),
        ({"body": SHOUTED}, {"is_first": True}),
        ({"body": f"{SHOUTED} !!!!!!"}, {}),
        ({"seconds_spent": 1.0}, {"is_first": True}),
        ({}, {"recent_of_email": 50}),
        ({}, {"repeats": True, "recent_of_email": 50}),
    ],
)
def test_a_weakness_does_not_make_a_comment_suspect(sent: dict[str, Any], known: dict[str, Any]):
    screened = screen(context=known, **sent)

    assert screened.found
    assert not screened.is_suspect


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ({"body": f"Lisez {LINK} avant de juger.", "seconds_spent": 1.0}, {"recent_of_email": 5}),
        ({"body": f"{SHOUTED} !!!!!!"}, {"repeats": True}),
        ({"body": f"Lisez tout : {' '.join([LINK] * 5)}"}, {}),
    ],
)
def test_several_together_do(sent: dict[str, Any], known: dict[str, Any]):
    assert screen(context=known, **sent).is_suspect


@pytest.mark.parametrize(
    "case", [case for case in SEEN if case[0] in {r.name for r in screening.RULES if r.weight >= 10}]
)
def test_a_strong_rule_does_alone(case: tuple[str, dict[str, Any], dict[str, Any]]):
    _rule, sent, known = case
    assert screen(context=known, **sent).is_suspect


def test_findings_come_in_the_order_of_the_rules():
    known = {"repeats": True, "is_first": True, "recent_of_email": 9, "blocked": {"word": (Match(7, "arnaque"),)}}
    found = names(screen(f"{LINK} {SHOUTED}, {SHOUTED} !!!!!!", known, honeypot="x", seconds_spent=0.5))
    order = [rule.name for rule in screening.RULES]

    assert len(found) == 9
    assert all(order.index(one) < order.index(next_one) for one, next_one in pairwise(found))


def test_a_finding_says_how_many_links_and_which_terms():
    screened = screen(f"{LINK} et {LINK}", {"blocked": {"word": (Match(7, "arnaque"), Match(9, "casino"))}})

    assert dict(screened.rows)["links"] == "2"
    assert dict(screened.rows)["blocked_word"] == "arnaque, casino"
    assert screened.terms == [7, 9]


def test_a_detail_is_never_longer_than_its_column():
    matches = tuple(Match(number, "mot" * 40) for number in range(9))
    [(_name, detail)] = screen(context={"blocked": {"word": matches}}).rows

    assert len(detail) == 200
    assert detail.endswith("…")


@pytest.mark.parametrize(
    ("rule", "detail", "words"),
    [
        ("blocked_word", "arnaque", "mot surveillé\u00a0: arnaque"),
        ("blocked_email", "", "email surveillé"),
        ("une_regle_d_hier", "", "une_regle_d_hier"),
    ],
)
def test_a_finding_reads_as_a_sentence(rule: str, detail: str, words: str):
    assert screening.sentence(rule, detail) == words


def test_the_names_of_rules_fit_their_column_and_differ():
    names = [rule.name for rule in screening.RULES]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 40


HOSTILE = [
    "x" * 5_000,
    "é" * 5_000,
    "\u200b" * 4_999 + "a",
    "a\u200b" * 2_500,
    "\u0301" * 5_000,
    "www.a.fr " * 555,
    "http://" * 714,
    "a." * 2_500,
    "." * 5_000,
    "%F0%9F" * 800,
    "http://xn--" + "a" * 4_000 + ".fr",
    "ÀÈÌ ÒÙ " * 700,
    "(((((((" * 700,
    "".join(chr(0x300 + number % 0x6F) + "a" for number in range(2_500)),
    "".join(chr(0x4E00 + number) for number in range(5_000)),
]


@pytest.fixture(scope="module")
def blocklist() -> Blocklist:
    """Return a list with something of every kind."""
    blocklist = Blocklist()
    typed = [("word", "arnaque"), ("word", "« con »"), ("word", "gagnez de l’argent"), ("domain", "a.fr")]
    typed += [("email", "x@exemple.fr"), ("network", "203.0.113.0/24"), ("network", "2001:db8::/32")]
    for pk, (kind, value) in enumerate(typed):
        blocklist.add(kind, normal(kind, value).key, Term(pk, value))
    return blocklist


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_screened(blocklist: Blocklist, body: str):
    sent = submission(body)
    screening.screen(sent, Context(blocked=blocklist.matches(sent)))


@given(body=st.text(), name=st.text(), email=st.text(), network=st.text())
def test_no_text_makes_the_screening_fail(body: str, name: str, email: str, network: str):
    blocklist = Blocklist()
    for pk, (kind, key) in enumerate([("word", "a"), ("word", '"b'), ("domain", "c.fr"), ("email", "d@e.fr")]):
        blocklist.add(kind, key, Term(pk, key))
    blocklist.add("network", "203.0.113.0/24", Term(9, ""))
    sent = submission(body, author_name=name, author_email=email, client_network=network)
    screening.screen(sent, Context(blocked=blocklist.matches(sent)))


def test_the_documentation_lists_the_rules_as_they_are():
    page = (Path(settings.BASE_DIR) / "docs/reference/screening.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (\d+) \|", page, re.MULTILINE)

    assert rows == [(rule.name, str(rule.label), str(rule.weight)) for rule in screening.RULES]
