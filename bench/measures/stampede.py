"""Two hundred readers on a page that was purged a moment ago: one rendering, and nobody waits for long."""

from collections import Counter
from statistics import median
from time import sleep

from bench import client
from bench.bench import Bench
from bench.http import Answer
from bench.inside import Inside
from bench.numbering import HEADER
from bench.readers import page
from bench.results import Broken, Goal, Result, number

READERS = 200
# A purge by another process is read within a second.
_PURGE_SECONDS = 1.5


def measure(bench: Bench) -> Result:
    """Measure the crowd and, in turn with it, one reader alone on the page just purged."""
    site = bench.small_site()
    waited: dict[int, list[float]] = {1: [], READERS: []}
    renderings: dict[int, list[int]] = {1: [], READERS: []}
    with Inside(site) as inside, bench.serve(site, DJANGO_SETTINGS_MODULE="bench.numbered") as ours:
        article = inside.call("long_article", pending=2 * bench.scale.stampedes + 2)
        request = page(article["path"])
        before = client.ask(ours.port, request).expect(200)
        for _time in range(bench.scale.stampedes):
            for readers in (1, READERS):
                inside.call("approve_under", pk=article["pk"])
                sleep(_PURGE_SECONDS)
                answers = client.burst(ours.port, request, connections=readers)
                _check(answers, before)
                waited[readers] += [answer.seconds * 1000 for answer in answers]
                renderings[readers].append(_made(answers, before))
                before = answers[-1]
    crowd, single = sorted(waited[READERS]), median(waited[1])
    p50, p99 = crowd[len(crowd) // 2], crowd[int(len(crowd) * 0.99)]
    return Result(
        place=6,
        title=f"La ruée : {READERS} lecteurs sur une page tout juste périmée par une décision",
        columns=["lecteurs", "p50 ms", "p99 ms", "pages faites"],
        rows=[
            ["1", number(single), number(max(waited[1])), str(max(renderings[1]))],
            [str(READERS), number(p50), number(p99), str(max(renderings[READERS]))],
        ],
        goals=[
            Goal(label="Pages faites par ruée, au plus", value=max(map(max, renderings.values())), limit=1),
            Goal(label="p99 ÷ une page faite pour un seul", value=p99 / single, limit=10, strict=True),
        ],
        notes=[
            f"{bench.scale.stampedes} ruées sur l’article de cent commentaires ; "
            "toutes les réponses portent la décision, et le même ETag ; les pages faites sont comptées par X-Cache et derrière le cache."
        ],
    )


def _check(answers: list[Answer], before: Answer) -> None:
    """Raise Broken unless the answers are one page for all, and no longer the one before the decision."""
    etags = {answer.expect(200).headers["etag"] for answer in answers}
    if len(etags) != 1 or before.headers["etag"] in etags:
        raise Broken("des lecteurs ont reçu la page d’avant la décision")


def _made(answers: list[Answer], before: Answer) -> int:
    """Return how many pages were made for these answers: by what the page cache says, or by their numbers if more."""
    missed = Counter(answer.headers.get("x-cache", "miss") for answer in answers)["miss"]
    first, last = int(before.headers[HEADER.lower()]), max(int(answer.headers[HEADER.lower()]) for answer in answers)
    return max(missed, last - first)
