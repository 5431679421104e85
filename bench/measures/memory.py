"""A worker's memory over minutes of everything at once, with a page cache that is full."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import linear_regression

from bench import client, machine, newsroom
from bench.bench import Bench
from bench.inside import Inside
from bench.readers import addresses, beacon, comment, page
from bench.results import Broken, Goal, Result, number
from bench.servers import Server

CONNECTIONS = 16
CACHE_MB = 64
EVERY_SECONDS = 5
LIMIT_MB = 150
# What memory allocators move about without anything growing.
GROWTH_MB = 3
# What the readers and the newsroom do, out of a hundred acts.
_SHARES = {"articles": 60, "listes": 14, "relevés": 20, "commentaires": 3, "la file": 2, "décisions": 1}


@dataclass
class Samples:
    """What was read of the worker's memory, every few seconds."""

    worker: int
    seconds: float
    memory: list[dict[str, float]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        """Read until told to stop."""
        while not self.done.wait(self.seconds):
            self.memory.append(machine.memory(self.worker))


def measure(bench: Bench) -> Result:
    """Measure a worker that serves many more pages than its cache holds, beacons, comments and decisions."""
    articles, seconds = bench.scale.memory_articles, bench.scale.memory_seconds
    site = bench.sites.get("memoire", articles=articles, comments=5 * articles)
    with Inside(site) as inside, bench.serve(site, PAGE_CACHE_MB=str(CACHE_MB)) as ours:
        asked: list[str] = []
        decided = inside.call("counts")["decisions"]
        acts = _acts(inside, articles, asked)
        client.ask(ours.port, page("/")).expect(200)
        samples = Samples(ours.worker, min(EVERY_SECONDS, seconds / 12))
        reader = threading.Thread(target=samples.read)
        reader.start()
        try:
            sample = client.drive(ours.port, acts, connections=CONNECTIONS, seconds=seconds)
        finally:
            samples.done.set()
            reader.join()
        if ours.worker != samples.worker:
            raise Broken("le processus web est mort et a été remplacé")
        if refused := {status: times for status, times in sample.statuses.items() if status >= 400}:
            raise Broken(f"des réponses sont des erreurs : {refused}")
        decided = inside.call("counts")["decisions"] - decided
        if not 0 < decided == sample.statuses[302]:
            raise Broken(f"{decided} décisions pour {sample.statuses[302]} réponses de la rédaction")
        # What the first half has asked for is there, or has driven out what was, when the second one begins.
        distinct = sorted(set(asked[: len(asked) // 2]))
        megabytes = _megabytes(ours, distinct)
        is_full = megabytes > CACHE_MB
    half = samples.memory[len(samples.memory) // 2 :]
    slope = linear_regression(range(len(half)), [memory["Rss"] for memory in half]).slope
    rows = [
        [name, *(number(memory[kind]) for memory in (samples.memory[0], half[0], half[-1]))]
        for name, kind in (("RSS", "Rss"), ("PSS", "Pss"), ("dont anonyme", "Anonymous"))
    ]
    files = half[-1]["Rss"] - half[-1]["Anonymous"]
    return Result(
        place=7,
        title=f"La mémoire d’un processus web, {number(seconds / 60)} min de tout à la fois",
        columns=["Mo", "au début", "à mi-temps", "à la fin"],
        rows=rows,
        goals=[
            Goal(
                label="RSS, au plus haut de la seconde moitié",
                value=max(m["Rss"] for m in half) if is_full else None,
                limit=LIMIT_MB,
                unit="Mo",
                strict=True,
            ),
            Goal(
                label="Croissance dans la seconde moitié",
                value=max(0.0, slope * len(half)) if is_full else None,
                limit=GROWTH_MB,
                unit="Mo",
            ),
        ],
        notes=[
            f"{sample.answers} réponses ({', '.join(f'{share} % {name}' for name, share in _SHARES.items())}), {CONNECTIONS} connexions, "
            f"{len(distinct)} articles demandés au hasard dans la première moitié ; lue toutes les {number(samples.seconds)} s ; la croissance est la pente d’une droite "
            f"(moindres carrés), {GROWTH_MB} Mo étant ce que l’allocateur déplace.",
            f"Ces articles font {number(megabytes)} Mio de pages, pour PAGE_CACHE_MB={CACHE_MB} : la mémoire des pages "
            + ("est pleine." if is_full else "n’est pas pleine, et rien n’est promis."),
            f"{decided} décisions enregistrées, autant que la rédaction a reçu de réponses.",
            f"À la fin, {number(files)} Mo du RSS sont des fichiers que le noyau peut reprendre, le programme surtout. Le reste, "
            "anonyme, est ce que le processus a rempli.",
        ],
    )


def _acts(inside: Inside, articles: int, asked: list[str]) -> Iterator[bytes]:
    """Yield what readers and the newsroom send, at random; the addresses of the articles asked for are noted."""
    dice = random.Random(7)
    found = inside.call("articles", number=articles)
    lists = ["/", "/flux/", "/classements/lus/", "/classements/commentes/", *inside.call("sections")]
    session, waiting = inside.call("session"), iter(inside.call("newest_waiting", number=2_000))
    networks = addresses()
    while True:
        (act,) = dice.choices(list(_SHARES), list(_SHARES.values()))
        pk, path = dice.choice(found)
        if act == "articles":
            asked.append(path)
            yield page(path)
        elif act == "listes":
            yield page(dice.choice(lists))
        elif act == "relevés":
            yield beacon(pk, next(networks))
        elif act == "commentaires":
            yield comment(path, next(networks))
        elif act == "la file":
            yield page(newsroom.QUEUE, Cookie=session)
        elif (chosen := next(waiting, None)) is not None:
            yield newsroom.decision(session, newsroom.action("approve", [chosen]))


def _megabytes(ours: Server, paths: list[str]) -> float:
    """Return what these pages take in every form in which they are kept, reckoned from fifty of them."""
    some = random.Random(8).sample(paths, min(50, len(paths)))
    sizes = [
        len(client.ask(ours.port, page(path, encoding)).expect(200).body)
        for path in some
        for encoding in ("identity", "gzip", "br")
    ]
    return sum(sizes) / len(some) * len(paths) / 2**20
