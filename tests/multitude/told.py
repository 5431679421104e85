"""What this process is told to forget, for tests of purges."""

import pytest

from multitude import caching


class Told:
    """Collects the keys of each purge that this process hears of."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._keys: list[frozenset[str]] = []
        monkeypatch.setattr(caching, "_listeners", [*caching._listeners, self._keys.append])

    def take(self) -> list[set[str]]:
        """Return what was told since the last time."""
        told = [set(keys) for keys in self._keys]
        self._keys.clear()
        return told
