"""Pages made on each request, beside a view of Django's that does nothing."""

from functools import partial
from itertools import repeat
from statistics import median

from bench import client, servers
from bench.bench import Bench
from bench.inside import Inside
from bench.profiles import told
from bench.readers import page
from bench.results import Broken, Cost, Goal, Result
from bench.sample import COLUMNS, Sample, interleave, ratio
from bench.servers import Server

CONNECTIONS = 8
EMPTY, ARTICLE, FRONT = "vue vide de Django", "article de cent commentaires, fait", "une du journal, faite"
LIMIT = 12


def measure(bench: Bench) -> Result:
    """Measure the article with a hundred comments and the front page, without the page cache."""
    site = bench.small_site()
    with (
        Inside(site) as inside,
        bench.serve(site, PAGE_CACHE_MB="0") as ours,
        servers.granian("bench.empty.wsgi:application", bench.folder / "empty.log", {}) as empty,
    ):
        path = inside.call("long_article")["path"]
        asked = {EMPTY: (empty, "/"), ARTICLE: (ours, path), FRONT: (ours, "/")}
        loads = {name: (server, partial(_send, server, page(path))) for name, (server, path) in asked.items()}
        for server, path in asked.values():
            client.ask(server.port, page(path)).expect(200)
        taken = interleave(loads, rounds=bench.scale.rounds, seconds=bench.scale.seconds)
        goals = [
            Goal(
                label=f"{name[0].upper()}{name[1:]} ÷ vue vide",
                value=ratio(taken[name].cpu_ms, taken[EMPTY].cpu_ms),
                limit=LIMIT,
            )
            for name in (ARTICLE, FRONT)
        ]
        profiles = [told(inside, asked[name][1], name) for name in (ARTICLE, FRONT)]
    return Result(
        place=2,
        title="Pages faites à chaque demande, à côté d’une vue de Django qui ne fait rien",
        columns=["page", *COLUMNS],
        rows=[[name, *rounds.row] for name, rounds in taken.items()],
        goals=goals,
        notes=[
            f"PAGE_CACHE_MB=0 ; {CONNECTIONS} connexions, charge envoyée par le client Python, qui attend chaque réponse.",
            *profiles,
        ],
        costs=[Cost(label=name, ms=median(rounds.cpu_ms), is_anchor=name == EMPTY) for name, rounds in taken.items()],
    )


def _send(server: Server, request: bytes, seconds: float) -> Sample:
    sample = client.drive(server.port, repeat(request), connections=CONNECTIONS, seconds=seconds)
    if set(sample.statuses) != {200}:
        raise Broken(f"des réponses ne sont pas la page : {dict(sample.statuses)}")
    return sample
