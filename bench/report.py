"""What a run leaves: the table in Markdown, the figures in JSON, the chart, and the same table in the documentation."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bench import chart
from bench.results import Cost, Goal, Result

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
DOCUMENT = ROOT / "docs" / "explanation" / "performance.md"
# What a cell of a column of figures begins with.
_FIGURE = tuple("0123456789≥≤<×—")
_BEGIN, _END = "<!-- make bench -->\n", "<!-- /make bench -->"


def told(result: Result) -> str:
    """Return what one measurement found, as Markdown that a terminal reads as well."""
    goals = table(
        ["promesse", "limite", "mesuré", ""],
        [[goal.label, goal.promise, goal.measured, goal.verdict] for goal in result.goals],
    )
    notes = "\n".join(f"- {note}" for note in result.notes)
    return "\n\n".join(part for part in (table(result.columns, result.rows), goals, notes) if part)


def table(columns: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table whose columns stand under each other, those of figures to the right."""
    if not rows:
        return ""
    cells_of = list(zip(columns, *rows, strict=True))
    widths = [max(map(len, cells)) for cells in cells_of]
    figures = [all(cell[:1] in _FIGURE for cell in cells[1:]) for cells in cells_of]
    lines = [
        "| "
        + " | ".join(
            cell.rjust(width) if is_figure else cell.ljust(width)
            for cell, width, is_figure in zip(row, widths, figures, strict=True)
        )
        + " |"
        for row in (columns, *rows)
    ]
    ends = zip(widths, figures, strict=True)
    rule = "|" + "|".join("-" * (width + 1) + (":" if is_figure else "-") for width, is_figure in ends) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def write(folder: Path, found: dict[str, Result | None], machine: str, order: list[str]) -> None:
    """Put what was found into the results in a folder.

    What was not measured this time stays, with its own date; what broke, None, leaves nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for name, result in found.items():
        kept[name] = result and {"on": date.today().isoformat(), "machine": machine, **asdict(result)}
    kept = {name: entry for name in order if (entry := kept.get(name))}
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "results.md").write_text(_page(kept), encoding="utf-8")
    (folder / "results.svg").write_text(chart.draw([_read(entry) for entry in kept.values()]), encoding="utf-8")


def publish(folder: Path, document: Path = DOCUMENT) -> None:
    """Put the table of promises and figures into the documentation, where it is marked."""
    kept = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    before, _begin, rest = document.read_text(encoding="utf-8").partition(_BEGIN)
    _old, _end, after = rest.partition(_END)
    document.write_text(f"{before}{_BEGIN}\n{summary(kept)}\n\n{_END}{after}", encoding="utf-8")


def summary(kept: dict[str, Any]) -> str:
    """Return every promise with its figure, measurement by measurement."""
    rows = [
        [str(result.place), goal.label, goal.promise, goal.measured, goal.verdict]
        for result in map(_read, kept.values())
        for goal in result.goals
    ]
    return table(["", "promesse", "limite", "mesuré", "verdict"], rows)


def _page(kept: dict[str, Any]) -> str:
    parts = ["# Résultats de `make bench`", "![Ce que coûte chaque demande, et chaque promesse](results.svg)"]
    for entry in kept.values():
        result = _read(entry)
        parts += [f"## {result.place}. {result.title}", f"Le {entry['on']}, {entry['machine']}.", told(result)]
    return "\n\n".join(parts) + "\n"


def _read(entry: dict[str, Any]) -> Result:
    """Return a result as it was before it was written."""
    fields = {name: value for name, value in entry.items() if name not in {"on", "machine"}}
    goals, costs = [Goal(**goal) for goal in entry["goals"]], [Cost(**cost) for cost in entry["costs"]]
    return Result(**fields | {"goals": goals, "costs": costs})
