"""Comments sent, each durable before its answer, beside a view of Django's that does nothing."""

from collections.abc import Iterator
from functools import partial
from itertools import islice, repeat
from statistics import median

from bench import client, servers
from bench.bench import Bench
from bench.http import get
from bench.inside import Inside
from bench.profiles import told
from bench.readers import addresses, comment, form
from bench.results import Broken, Cost, Goal, Result
from bench.sample import COLUMNS, Sample, interleave, ratio
from bench.servers import Server

CONNECTIONS = 8
EMPTY, SENT = "vue vide de Django", "commentaire envoyé"
LIMIT = 8


def measure(bench: Bench) -> Result:
    """Measure submissions from different networks, and count the rows they leave."""
    site = bench.small_site()
    networks = addresses()
    with (
        Inside(site) as inside,
        bench.serve(site) as ours,
        servers.granian("bench.empty.wsgi:application", bench.folder / "empty.log", {}) as empty,
    ):
        paths = [path for _pk, path in inside.call("articles", number=50)]
        client.ask(ours.port, comment(paths[0], next(networks))).expect(303)
        before = inside.call("counts")["comments"]
        comments = (comment(path, next(networks)) for paths_again in repeat(paths) for path in paths_again)
        sent: list[Sample] = []
        loads = {
            EMPTY: (empty, partial(_ask_nothing, empty)),
            SENT: (ours, partial(_submit, ours, comments, sent)),
        }
        taken = interleave(loads, rounds=bench.scale.rounds, seconds=bench.scale.seconds)
        stored = inside.call("counts")["comments"] - before
        answered = sum(sample.answers for sample in sent)
        if stored != answered:
            raise Broken(f"{answered} commentaires acceptés, {stored} lignes")
        bodies = [form(address) for address in islice(networks, 32)]
        profile = told(inside, f"{paths[0]}commentaires/", SENT, bodies=bodies)
    return Result(
        place=3,
        title="Un commentaire envoyé, durable avant la réponse",
        columns=["demande", *COLUMNS],
        rows=[[name, *rounds.row] for name, rounds in taken.items()],
        goals=[
            Goal(
                label="Commentaire envoyé ÷ vue vide", value=ratio(taken[SENT].cpu_ms, taken[EMPTY].cpu_ms), limit=LIMIT
            )
        ],
        notes=[
            f"SQLite, synchronous=FULL ; {CONNECTIONS} connexions, charge envoyée par le client Python, qui attend chaque "
            f"réponse ; {answered} commentaires tous différents, {stored} lignes de plus.",
            profile,
        ],
        costs=[Cost(label=SENT, ms=median(taken[SENT].cpu_ms))],
    )


def _ask_nothing(empty: Server, seconds: float) -> Sample:
    return client.drive(empty.port, repeat(get("/")), connections=CONNECTIONS, seconds=seconds)


def _submit(ours: Server, comments: Iterator[bytes], sent: list[Sample], seconds: float) -> Sample:
    sample = client.drive(ours.port, comments, connections=CONNECTIONS, seconds=seconds)
    if set(sample.statuses) != {303}:
        raise Broken(f"des envois n’ont pas été acceptés : {dict(sample.statuses)}")
    sent.append(sample)
    return sample
