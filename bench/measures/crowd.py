"""Two hundred people who read and twenty who write, at once, on both databases, with two web processes."""

import random
from collections.abc import Iterator

from bench import client, crowd
from bench.bench import Bench
from bench.crowd import Answers, Person
from bench.inside import Inside
from bench.readers import addresses, beacon, comment, page
from bench.results import Broken, Goal, Result, Unavailable, number
from bench.sites import DATABASES

READERS, WRITERS, WORKERS = 200, 20, 2
# Seconds between an answer and the next act, on average: people in a hurry.
PAUSES = {"en lisant": (1.0, 2.0), "sans une pause": (0.0, 0.0)}
# What readers ask for, out of a hundred pages; searches are never in memory.
_SHARES = {"articles": 70, "listes": 25, "recherches": 5}
READS_MS, POSTS_MS = 100, 1_000
_PAGES, _POSTS, _BEACONS = "pages", "commentaires", "relevés"


def measure(bench: Bench) -> Result:
    """Measure what everybody waits for, and count the rows that are left."""
    rows: list[list[str]] = []
    goals: list[Goal] = []
    notes: list[str] = []
    for database, name in DATABASES.items():
        try:
            _measure(bench, database, rows, goals)
        except Unavailable as error:
            notes.append(f"{name} n’est pas mesuré : {error}.")
            goals.append(Goal(label=name, value=None, limit=READS_MS, unit="ms"))
    shares = ", ".join(f"{share} % {kind}" for kind, share in _SHARES.items())
    return Result(
        place=11,
        title=f"{READERS} personnes qui lisent, {WRITERS} qui écrivent, pendant {number(bench.scale.crowd_seconds)} s",
        columns=["", "demandes/s", "p50 ms", "p99 ms", "au pire ms", "processeur"],
        rows=rows,
        goals=goals,
        notes=[
            f"{WORKERS} processus web sur un cœur, une connexion par personne, client Python sur l’autre cœur ; une page ({shares}), puis son "
            "relevé de lecture, et ainsi de suite. L’attente se compte à partir du moment où l’on voulait demander.",
            "« En lisant » : entre deux demandes, une seconde en moyenne pour qui lit, deux pour qui écrit (loi exponentielle), et l’on arrive l’un après l’autre pendant le premier sixième du temps, où rien n’est encore en mémoire ; "
            "« sans une pause » : chacun demande dès qu’on lui a répondu, et le client sature son cœur lui aussi, ce que l’attente comprend.",
            "Autant de commentaires dans la base que de réponses 303, ou la mesure est en panne ; une connexion coupée aussi.",
            *notes,
        ],
    )


def _measure(bench: Bench, database: str, rows: list[list[str]], goals: list[Goal]) -> None:
    site, name = bench.small_site("journal", database), DATABASES[database]
    with Inside(site) as inside, bench.serve(site, WEB_WORKERS=str(WORKERS)) as ours:
        articles = [(pk, path) for pk, path in inside.call("articles", number=100)]
        lists = ["/", "/flux/", "/classements/lus/", "/classements/commentes/", *inside.call("sections")]
        client.ask(ours.port, page("/")).expect(200)
        networks = addresses()
        for way, (reading, writing) in PAUSES.items():
            people = [Person(_reader(articles, lists, networks, seed), reading) for seed in range(READERS)]
            people += [Person(_writer(articles, networks, seed), writing) for seed in range(WRITERS)]
            before, cpu = inside.call("counts")["comments"], ours.cpu_seconds()
            found = crowd.live(ours.port, people, seconds=bench.scale.crowd_seconds)
            cpu = (ours.cpu_seconds() - cpu) / bench.scale.crowd_seconds
            stored = inside.call("counts")["comments"] - before
            errors = _errors(found, stored)
            rows += [_row(f"{name}, {way}, {kind}", answers, bench, cpu) for kind, answers in sorted(found.items())]
            goals += [
                Goal(
                    label=f"{name}, {way}, {kind}, p99",
                    value=_ms(found[kind], 0.99),
                    limit=limit,
                    unit="ms",
                    strict=True,
                )
                for kind, limit in ((_PAGES, READS_MS), (_POSTS, POSTS_MS))
            ]
            goals.append(Goal(label=f"{name}, {way}, erreurs", value=errors, limit=0))


def _reader(
    articles: list[tuple[int, str]], lists: list[str], networks: Iterator[str], seed: int
) -> Iterator[tuple[str, bytes]]:
    """Yield pages, articles with their beacon; a few articles are read much more than the others."""
    dice, network = random.Random(seed), next(networks)
    weights = [1 / rank for rank in range(1, len(articles) + 1)]
    while True:
        (what,) = dice.choices(list(_SHARES), list(_SHARES.values()))
        if what == "articles":
            ((pk, path),) = dice.choices(articles, weights)
            yield _PAGES, page(path)
            yield _BEACONS, beacon(pk, network)
        elif what == "listes":
            yield _PAGES, page(dice.choice(lists))
        else:
            yield _PAGES, page(f"/recherche/?q=mot{dice.getrandbits(32):x}")


def _writer(articles: list[tuple[int, str]], networks: Iterator[str], seed: int) -> Iterator[tuple[str, bytes]]:
    dice = random.Random(seed)
    while True:
        yield _POSTS, comment(dice.choice(articles)[1], next(networks))


def _errors(found: dict[str, Answers], stored: int) -> int:
    """Return how many answers are not what was asked for; Broken if the rows are not those that were acknowledged."""
    expected = {_PAGES: 200, _POSTS: 303, _BEACONS: 204}
    if not set(expected) <= set(found):
        raise Broken("tout le monde n’a pas eu le temps d’agir")
    if stored != (acknowledged := found[_POSTS].statuses[303]):
        raise Broken(f"{acknowledged} commentaires acceptés, {stored} lignes")
    return sum(answers.statuses.total() - answers.statuses[expected[kind]] for kind, answers in found.items())


def _row(label: str, answers: Answers, bench: Bench, cpu: float) -> list[str]:
    rate = len(answers.seconds) / bench.scale.crowd_seconds
    figures = (rate, _ms(answers, 0.5), _ms(answers, 0.99), _ms(answers, 1))
    return [label, *map(number, figures), f"{number(cpu * 100)} %"]


def _ms(answers: Answers, part: float) -> float:
    ordered = sorted(answers.seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000
