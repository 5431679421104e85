"""The chart: what each answer costs, and how near each promise is to its limit. Drawn here, as SVG, for light and dark."""

import math
from html import escape

from bench.results import Cost, Goal, Result, number

WIDTH, MARGIN, LABELS, BARS, LINE = 880, 32, 330, 250, 20
# The colours of the site's own style sheet.
_STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: #1b1714;
       font-variant-numeric: tabular-nums }
.paper { fill: #fdfbf7 } .title { font: 600 19px Newsreader, "Times New Roman", serif }
.group { font-weight: 600 } .quiet { fill: #6a625a; font-size: 12px } .end { text-anchor: end } .middle { text-anchor: middle }
.rule { stroke: #d9d2c7 } .limit { stroke: #1b1714 } .track { fill: #f5f1ea }
.ours, .met { fill: #226238 } .anchor { fill: #a39a8f } .missed { fill: #a1123b } .stem { stroke: #d9d2c7; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #ece6dd } .paper { fill: #161311 } .quiet { fill: #a39a8f } .rule, .stem { stroke: #3b352f }
  .limit { stroke: #ece6dd } .track { fill: #211c19 } .ours, .met { fill: #7fc795 } .anchor { fill: #6a625a } .missed { fill: #ff8ba3 }
}
"""
_MOST = 1.5


class _Page:
    """Lines of SVG under each other; `y` is where the next one goes."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = 0.0

    def text(self, x: float, words: str, kind: str = "", y: float | None = None) -> None:
        """Write words whose base line is 5 below the middle of the current line."""
        at = self.y + 5 if y is None else y
        self.parts.append(f'<text x="{x:g}" y="{at:g}" class="{kind}">{escape(words)}</text>')

    def box(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """Fill a rectangle with rounded ends."""
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" width="{width:.1f}" height="{height:g}" rx="2" class="{kind}"/>')

    def line(self, x: float, y: float, to_x: float, to_y: float, kind: str) -> None:
        """Draw a straight line."""
        self.parts.append(f'<line x1="{x:.1f}" y1="{y:g}" x2="{to_x:.1f}" y2="{to_y:g}" class="{kind}"/>')


def draw(results: list[Result]) -> str:
    """Return the chart of these results."""
    page = _Page()
    if costs := sorted((cost for result in results for cost in result.costs), key=lambda cost: cost.ms):
        _draw_costs(page, costs)
    _draw_goals(page, results)
    height = page.y + MARGIN - LINE / 2
    missed = sum(goal.is_met is False for result in results for goal in result.goals)
    goals = sum(len(result.goals) for result in results)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" role="img">',
            f"<title>Ce que coûte chaque réponse, et {goals} promesses dont {missed} manquées</title>",
            f"<style>{_STYLE}</style>",
            f'<rect width="{WIDTH}" height="{height:g}" class="paper"/>',
            *page.parts,
            "</svg>\n",
        ]
    )


def _draw_costs(page: _Page, costs: list[Cost]) -> None:
    """Draw the cost of each answer as a point on a logarithmic scale, the cheapest first."""
    page.y = MARGIN + 8
    page.text(MARGIN, "Ce que coûte une réponse", "title")
    page.y += 22
    page.text(
        MARGIN,
        "Millisecondes de processeur du serveur ; échelle logarithmique. En vert le journal, en gris ses ancres.",
        "quiet",
    )
    page.y += 30
    left, right = MARGIN + LABELS, WIDTH - MARGIN - 60
    lowest, highest = (
        edge(math.log10(cost.ms or 0.001)) for edge, cost in ((math.floor, costs[0]), (math.ceil, costs[-1]))
    )
    span = max(1, highest - lowest)
    top, bottom = page.y - 6, page.y + LINE * len(costs) + 2
    for power in range(lowest, lowest + span + 1):
        x = left + (right - left) * (power - lowest) / span
        page.line(x, top, x, bottom, "rule")
        page.text(x, f"{10.0**power:g}".replace(".", ","), "quiet middle", bottom + 14)
    for cost in costs:
        page.y += LINE / 2
        x = left + (right - left) * (math.log10(cost.ms or 0.001) - lowest) / span
        kind = "anchor" if cost.is_anchor else "ours"
        page.text(MARGIN, cost.label, "quiet" if cost.is_anchor else "")
        page.line(left, page.y, x, page.y, "stem")
        page.parts.append(f'<circle cx="{x:.1f}" cy="{page.y:g}" r="5" class="{kind}"/>')
        page.text(x + 11, number(cost.ms), "quiet" if cost.is_anchor else "")
        page.y += LINE / 2
    page.y += 36


def _draw_goals(page: _Page, results: list[Result]) -> None:
    """Draw each promise as a bar that has to end before the line, its limit."""
    page.y += MARGIN + 8
    page.text(MARGIN, "Ce qui est promis, et ce qui est mesuré", "title")
    page.y += 22
    page.text(MARGIN, "Chaque barre est la part de ce qui est permis : tenue, elle s’arrête avant le trait.", "quiet")
    page.y += 14
    left = MARGIN + LABELS
    limit = left + BARS / _MOST
    for result in results:
        page.y += LINE * 1.2
        page.text(MARGIN, f"{result.place}. {result.title}", "group")
        page.y += LINE * 1.2
        top = page.y - LINE / 2
        for goal in result.goals:
            _draw_goal(page, goal, left)
            page.y += LINE
        page.line(limit, top, limit, page.y - LINE / 2, "limit")


def _draw_goal(page: _Page, goal: Goal, left: float) -> None:
    page.text(MARGIN, goal.label)
    page.box(left, page.y - 5, BARS, 10, "track")
    kind = "missed" if goal.is_met is False else "met"
    if goal.strain is not None:
        page.box(left, page.y - 5, max(2, BARS * min(goal.strain, _MOST) / _MOST), 10, kind)
        if goal.strain > _MOST:
            page.text(left + BARS + 3, "›", "missed")
    page.text(left + BARS + 84, goal.measured, "end")
    page.text(left + BARS + 94, goal.promise, "quiet")
    if goal.is_met is not True:
        page.text(WIDTH - MARGIN, goal.verdict, f"end {kind if goal.is_met is False else 'quiet'}")
