"""The reading beacon under load: what one for each page costs the readers, and whether every reading is counted."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from statistics import median
from time import monotonic, sleep

from bench import client, load
from bench.bench import Bench
from bench.inside import Inside
from bench.profiles import told
from bench.readers import addresses, beacon, page
from bench.results import Broken, Cost, Goal, Result
from bench.sample import COLUMNS, Sample, interleave, ratio
from bench.servers import Server

CONNECTIONS = 32
ARTICLES = 100
LIMIT = 0.5
ALONE, BOTH = "pages seules", "page, relevé, page, relevé…"
# Rounds long enough for a fold, every ten seconds, to fall into each; beacons prepared for the fastest of servers.
_ROUND_SECONDS = 12
_FASTEST = 8_000
COUNTABLE = 2_000
NOT_COUNTABLE = 300
_FOLD_PATIENCE = 20


def measure(bench: Bench) -> Result:
    """Measure pages alone and pages with their beacons in turn, then count what exact numbers of beacons leave."""
    site = bench.small_site()
    seconds = _ROUND_SECONDS if bench.scale.seconds >= 4 else bench.scale.seconds
    with Inside(site, megabytes=64) as inside, bench.serve(site) as ours:
        found = inside.call("articles", number=ARTICLES)
        for _pk, path in found:
            client.ask(ours.port, page(path, "gzip")).expect(200)
        client.ask(ours.port, beacon(found[0][0], "2001:db8::")).expect(204)
        networks = addresses()
        loads: dict[str, tuple[Server, Callable[[float], Sample]]] = {
            ALONE: (ours, partial(_send_pages, bench, ours, found)),
            BOTH: (ours, partial(_send_both, bench, ours, found, networks)),
        }
        taken = interleave(loads, rounds=min(3, bench.scale.rounds), seconds=seconds)
        wrong = _miscounted(inside, ours, found, networks)
        faster = ratio([rate / 2 for rate in taken[BOTH].rate], taken[ALONE].rate)
        profile = told(inside, f"/vues/{found[0][0]}/", "un relevé", bodies=[""] * 2_000, by_function=True)
    return Result(
        place=5,
        title="Le relevé de lecture : un par page, et personne n’attend",
        columns=["demandes", *COLUMNS],
        rows=[[name, *rounds.row] for name, rounds in taken.items()],
        goals=[
            Goal(label="Pages/s avec relevés ÷ sans", value=faster, limit=LIMIT, at_least=True),
            Goal(label="p99 avec relevés ÷ sans", value=ratio(taken[BOTH].p99_ms, taken[ALONE].p99_ms), limit=1.5),
            Goal(label="Lectures perdues ou comptées en trop", value=wrong, limit=0),
        ],
        notes=[
            f"{ARTICLES} articles gardés en mémoire, en gzip ; chaque relevé vient d’un autre réseau ; {CONNECTIONS} connexions, "
            f"charge envoyée par {load.name(wrk=bench.wrk)}.",
            f"Puis {COUNTABLE} relevés à compter et {3 * NOT_COUNTABLE} à ne pas compter (robots, répétitions, rédaction).",
            *([] if faster >= LIMIT else [profile]),
        ],
        costs=[Cost(label="page gardée et son relevé, les deux", ms=2 * median(taken[BOTH].cpu_ms))],
    )


def _send_pages(bench: Bench, ours: Server, found: list[tuple[int, str]], seconds: float) -> Sample:
    requests = [page(path, "gzip") for _pk, path in found]
    return load.run(ours.port, requests, connections=CONNECTIONS, seconds=seconds, wrk=bench.wrk)


def _send_both(
    bench: Bench, ours: Server, found: list[tuple[int, str]], networks: Iterator[str], seconds: float
) -> Sample:
    """Send each page followed by its beacon; the beacons are enough for a whole round, each from another network."""
    pairs = (
        (page(path, "gzip"), beacon(pk, next(networks)))
        for pk, path in islice(cycle(found), int(_FASTEST * max(1.0, seconds)))
    )
    requests = [request for pair in pairs for request in pair]
    return load.run(ours.port, requests, connections=CONNECTIONS, seconds=seconds, wrk=bench.wrk)


def _miscounted(inside: Inside, ours: Server, found: list[tuple[int, str]], networks: Iterator[str]) -> int:
    """Return how far the rows are from the readings, robots, repetitions and the newsroom left out."""
    before = _settled(inside)
    chosen = list(zip(islice(cycle(found), COUNTABLE), networks, strict=False))
    countable = [beacon(pk, network) for (pk, _path), network in chosen]
    repeated = countable[:NOT_COUNTABLE]
    robots = [
        beacon(pk, network, agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
        for (pk, _path), network in zip(islice(cycle(found), NOT_COUNTABLE), networks, strict=False)
    ]
    newsroom = [
        beacon(pk, network, Cookie="sessionid=0123456789abcdef")
        for (pk, _path), network in zip(islice(cycle(found), NOT_COUNTABLE), networks, strict=False)
    ]
    sample = client.drive(ours.port, [*countable, *repeated, *robots, *newsroom], connections=8, seconds=60)
    if sample.statuses != {204: COUNTABLE + 3 * NOT_COUNTABLE}:
        raise Broken(f"des relevés ont une autre réponse que 204 : {dict(sample.statuses)}")
    return abs(_settled(inside) - before - COUNTABLE)


def _settled(inside: Inside) -> int:
    """Have the readings folded, and return their number in the rows once it stands still."""
    inside.call("fold_views")
    views, since = inside.call("counts")["views"], monotonic()
    deadline = since + _FOLD_PATIENCE
    while monotonic() - since < 4 and monotonic() < deadline:
        sleep(0.5)
        if (now := inside.call("counts")["views"]) != views:
            views, since = now, monotonic()
    return int(views)
