"""A hundred times more articles and comments: what each operation then takes, on SQLite and on PostgreSQL."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from bench import client
from bench.bench import Bench
from bench.inside import Inside
from bench.newsroom import QUEUE
from bench.profiles import longest_query, told
from bench.readers import addresses, comment, page
from bench.results import Broken, Goal, Result, Unavailable, number
from bench.sample import ratio
from bench.servers import Server
from bench.sites import DATABASES, Site

LIMIT = 1.3
WARM_UP = 5
# The size at which the writing of the site has a goal of its own, and that goal in seconds.
_LARGE, _WRITING = 1_000_000, 180
# It names every month in which something appeared: a longer life makes it longer.
_LONGER = "le plan des archives"


@dataclass
class Operation:
    """What is timed: the act returns its milliseconds; a page has a path, and a cookie if it is the newsroom's."""

    act: Callable[[], float]
    path: str = ""
    cookie: str = ""
    inside: str = ""
    """What `bench.inside.acts` calls it, for what is no page."""


@dataclass
class Times:
    """Milliseconds of each operation on one site, and where the time of those goes that grew too much."""

    site: Site
    taken: dict[str, list[float]] = field(default_factory=dict)
    profiles: list[str] = field(default_factory=list)


def measure(bench: Bench) -> Result:
    """Time every operation on the small and the large site in turn, on each database that is there."""
    rows: dict[str, list[str]] = {}
    goals: list[Goal] = []
    notes = [
        f"PAGE_CACHE_MB=0, une demande après l’autre, {bench.scale.samples} fois sur chaque site en alternance : médianes en "
        "millisecondes, vues par le client, et médiane des rapports ; « décider » et « compter les lectures » sont mesurés dans le processus.",
    ]
    for database in DATABASES:
        try:
            small, large = _times(bench, database)
        except Unavailable as error:
            notes.append(f"{DATABASES[database]} n’est pas mesuré : {error}.")
            goals.append(Goal(label=DATABASES[database], value=None, limit=LIMIT))
            rows = {name: [*row, "—", "—", "—"] for name, row in rows.items()}
            continue
        for name in small.taken:
            before, after = small.taken[name], large.taken[name]
            times = ratio(after, before)
            rows.setdefault(name, []).extend([number(median(before)), number(median(after)), f"× {number(times)}"])
            if name != _LONGER:
                goals.append(Goal(label=f"{DATABASES[database]}, {name}", value=times, limit=LIMIT))
        notes += large.profiles
        if bench.scale.large[1] >= _LARGE:
            label = f"{DATABASES[database]}, écrire le grand journal"
            goals.append(Goal(label=label, value=large.site.seconds, limit=_WRITING, unit="s", strict=True))
    sizes = [f"{number(articles)} articles, {number(comments)} commentaires" for articles, comments in _sizes(bench)]
    columns = [f"{DATABASES[database]} {part}" for database in DATABASES for part in ("petit", "grand", "rapport")]
    return Result(
        place=4,
        title=f"Croître : de {sizes[0]} à {sizes[1]}",
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
    bench.say(f"  {DATABASES[database]} : {bench.scale.samples} fois chaque opération")
    small, large = (Times(site) for site in sites)
    with ExitStack() as stack:
        insides = [stack.enter_context(Inside(site)) for site in sites]
        servers = [stack.enter_context(bench.serve(site, PAGE_CACHE_MB="0")) for site in sites]
        operations = [_operations(*each) for each in zip(servers, insides, strict=True)]
        for ours in servers:
            ours.rest()
        for name in operations[0]:
            for times, acts in zip((small, large), operations, strict=True):
                times.taken[name] = []
                for _time in range(WARM_UP):
                    acts[name].act()
            for _time in range(bench.scale.samples):
                for times, acts in zip((small, large), operations, strict=True):
                    times.taken[name].append(acts[name].act())
        for name, operation in operations[1].items():
            if name != _LONGER and ratio(large.taken[name], small.taken[name]) > LIMIT:
                label = f"{name}, grand journal sur {DATABASES[database]}"
                large.profiles += _explained(insides[1], operation, label)
    return small, large


def _operations(ours: Server, inside: Inside) -> dict[str, Operation]:
    """Return what is timed on a site that is served."""
    article = inside.call("long_article")["path"]
    paths = [path for _pk, path in inside.call("articles", number=50)]
    cookie = inside.call("session")
    first_page = client.ask(ours.port, page(QUEUE, Cookie=cookie)).expect(200)
    last_page = QUEUE + _last_of(first_page.body.decode())
    comments = _comments(paths)

    def reading(path: str, cookie: str = "") -> Operation:
        request = page(path, Cookie=cookie) if cookie else page(path)
        return Operation(lambda: client.ask(ours.port, request).expect(200).seconds * 1000, path, cookie)

    def sending() -> float:
        return client.ask(ours.port, next(comments)).expect(303).seconds * 1000

    def acting(name: str) -> Operation:
        return Operation(lambda: float(inside.call(name)), inside=name)

    return {
        "l’article": reading(article),
        "la une": reading("/"),
        **{name: reading(path) for name, path in inside.call("lists").items()},
        "les plus lus": reading("/classements/lus/"),
        "les plus commentés": reading("/classements/commentes/"),
        "les plus lus, depuis toujours": reading("/classements/lus/?periode=toujours"),
        "une recherche": reading("/recherche/?q=mairie"),
        "le flux du site": reading("/flux/"),
        "l’index des plans du site": reading("/sitemap.xml"),
        "le plan des rubriques": reading("/sitemap-rubriques.xml"),
        "le plan des auteurs": reading("/sitemap-auteurs.xml"),
        "le plan des thèmes": reading("/sitemap-themes.xml"),
        _LONGER: reading("/sitemap-archives.xml"),
        "le plan des actualités": reading("/sitemap-actualites.xml"),
        "la file, première page": reading(QUEUE, cookie),
        "la file, dernière page": reading(last_page, cookie),
        "envoyer un commentaire": Operation(sending, inside="comment"),
        "décider": acting("time_approval"),
        "compter les lectures": acting("time_fold"),
    }


def _explained(inside: Inside, operation: Operation, label: str) -> list[str]:
    """Say where the time of an operation goes."""
    if operation.path:
        place = {"path": operation.path, "cookie": operation.cookie}
        return [told(inside, name=label, **place), longest_query(inside, label, "page", **place)]
    return [longest_query(inside, label, "act", timed=operation.inside)]


def _comments(paths: list[str]) -> Iterator[bytes]:
    for turn, address in enumerate(addresses()):
        yield comment(paths[turn % len(paths)], address)


def _last_of(queue: str) -> str:
    """Return the query of the queue's last page: the last link to a page on the first; Broken where there is none."""
    found = re.findall(r'href="(\?(?:[^"]*&amp;)?p=[^"]+)"', queue)
    if not found:
        raise Broken("la file n’a pas de lien vers sa dernière page")
    return str(found[-1]).replace("&amp;", "&")
