"""docs/how-to/deploy.md, carried out on throw-away machines: what those see who follow it, and their readers."""

import re

import pytest

from tests.deployment.conftest import BACK, PAGE, UPGRADE, Journey
from tests.deployment.page import commands

pytestmark = pytest.mark.any_database


def test_a_bare_machine_becomes_a_site_over_tls_and_http_2(journey: Journey) -> None:
    printed = journey.printed["Is it there?"]
    assert printed.startswith("HTTP/2 200")
    assert "strict-transport-security: max-age=31536000" in printed
    assert "multitude-chores.timer" in printed
    assert journey.noted["failed"] == ""


def test_its_first_password_is_told_once_and_its_pages_are_its_own(journey: Journey) -> None:
    assert re.search(r"Mot de passe :\s+\S{16}", journey.printed["What it is told"])
    # What the test loaded, and no demo newspaper.
    assert journey.noted["articles"] == "les-dirigeants-et-les-attentes-de-la-multitude"


def test_every_command_of_the_page_was_carried_out(journey: Journey) -> None:
    assert set(journey.done) == set(commands(PAGE))


def test_systemd_finds_nothing_to_say_about_the_units(journey: Journey) -> None:
    assert journey.noted["units"] == ""


def test_the_site_runs_under_an_account_that_cannot_change_it(journey: Journey) -> None:
    assert journey.noted["accounts"] in {"multitude", "multitu+"}
    assert "Permission denied" in journey.noted["code"]
    assert journey.noted["private key"] == "700 640 700"


def test_what_falls_is_started_again(journey: Journey) -> None:
    assert journey.noted["nginx"].split()[-1] == "active"


def test_timers_do_what_they_are_for(journey: Journey) -> None:
    assert journey.noted["chores"] == "success"
    assert journey.noted["backups"]


def test_a_new_version_takes_over_and_no_request_fails(journey: Journey) -> None:
    answers = journey.answers[UPGRADE]
    assert set(answers) == {"GET 200", "POST 303"}, answers
    assert journey.noted["style of 1.1.0"] != journey.noted["style of 1.0.0"]


def test_the_way_back_is_as_quiet(journey: Journey) -> None:
    answers = journey.answers[BACK]
    assert set(answers) == {"GET 200", "POST 303"}, answers


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
def test_pages_have_the_style_of_their_version(journey: Journey, version: str) -> None:
    assert re.fullmatch(
        r"/static/css/base\.[0-9a-f]{12}\.css 200 text/css; charset=utf-8", journey.noted[f"style of {version}"]
    )


def test_a_reload_is_not_noticed(journey: Journey) -> None:
    answers = journey.answers["reload"]
    assert set(answers) == {"GET 200", "POST 303"}, answers


def test_a_restoration_brings_back_what_was_there_before_the_upgrade(journey: Journey) -> None:
    before, after = (int(journey.noted[f"{when} the restoration"]) for when in ("before", "after"))
    assert after < before


def test_after_a_power_cut_everything_comes_back_by_itself(journey: Journey) -> None:
    assert set(journey.noted["after a power cut"].split()) == {"running", "active", "200"}


def test_nothing_is_lost_on_the_way_to_postgresql(journey: Journey) -> None:
    assert journey.noted["after moving"] == journey.noted["before moving"]


def test_the_second_machine_answers_readers_too(journey: Journey) -> None:
    assert "10.0.0.1" in journey.noted["connections"]


def test_a_machine_that_fails_costs_its_readers_nothing(journey: Journey) -> None:
    answers = journey.answers["a machine fails"]
    assert set(answers) == {"GET 200", "POST 303"}, answers
