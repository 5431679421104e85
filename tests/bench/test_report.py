"""What a run leaves: nothing missed is hidden, and what was not measured this time stays."""

import json
from pathlib import Path
from xml.etree import ElementTree

from bench import report
from bench.results import Cost, Goal, Result


def result(value: float = 2, limit: float = 1) -> Result:
    """Return what a measurement of one figure found."""
    return Result(
        place=1,
        title="Une mesure",
        columns=["quoi", "combien"],
        rows=[["ceci", "2"]],
        goals=[Goal(label="Ceci & <cela>", value=value, limit=limit)],
        notes=["À savoir."],
        costs=[Cost(label="ceci", ms=0.05), Cost(label="une ancre", ms=3, is_anchor=True)],
    )


def test_a_missed_promise_is_printed_as_missed() -> None:
    told = report.told(result())
    assert "manqué" in told
    assert "- À savoir." in told


def test_a_missed_promise_is_missed_in_the_table_and_in_the_chart(tmp_path: Path) -> None:
    report.write(tmp_path, {"one": result()}, "2 cœurs", ["one"])
    assert "manqué" in (tmp_path / "results.md").read_text()
    words = "".join(ElementTree.parse(tmp_path / "results.svg").getroot().itertext())  # noqa: S314  our own file
    assert "Ceci & <cela>" in words
    assert "manqué" in words


def test_another_run_keeps_what_it_does_not_measure(tmp_path: Path) -> None:
    report.write(tmp_path, {"two": result()}, "2 cœurs", ["one", "two"])
    report.write(tmp_path, {"one": result(), "gone": result()}, "2 cœurs", ["one", "two"])
    assert list(json.loads((tmp_path / "results.json").read_text())) == ["one", "two"]


def test_what_broke_leaves_no_older_figure(tmp_path: Path) -> None:
    report.write(tmp_path, {"one": result(), "two": result()}, "2 cœurs", ["one", "two"])
    report.write(tmp_path, {"one": None}, "2 cœurs", ["one", "two"])
    assert list(json.loads((tmp_path / "results.json").read_text())) == ["two"]


def test_the_documentation_takes_the_table_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- make bench -->\nold\n<!-- /make bench -->\nafter\n")
    report.write(tmp_path, {"one": result()}, "2 cœurs", ["one"])
    report.publish(tmp_path, page)
    before, table, after = page.read_text().split("\n\n")
    assert before == "before\n<!-- make bench -->"
    assert "Ceci & <cela>" in table
    assert "old" not in table
    assert after == "<!-- /make bench -->\nafter\n"


def test_the_documentation_shows_the_results_that_are_kept() -> None:
    kept = json.loads((report.RESULTS / "results.json").read_text())
    assert report.summary(kept) in report.DOCUMENT.read_text()
