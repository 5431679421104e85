"""What every measurement is given: how large and how long, the sites, a folder, and a way to say how it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.servers import Server, site
from bench.sites import Site, Sites


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much is measured: seconds, and numbers of rounds and rows."""

    rounds: int
    seconds: float
    small: tuple[int, int]
    """Articles and comments of the small site, on which most is measured."""
    large: tuple[int, int]
    samples: int
    """How often each operation of the growth is timed on each site."""
    stampedes: int
    memory_seconds: float
    memory_articles: int
    queue: tuple[int, int]
    """Articles and comments of the site whose desk is measured."""
    waiting: int
    """How many comments wait there, at least."""
    bulk: int
    """How many are decided in one action."""
    backup: tuple[int, int]
    """Articles and comments of the site that is backed up and restored."""
    backup_megabytes: int
    """What its pictures take."""


FULL = Scale(
    rounds=5,
    seconds=4,
    small=(1_000, 10_000),
    large=(100_000, 1_000_000),
    samples=100,
    stampedes=12,
    memory_seconds=600,
    memory_articles=6_000,
    queue=(10_000, 300_000),
    waiting=100_000,
    bulk=1_000,
    backup=(10_000, 100_000),
    backup_megabytes=1_000,
)
QUICK = Scale(
    rounds=3,
    seconds=2,
    small=(200, 2_000),
    large=(2_000, 20_000),
    samples=30,
    stampedes=4,
    memory_seconds=60,
    memory_articles=2_000,
    queue=(500, 5_000),
    waiting=10_000,
    bulk=1_000,
    backup=(500, 5_000),
    backup_megabytes=50,
)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One run of the benchmark."""

    scale: Scale
    sites: Sites
    folder: Path
    say: Callable[[str], None]
    wrk: bool = True
    """Whether wrk may send the load, where it is installed."""

    def small_site(self, name: str = "journal", database: str = "sqlite") -> Site:
        """Return a site of the small size."""
        articles, comments = self.scale.small
        return self.sites.get(name, articles=articles, comments=comments, database=database)

    def serve(self, found: Site, **settings: str) -> Server:
        """Start a site as `make run` does, with these variables besides its own."""
        return site({**found.settings, **settings}, self.folder / f"{found.name}.log")
