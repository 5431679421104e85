"""A newspaper with its pictures backed up while it is read, then brought back into an empty place."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from bench import client, machine
from bench.bench import Bench
from bench.inside import Inside
from bench.readers import page
from bench.results import Broken, Goal, Result, Unavailable, number
from bench.sample import Sample
from bench.servers import Server
from bench.sites import DATABASES, Site

CONNECTIONS = 4
ARTICLES = 200
# The night is long enough for the one, and nobody likes to wait for the other.
BACKUP_SECONDS, RESTORE_SECONDS = 300, 600
# How much longer a page may take, whose making shares a core with a backup.
SLOWER = 3
_ROWS = (
    "archive, Mo",
    "sauvegarder, s",
    "vérifier, s",
    "restaurer, s",
    "une page, p50 ms",
    "pendant, p50 ms",
    "p99 ms",
    "pendant, p99 ms",
)


@dataclass(frozen=True)
class Figures:
    """What was measured on one database."""

    megabytes: float
    backup: float
    check: float
    restore: float
    alone: list[Sample]
    meanwhile: list[Sample]
    files: int

    @property
    def cells(self) -> list[str]:
        """The figures in the order of the rows."""
        times = [_median(each, part) for part in ("p50_ms", "p99_ms") for each in (self.alone, self.meanwhile)]
        return [number(value) for value in (self.megabytes, self.backup, self.check, self.restore, *times)]

    @property
    def slower(self) -> float:
        """How many times as long the slowest pages take meanwhile."""
        return _median(self.meanwhile, "p99_ms") / _median(self.alone, "p99_ms")


def measure(bench: Bench) -> Result:
    """Back up and restore a site of some size on each database that is there."""
    articles, comments = bench.scale.backup
    rows = {name: [name] for name in _ROWS}
    goals: list[Goal] = []
    notes = [
        f"{number(articles)} articles, {number(comments)} commentaires, {number(bench.scale.backup_megabytes)} Mo d’images sur le disque ; "
        f"pages faites à chaque demande (PAGE_CACHE_MB=0), {CONNECTIONS} connexions ; la sauvegarde partage le cœur du serveur.",
        "Restaurer, c’est partir d’une base et d’un dossier vides : la vérification, la base, les images et les comptes.",
    ]
    for database, label in DATABASES.items():
        try:
            found = _measured(bench, database)
        except Unavailable as error:
            notes.append(f"{label} n’est pas mesuré : {error}.")
            goals.append(Goal(label=label, value=None, limit=RESTORE_SECONDS))
            for row in rows.values():
                row.append("—")
            continue
        for row, cell in zip(rows.values(), found.cells, strict=True):
            row.append(cell)
        goals += [
            Goal(label=f"{label}, sauvegarder", value=found.backup, limit=BACKUP_SECONDS, unit="s", strict=True),
            Goal(label=f"{label}, restaurer", value=found.restore, limit=RESTORE_SECONDS, unit="s", strict=True),
            Goal(label=f"{label}, p99 d’une page pendant ÷ sans", value=found.slower, limit=SLOWER),
        ]
        notes.append(f"{label} : {number(found.files)} fichiers d’images.")
    return Result(
        place=10,
        title=f"Sauvegarder et restaurer, {number(articles)} articles",
        columns=["mesure", *DATABASES.values()],
        rows=list(rows.values()),
        goals=goals,
        notes=notes,
    )


def _measured(bench: Bench, database: str) -> Figures:
    articles, comments = bench.scale.backup
    site = bench.sites.get("sauvegarde", articles=articles, comments=comments, database=database)
    elsewhere = bench.sites.bare("restauration", database=database)
    archive = bench.folder / f"{database}.tar"
    archive.unlink(missing_ok=True)
    with Inside(site) as inside:
        files = inside.call("pictures", megabytes=bench.scale.backup_megabytes)
        found = inside.call("articles", number=ARTICLES)
    with bench.serve(site, PAGE_CACHE_MB="0") as ours:
        pages = _pages(found)
        seconds = min(1.0, bench.scale.seconds)
        _read(ours, pages, seconds)
        alone = [_read(ours, pages, seconds) for _round in range(bench.scale.rounds)]
        meanwhile, backup = _read_while(ours, pages, seconds, site, archive)
    check = _timed(site, "restore", str(archive), "--check")
    restore = _timed(elsewhere, "restore", str(archive))
    megabytes = archive.stat().st_size / 1e6
    archive.unlink()
    return Figures(megabytes, backup, check, restore, alone, meanwhile, files)


def _read_while(
    ours: Server, pages: Iterator[bytes], seconds: float, site: Site, archive: Path
) -> tuple[list[Sample], float]:
    """Read for as long as a backup takes; return what came back, and how long that was."""
    taken: list[float] = []
    failures: list[Broken] = []

    def back_up() -> None:
        try:
            taken.append(_timed(site, "backup", str(archive)))
        except Broken as error:
            failures.append(error)

    working = threading.Thread(target=back_up)
    working.start()
    samples = []
    while working.is_alive():
        samples.append(_read(ours, pages, seconds))
    working.join()
    if failures:
        raise failures[0]
    return samples, taken[0]


def _timed(site: Site, *words: str) -> float:
    """Run a command of the site's on the servers' core, and return how many seconds it took."""
    core, _load = machine.cores()
    start = perf_counter()
    with machine.pinned(core):
        site.manage(*words)
    return perf_counter() - start


def _pages(found: list[tuple[int, str]]) -> Iterator[bytes]:
    chance = random.Random(11)
    while True:
        yield page(chance.choice(found)[1])


def _read(ours: Server, pages: Iterator[bytes], seconds: float) -> Sample:
    sample = client.drive(ours.port, pages, connections=CONNECTIONS, seconds=seconds)
    if set(sample.statuses) != {200}:
        raise Broken(f"des pages sont des erreurs : {dict(sample.statuses)}")
    return sample


def _median(samples: list[Sample], part: str) -> float:
    return median(getattr(sample, part) for sample in samples)
