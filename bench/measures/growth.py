"""A hundred times more articles and comments: what each operation then takes, on SQLite and on PostgreSQL."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from bench.bench import Bench
from bench.client import Connection
from bench.inside import Inside
from bench.readers import addresses, comment, page
from bench.results import Broken, Goal, Result, Unavailable, number
from bench.sites import DATABASES, Site

LIMIT = 1.3
WARM_UP = 5
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_QUEUE = "/admin/comments/comment/"
# The size at which the writing of the site has a goal of its own, and that goal in seconds.
_LARGE, _WRITING = 1_000_000, 180


@dataclass
class Times:
    """Milliseconds of each operation on one site."""

    site: Site
    taken: dict[str, list[float]] = field(default_factory=dict)


def measure(bench: Bench) -> Result:
    """Time every operation on the small and the large site in turn, on each database that is there."""
    rows: dict[str, list[str]] = {}
    goals: list[Goal] = []
    notes = [
        f"PAGE_CACHE_MB=0, une demande après l’autre, {bench.scale.samples} fois sur chaque site en alternance : médianes en "
        "millisecondes, vues par le client ; « décider » et « compter les lectures » sont mesurés dans le processus.",
    ]
    for database in DATABASES:
        try:
            small, large = _times(bench, database)
        except Unavailable as error:
            notes.append(f"{_NAMES[database]} n’est pas mesuré : {error}.")
            goals.append(Goal(label=_NAMES[database], value=None, limit=LIMIT))
            rows = {name: [*row, "—", "—", "—"] for name, row in rows.items()}
            continue
        for name in small.taken:
            before, after = median(small.taken[name]), median(large.taken[name])
            rows.setdefault(name, []).extend([number(before), number(after), f"× {number(after / before)}"])
            goals.append(Goal(label=f"{_NAMES[database]}, {name}", value=after / before, limit=LIMIT))
        if bench.scale.large[1] >= _LARGE:
            label = f"{_NAMES[database]}, écrire le grand journal"
            goals.append(Goal(label=label, value=large.site.seconds, limit=_WRITING, unit="s", strict=True))
    sizes = [f"{number(articles)} articles, {number(comments)} commentaires" for articles, comments in _sizes(bench)]
    columns = [f"{_NAMES[database]} {part}" for database in DATABASES for part in ("petit", "grand", "rapport")]
    return Result(
        title=f"Croître : de {sizes[0]} à {sizes[1]}",
        columns=["opération", *columns],
        rows=[[name, *row] for name, row in rows.items()],
        goals=goals,
        notes=notes,
    )


def _sizes(bench: Bench) -> list[tuple[int, int]]:
    return [bench.scale.small, bench.scale.large]


def _times(bench: Bench, database: str) -> tuple[Times, Times]:
    """Return the times of the small and of the large site."""
    sites = [
        bench.sites.get("croissance", articles=articles, comments=comments, database=database)
        for articles, comments in _sizes(bench)
    ]
    bench.say(f"  {_NAMES[database]} : {bench.scale.samples} fois chaque opération")
    small, large = (Times(site) for site in sites)
    with ExitStack() as stack:
        operations = [_operations(stack, bench, site) for site in sites]
        for name in operations[0]:
            for times, acts in zip((small, large), operations, strict=True):
                times.taken[name] = []
                for _time in range(WARM_UP):
                    acts[name]()
            for _time in range(bench.scale.samples):
                for times, acts in zip((small, large), operations, strict=True):
                    times.taken[name].append(acts[name]())
    return small, large


def _operations(stack: ExitStack, bench: Bench, site: Site) -> dict[str, Callable[[], float]]:
    """Start a site and return what is timed on it: each act returns its milliseconds."""
    inside = stack.enter_context(Inside(site))
    article = inside.call("long_article")["path"]
    section = inside.call("sections")[0]
    paths = [path for _pk, path in inside.call("articles", number=50)]
    cookie = inside.call("session")
    ours = stack.enter_context(bench.serve(site, PAGE_CACHE_MB="0"))
    connection = Connection(ours.port)
    stack.callback(connection.close)
    first_page = connection.ask(page(_QUEUE, Cookie=cookie)).expect(200)
    last_page = _QUEUE + _last_of(first_page.body.decode())
    comments = _comments(paths)

    def reading(path: str, **headers: str) -> Callable[[], float]:
        request = page(path, **headers)
        return lambda: connection.ask(request).expect(200).seconds * 1000

    return {
        "l’article": reading(article),
        "la une": reading("/"),
        "une rubrique": reading(section),
        "les plus lus": reading("/classements/lus/"),
        "les plus commentés": reading("/classements/commentes/"),
        "la file, première page": reading(_QUEUE, Cookie=cookie),
        "la file, dernière page": reading(last_page, Cookie=cookie),
        "envoyer un commentaire": lambda: connection.ask(next(comments)).expect(303).seconds * 1000,
        "décider": lambda: inside.call("time_approval"),
        "compter les lectures": lambda: inside.call("time_fold"),
    }


def _comments(paths: list[str]) -> Iterator[bytes]:
    for turn, address in enumerate(addresses()):
        yield comment(paths[turn % len(paths)], address)


def _last_of(queue: str) -> str:
    """Return the query of the queue's last page: the last link to a page on the first; Broken where there is none."""
    found = re.findall(r'href="(\?(?:[^"]*&amp;)?p=[^"]+)"', queue)
    if not found:
        raise Broken("la file n’a pas de lien vers sa dernière page")
    return str(found[-1]).replace("&amp;", "&")
