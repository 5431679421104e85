"""What Lighthouse's reports become: medians by page, goals that are missed, a table in the documentation."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import lighthouse


def report(path: str, *, score: float = 1.0, octets: int = 20_000) -> dict[str, Any]:
    """Return what is read of a report of Lighthouse's."""
    numbers = {key: {"numericValue": 1_000.0 * score, "scoreDisplayMode": "numeric"} for key in lighthouse.TIMES}
    requests = [{"resourceType": kind, "transferSize": octets} for kind in ("Document", "Font", "Image")]
    return {
        "requestedUrl": f"http://127.0.0.1:1234{path}",
        "categories": {key: {"score": score} for key in lighthouse.CATEGORIES},
        "audits": numbers
        | {
            "cumulative-layout-shift": {"numericValue": 0.01, "scoreDisplayMode": "numeric"},
            "network-requests": {"details": {"items": requests}, "scoreDisplayMode": "informative"},
            "lang": {"title": "A page says its language", "scoreDisplayMode": "binary", "score": 0},
        },
    }


def taken(folder: Path, *reports: dict[str, Any]) -> list[lighthouse.Page]:
    """Return what is read of reports, written as they were taken."""
    for number, each in enumerate(reports):
        (folder / f"{number:02}.json").write_text(json.dumps(each), encoding="utf-8")
    return lighthouse.read(folder)


def test_the_runs_of_a_page_are_told_by_their_median(tmp_path: Path) -> None:
    pages = taken(tmp_path, *(report("/", score=score) for score in (0.9, 1.0, 0.97)), report("/recherche/?q=a"))
    assert [page.path for page in pages] == ["/", "/recherche/?q=a"]
    assert lighthouse.table(pages).splitlines()[2] == (
        "| `/` | 97 | 97 | 97 | 97 | 970 ms | 970 ms | 970 ms | 0.010 | 20,000 | 40,000 | 20,000 |"
    )
    assert pages[0].remarks == ["A page says its language"]


def test_a_goal_that_is_missed_is_told_and_ends_in_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [page] = taken(tmp_path, report("/", score=0.94, octets=60_001))
    assert page.misses == [*(f"{name} 94" for name in lighthouse.CATEGORIES.values()), "60001 bytes"]
    assert lighthouse.main([str(tmp_path)]) == 1
    assert "/ : but manqué, SEO 94" in capsys.readouterr().out


def test_what_was_published_before_is_replaced_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"Avant.\n{lighthouse.BEGIN}\nAncien.\n{lighthouse.END}\nAprès.\n", encoding="utf-8")
    monkeypatch.setattr(lighthouse, "DOCUMENT", document)
    pages = taken(tmp_path, report("/"))
    for _time in range(2):
        assert lighthouse.main([str(tmp_path), "--publish", "Hier."]) == 0
    table = lighthouse.table(pages)
    expected = f"Avant.\n{lighthouse.BEGIN}\n{table}\n\nHier.\n{lighthouse.END}\nAprès.\n"
    assert document.read_text(encoding="utf-8") == expected


def test_the_documentation_has_a_place_for_it() -> None:
    text = lighthouse.DOCUMENT.read_text(encoding="utf-8")
    assert lighthouse.published(text, [], "").count(lighthouse.BEGIN) == 1
