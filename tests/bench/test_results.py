"""Promises and figures: met or missed, and written as French writes numbers."""

import pytest

from bench.results import NARROW, Goal, number


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (0.0571, "0,057"),
        (0.9, "0,90"),
        (1.153, "1,15"),
        (12, "12"),
        (25.04, "25,0"),
        (8500.4, f"8{NARROW}500"),
        (1_000_000, f"1{NARROW}000{NARROW}000"),
    ],
)
def test_a_number_has_three_significant_figures_and_a_comma(value: float, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize(
    ("goal", "verdict"),
    [
        (Goal(label="", value=12, limit=12), "tenu"),
        (Goal(label="", value=12.1, limit=12), "manqué"),
        (Goal(label="", value=10, limit=10, strict=True), "manqué"),
        (Goal(label="", value=0.9, limit=0.9, at_least=True), "tenu"),
        (Goal(label="", value=0.89, limit=0.9, at_least=True), "manqué"),
        (Goal(label="", value=None, limit=1), "non mesuré"),
    ],
)
def test_a_promise_is_kept_up_to_its_limit(goal: Goal, verdict: str) -> None:
    assert goal.verdict == verdict


@pytest.mark.parametrize(
    ("goal", "strain"),
    [
        (Goal(label="", value=6, limit=12), 0.5),
        (Goal(label="", value=0.5, limit=1, at_least=True), 2),
        (Goal(label="", value=0, limit=0), 0),
        (Goal(label="", value=None, limit=1), None),
    ],
)
def test_the_strain_is_1_at_the_limit_and_more_beyond(goal: Goal, strain: float | None) -> None:
    assert goal.strain == strain
