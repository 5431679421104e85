"""The benchmark from end to end, as small as it can be: nothing here looks at a time."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bench import __main__ as run
from bench.bench import QUICK, Bench
from bench.measures import crowd
from bench.results import Broken, Goal, Result

TINY = replace(
    QUICK,
    rounds=1,
    seconds=0.2,
    small=(0, 0),
    stampedes=1,
    samples=2,
    queue=(0, 0),
    waiting=150,
    bulk=5,
    backup=(0, 0),
    backup_megabytes=1,
    crowd_seconds=0.5,
)

type Measure = Callable[[Bench], Result]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[Measure], None]:
    """Return what puts one measurement in the place of all."""

    def put(measure: Measure) -> None:
        monkeypatch.setattr(run, "MEASURES", {"one": measure})

    return put


def missed(bench: Bench) -> Result:
    """Find a promise missed."""
    return Result(place=1, title="", columns=[], rows=[], goals=[Goal(label="Ceci", value=2, limit=1)])


def broken(bench: Bench) -> Result:
    """Find nothing."""
    raise Broken("le serveur n’a pas démarré")


def test_a_measurement_is_taken_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cores = os.sched_getaffinity(0)
    code = run.main(["submission", "--results", str(tmp_path)], scale=TINY)
    told = capsys.readouterr().out
    assert code == 0, told
    found = json.loads((tmp_path / "results.json").read_text())
    assert [row[0] for row in found["submission"]["rows"]] == ["vue vide de Django", "commentaire envoyé"]
    assert os.sched_getaffinity(0) == cores


def test_the_desk_is_measured_on_the_databases_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BENCH_POSTGRES", "postgres://nobody@127.0.0.1:1")
    code = run.main(["queue", "--results", str(tmp_path)], scale=TINY)
    told = capsys.readouterr().out
    assert code == 0, told
    found = json.loads((tmp_path / "results.json").read_text())["queue"]
    names = [row[0] for row in found["rows"]]
    assert names[0] == "la première page"
    assert names[-2:] == ["publier 5 commentaires", "refuser 5 commentaires"]
    goals = {goal["label"]: goal["value"] for goal in found["goals"]}
    assert goals["SQLite, la première page, requêtes"] > 1
    assert goals["PostgreSQL"] is None
    assert "PostgreSQL n’est pas mesuré" in told


def test_a_crowd_is_measured_and_what_it_wrote_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BENCH_POSTGRES", "postgres://nobody@127.0.0.1:1")
    monkeypatch.setattr(crowd, "READERS", 12)
    monkeypatch.setattr(crowd, "WRITERS", 4)
    code = run.main(["crowd", "--results", str(tmp_path)], scale=TINY)
    told = capsys.readouterr().out
    assert code == 0, told
    found = json.loads((tmp_path / "results.json").read_text())["crowd"]
    assert [row[0] for row in found["rows"]][:3] == [
        f"SQLite, en lisant, {kind}" for kind in ("commentaires", "pages", "relevés")
    ]
    assert len(found["rows"]) == 6


def test_a_missed_promise_is_told_and_is_no_error(
    only: Callable[[Measure], None], capsys: pytest.CaptureFixture[str]
) -> None:
    only(missed)
    assert run.main(["--quick"]) == 0
    assert "Manquées : 1." in capsys.readouterr().out


def test_a_missed_promise_is_an_error_where_one_is_strict(only: Callable[[Measure], None]) -> None:
    only(missed)
    assert run.main(["--quick", "--strict"]) == 1


def test_a_measurement_that_breaks_is_an_error(
    only: Callable[[Measure], None], capsys: pytest.CaptureFixture[str]
) -> None:
    only(broken)
    assert run.main(["--quick"]) == 1
    assert "le serveur n’a pas démarré" in capsys.readouterr().out


def test_an_unknown_measurement_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(["tout"])
    assert "mesure inconnue" in capsys.readouterr().err
