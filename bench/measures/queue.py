"""The desk while a hundred thousand comments wait: its pages, and a thousand decisions in one action."""

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import batched
from statistics import median

from bench import client, newsroom
from bench.bench import Bench
from bench.inside import Inside
from bench.profiles import longest_query, told
from bench.readers import page
from bench.results import Broken, Cost, Goal, Result, Unavailable, number, p95
from bench.servers import Server
from bench.sites import DATABASES

PAGE_MS, PAGE_QUERIES, BULK_SECONDS = 100, 10, 5
WARM_UP = 5
FIRST, SUSPECT = "la première page", "les probablement indésirables"
# What is done to many at once: the action, and its reason where it needs one.
BULKS: dict[str, tuple[str, dict[str, str]]] = {
    "publier": ("approve", {}),
    "refuser": ("reject", {"reason": "insult"}),
}
_NOTHING = ["—", "—", "—"]


@dataclass
class Timed:
    """How long something took, time after time, in milliseconds, and how many queries it costs."""

    taken: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def p95(self) -> float:
        """What nineteen of twenty do not exceed."""
        return p95(self.taken)

    @property
    def row(self) -> list[str]:
        """The median, the 95th percentile and the queries, as a table shows them."""
        return [number(value) for value in (median(self.taken), self.p95, self.queries)]


@dataclass
class Desk:
    """What was found at the desk of one site."""

    lanes: dict[str, int]
    timed: dict[str, Timed] = field(default_factory=dict)
    cpu_ms: float = 0
    """Milliseconds of the server's processor for the first page."""
    notes: list[str] = field(default_factory=list)


def measure(bench: Bench) -> Result:
    """Ask for the desk's pages as a moderator, then decide on the comments that came first, on each database that is there."""
    notes = [
        f"Compte du groupe Modérateurs, PAGE_CACHE_MB=0 ; chaque page {bench.scale.samples} fois de suite, par le serveur ; "
        "les requêtes sont comptées dans le processus, droits et session compris."
    ]
    names = [*_paths(""), *(_bulk_name(verb, bench.scale.bulk) for verb in BULKS)]
    rows = {name: [name] for name in names}
    goals: list[Goal] = []
    costs: list[Cost] = []
    for database in DATABASES:
        label = DATABASES[database]
        try:
            desk = _desk(bench, database)
        except Unavailable as error:
            notes.append(f"{label} n’est pas mesuré : {error}.")
            goals.append(Goal(label=label, value=None, limit=PAGE_MS))
            for row in rows.values():
                row.extend(_NOTHING)
            continue
        for name in names:
            rows[name].extend(desk.timed[name].row)
        goals += _goals(bench, label, desk)
        costs.append(Cost(label=f"la file, première page, {label}", ms=desk.cpu_ms))
        notes += desk.notes
    columns = [f"{label} {part}" for label in DATABASES.values() for part in ("ms", "p95 ms", "requêtes")]
    return Result(
        place=8,
        title=f"Le bureau de modération, {number(bench.scale.waiting)} commentaires en attente",
        columns=["demande", *columns],
        rows=list(rows.values()),
        goals=goals,
        notes=notes,
        costs=costs,
    )


def _goals(bench: Bench, label: str, desk: Desk) -> list[Goal]:
    first = desk.timed[FIRST]
    return [
        Goal(label=f"{label}, {FIRST}", value=median(first.taken), limit=PAGE_MS, unit="ms", strict=True),
        Goal(label=f"{label}, {FIRST}, p95", value=first.p95, limit=PAGE_MS, unit="ms", strict=True),
        Goal(label=f"{label}, {FIRST}, requêtes", value=first.queries, limit=PAGE_QUERIES),
        *(
            Goal(
                label=f"{label}, {name}",
                value=median(desk.timed[name].taken) / 1000,
                limit=BULK_SECONDS,
                unit="s",
                strict=True,
            )
            for name in (_bulk_name(verb, bench.scale.bulk) for verb in BULKS)
        ),
    ]


def _bulk_name(verb: str, comments: int) -> str:
    return f"{verb} {number(comments)} commentaires"


def _paths(second_page: str) -> dict[str, str]:
    return {
        FIRST: newsroom.QUEUE,
        "la page suivante": newsroom.QUEUE + second_page,
        SUSPECT: f"{newsroom.QUEUE}?status=suspect",
        "une recherche": f"{newsroom.QUEUE}?q=subvention",
        "une recherche sans résultat": f"{newsroom.QUEUE}?q=introuvable",
    }


def _desk(bench: Bench, database: str) -> Desk:
    """Measure the desk of a site on a database."""
    articles, comments = bench.scale.queue
    site = bench.sites.get("file", articles=articles, comments=comments, database=database)
    with Inside(site) as inside, bench.serve(site, PAGE_CACHE_MB="0") as ours:
        desk = Desk(inside.call("waiting", number=bench.scale.waiting))
        desk.notes.append(
            f"{DATABASES[database]} : {number(sum(desk.lanes.values()))} commentaires, dont {number(desk.lanes['pending'])} à décider "
            f"et {number(desk.lanes['suspect'])} probablement indésirables."
        )
        session = inside.call("moderator_session")
        for name, path in _paths(_second_page(ours, session)).items():
            before = ours.cpu_seconds()
            desk.timed[name] = _page(bench, ours, inside, path, session)
            place, label = {"path": path, "cookie": session}, f"{name} sur {DATABASES[database]}"
            if name == FIRST:
                desk.cpu_ms = (ours.cpu_seconds() - before) / (WARM_UP + bench.scale.samples) * 1000
                desk.notes.append(told(inside, name=label, **place))
            if name == FIRST or median(desk.timed[name].taken) >= PAGE_MS:
                desk.notes.append(longest_query(inside, label, "page", **place))
        for verb in BULKS:
            name = _bulk_name(verb, bench.scale.bulk)
            desk.timed[name] = _bulk(bench, ours, inside, verb, session)
            if median(desk.timed[name].taken) >= BULK_SECONDS * 1000:
                cookie, bodies = newsroom.with_token(session), _actions(inside, verb, bench.scale.bulk, times=3)
                label = f"{name} sur {DATABASES[database]}"
                desk.notes.append(told(inside, newsroom.QUEUE, label, bodies=bodies, cookie=cookie))
    return desk


def _second_page(ours: Server, session: str) -> str:
    """Return the query of the page after the first; Broken where there is none."""
    first = client.ask(ours.port, page(newsroom.QUEUE, "identity", Cookie=session)).expect(200).body.decode()
    found = re.search(r'rel="next" href="(\?[^"]+)"', first)
    if found is None:
        raise Broken("la file n’a pas de page suivante")
    return unescape(found[1])


def _page(bench: Bench, ours: Server, inside: Inside, path: str, session: str) -> Timed:
    """Time a page; Broken where it shows no comment, unless nothing is what one searches for."""
    shown = client.ask(ours.port, page(path, "identity", Cookie=session)).expect(200).body
    if b'name="seen_' not in shown and "introuvable" not in path:
        raise Broken(f"aucun commentaire à l’adresse {path}")
    request = page(path, Cookie=session)
    answers = [client.ask(ours.port, request).expect(200) for _time in range(WARM_UP + bench.scale.samples)]
    queries = [inside.call("number_of_queries", method="GET", path=path, cookie=session) for _time in range(2)]
    return Timed([answer.seconds * 1000 for answer in answers[WARM_UP:]], queries[-1])


def _bulk(bench: Bench, ours: Server, inside: Inside, verb: str, session: str) -> Timed:
    """Time one action on the comments that came first, round after round, and count its decisions."""
    timed = Timed()
    for _round in range(bench.scale.rounds):
        before, [body] = inside.call("counts")["decisions"], _actions(inside, verb, bench.scale.bulk)
        timed.taken.append(client.ask(ours.port, newsroom.decision(session, body)).expect(302).seconds * 1000)
        taken = inside.call("counts")["decisions"] - before
        if taken != bench.scale.bulk:
            raise Broken(f"{verb} : {taken} décisions pour {bench.scale.bulk} commentaires")
    [body] = _actions(inside, verb, bench.scale.bulk)
    asked = {"method": "POST", "path": newsroom.QUEUE, "body": body, "cookie": newsroom.with_token(session)}
    timed.queries = inside.call("number_of_queries", **asked)
    return timed


def _actions(inside: Inside, verb: str, comments: int, *, times: int = 1) -> list[str]:
    """Return so many actions, each on comments of its own, the oldest first."""
    action, fields = BULKS[verb]
    chosen = inside.call("oldest_waiting", number=times * comments)
    return [newsroom.action(action, some, **fields) for some in batched(chosen, comments)]
