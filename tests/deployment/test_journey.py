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


def test_nginx_may_open_as_many_connections_as_it_is_told_to_take(journey: Journey) -> None:
    assert int(journey.noted["open files"]) >= 2 * 4096


def test_what_is_typed_counts_more_than_the_file_and_nothing_else_of_roots_gets_in(journey: Journey) -> None:
    assert journey.noted["typed"] == "10.9.8.7 redaction@exemple.fr https://exemple.fr /var/lib/multitude False"


def test_the_monthly_drill_restores_beside_the_site(journey: Journey) -> None:
    where = "la base de données /var/lib/multitude-trial/multitude.sqlite3 et le dossier /var/lib/multitude-trial."
    assert where in journey.printed["drill"]
    assert re.fullmatch(r"700\n\d+", journey.noted["copy"])


def test_the_monthly_drill_restores_beside_the_site_on_postgresql(journey: Journey) -> None:
    assert "la base de données multitude_trial (10.0.0.3:5432)" in journey.printed["drill on PostgreSQL"]
    assert re.fullmatch(r"700\n\d+", journey.noted["copy on PostgreSQL"])


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


def test_a_web_process_starts_as_soon_as_its_database_is_back(journey: Journey) -> None:
    assert journey.noted["once the database is back"] == "active"


def test_no_picture_is_written_below_the_shared_folder_and_services_wait_for_it(journey: Journey) -> None:
    denied, state = journey.noted["without the shared folder"].splitlines()
    assert "Permission denied" in denied
    assert state == "inactive"
    assert journey.noted["with the shared folder"] == "active"


def test_the_data_machine_comes_back_although_its_address_comes_late(journey: Journey) -> None:
    assert journey.noted["data after a power cut"].split() == ["10.0.0.3:5432", "10.0.0.3:6379"]


def test_the_second_machine_answers_readers_too(journey: Journey) -> None:
    assert "10.0.0.1" in journey.noted["connections"]


def test_a_machine_that_fails_costs_its_readers_nothing(journey: Journey) -> None:
    answers = journey.answers["a machine fails"]
    assert set(answers) == {"GET 200", "POST 303"}, answers
