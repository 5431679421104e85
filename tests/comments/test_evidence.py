"""The files that decisions are told in: no formula, valid to the letter, and no query for each row."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from comments import evidence
from comments.evidence import Scope, harmless
from comments.models import Evidence
from tests.factories import decide, make_comment, make_user

FORMULAS = [
    "=1+1",
    "+33 1 23",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\x00=1",
    "\u202e=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "﹦1",
    "﹣1",
    "−1",
    "=cmd|' /C calc'!A0",
    "\ttabulé",
    "\rretour",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_begin_a_formula_is_made_text(text: str):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["", "Bonjour.", "1-1=0", "« Oui »", "l’=", "'=1", "e@exemple.fr", "192.0.2.0/24"])
def test_what_begins_none_stays_as_it_is(text: str):
    assert harmless(text) == text


def test_control_characters_are_seen_and_line_ends_are_one():
    assert harmless("a\x00b\x1bc\r\nd\re\nf\tg") == "a\ufffdb\ufffdc\nd\ne\nf\tg"


@given(st.text(max_size=50))
def test_no_cell_of_any_text_is_a_formula_or_breaks_its_line(text: str):
    [[before, cell, after]] = list(
        csv.reader(io.StringIO(evidence._lines([["avant", evidence._cell(text), "après"]]), newline=""), delimiter=";")
    )

    assert (before, after) == ("avant", "après")
    assert not cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert "\x00" not in cell
    assert "\r" not in cell


@given(st.lists(st.dictionaries(st.sampled_from(["body", "author_name"]), st.text(max_size=20)), max_size=5))
def test_json_is_valid_and_tells_texts_to_the_letter(records: list[dict[str, str]]):
    told = [[record] for record in records]

    assert json.loads("".join(evidence.as_json(told, personal=False))) == records


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["author_name", "body", "explanation", "findings"])
def test_every_text_of_a_reader_or_moderator_is_made_harmless(column: str):
    comment = decide(make_comment(), "approve")
    value = [{"rule": "=rule", "detail": "x"}] if column == "findings" else "=1+1"
    super(type(Evidence.objects.all()), Evidence.objects.all()).update(**{column: value})
    source = "".join(evidence.as_csv(evidence.batches(Scope(), personal=True), personal=True))

    assert comment.article.headline in source
    assert ";'=" in source
    assert ";=" not in source


@pytest.mark.django_db
def test_a_name_of_an_account_is_made_harmless_too():
    decide(make_comment(), "approve", moderator=make_user("@cheffe"))
    source = "".join(evidence.as_csv(evidence.batches(Scope(), personal=False), personal=False))

    assert ";'@cheffe;" in source


@pytest.mark.django_db
@pytest.mark.parametrize("personal", [True, False])
def test_no_row_costs_a_query(personal: bool):
    for _number in range(3):
        decide(decide(make_comment(honeypot="x"), "reject", reason="insult"), "return_to_queue")
    with CaptureQueriesContext(connection) as captured:
        [batch] = evidence.batches(Scope(), personal=personal)

    assert len(batch) == 6
    assert len(captured) == 2
