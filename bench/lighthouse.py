"""`python -m bench.lighthouse FOLDER`: reads the reports that `lighthouse.sh` took, prints the medians, and publishes them.

Each report is a file of Lighthouse's JSON in the folder; those of one page, whatever their names, are its runs.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

DOCUMENT = Path(__file__).parent.parent / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- lighthouse -->", "<!-- /lighthouse -->"
GOAL = 95
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
TIMES = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocking",
}
_SHIFT = "cumulative-layout-shift"
_PICTURES, _FONTS = {"Image"}, {"Font"}
# Bytes over the wire, pictures apart: without fonts, and with them.
MOST_BYTES = {"bytes": 60_000, "with fonts": 150_000}

type Report = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """What the runs of a page found: medians, the largest number of bytes, and what to look at."""

    path: str
    scores: dict[str, list[int]]
    milliseconds: dict[str, float]
    shift: float
    octets: dict[str, int]
    remarks: list[str] = field(default_factory=list)

    @property
    def misses(self) -> list[str]:
        """Say which goals the page misses."""
        low = [f"{name} {median(runs):.0f}" for name, runs in self.scores.items() if median(runs) < GOAL]
        return [*low, *(f"{self.octets[name]} {name}" for name, most in MOST_BYTES.items() if self.octets[name] > most)]


def read(folder: Path) -> list[Page]:
    """Return what the reports in a folder say of each page, in the order in which these were taken."""
    runs: dict[str, list[Report]] = {}
    for name in sorted(folder.glob("*.json")):
        report = json.loads(name.read_text(encoding="utf-8"))
        asked = urlsplit(report["requestedUrl"])
        runs.setdefault(asked.path + (f"?{asked.query}" if asked.query else ""), []).append(report)
    return [_page(path, reports) for path, reports in runs.items()]


def _page(path: str, reports: Sequence[Report]) -> Page:
    def value(report: Report, audit: str) -> float:
        return float(report["audits"][audit]["numericValue"])

    return Page(
        path,
        {
            name: [round(100 * (report["categories"][key]["score"] or 0)) for report in reports]
            for key, name in CATEGORIES.items()
        },
        {name: median(value(report, key) for report in reports) for key, name in TIMES.items()},
        median(value(report, _SHIFT) for report in reports),
        {
            "bytes": max(_size(report, without=_PICTURES | _FONTS) for report in reports),
            "with fonts": max(_size(report, without=_PICTURES) for report in reports),
            "of pictures": max(_size(report) - _size(report, without=_PICTURES) for report in reports),
        },
        [
            audit["title"]
            for audit in reports[0]["audits"].values()
            if audit["scoreDisplayMode"] == "binary" and not audit["score"]
        ],
    )


def _size(report: Report, *, without: Iterable[str] = ()) -> int:
    requests = report["audits"]["network-requests"]["details"]["items"]
    return sum(each["transferSize"] for each in requests if each.get("resourceType", "Other") not in without)


def table(pages: Sequence[Page]) -> str:
    """Return the medians as a table of Markdown."""
    return "\n".join(_rows(pages))


def _rows(pages: Sequence[Page]) -> Iterator[str]:
    heads = [*CATEGORIES.values(), *TIMES.values(), "layout shift", "bytes", "with fonts", "of pictures"]
    yield f"| page | {' | '.join(heads)} |"
    yield f"|---|{'---:|' * len(heads)}"
    for page in pages:
        scores = [f"{median(runs):.0f}" for runs in page.scores.values()]
        times = [f"{milliseconds:,.0f} ms" for milliseconds in page.milliseconds.values()]
        octets = [f"{number:,}" for number in page.octets.values()]
        yield f"| `{page.path}` | {' | '.join([*scores, *times, f'{page.shift:.3f}', *octets])} |"


def published(text: str, pages: Sequence[Page], how: str) -> str:
    """Return a document in which the table stands between its marks, and below it how it was taken."""
    before, begin, rest = text.partition(BEGIN)
    _former, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The document does not say where the table goes: {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table(pages)}\n\n{how}\n{END}{after}"


def main(words: list[str] | None = None) -> int:
    """Print what was found, and publish it where `--publish` says how it was taken; return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench.lighthouse")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--publish", metavar="HOW", default="")
    options = parser.parse_args(words)
    pages = read(options.folder)
    print(table(pages))
    for page in pages:
        for miss in page.misses:
            print(f"{page.path} : but manqué, {miss}")
        for remark in page.remarks:
            print(f"{page.path} : à voir, {remark}")
    if options.publish:
        document = published(DOCUMENT.read_text(encoding="utf-8"), pages, options.publish)
        DOCUMENT.write_text(document, encoding="utf-8")
    return int(any(page.misses for page in pages))


if __name__ == "__main__":
    sys.exit(main())
