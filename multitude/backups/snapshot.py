"""What a database gives to a backup: a file, and what it says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

type Advance = Callable[[int], object]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The database as it was at one instant."""

    file: Path
    rows: dict[str, int]
    names: set[str]
    """The files of the storage that its rows name."""
    bytes: int
    """What it takes once it is unpacked."""
    orphans: int = 0
    engine_version: int = 0
    tool_version: int = 0
