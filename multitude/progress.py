"""A progress bar for commands: drawn on a terminal, silent anywhere else."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Self

WIDTH = 32


class Progress:
    """Draws how much of a total is done; use it as a context manager."""

    def __init__(self, stream: Any, label: str, total: int) -> None:
        self._stream, self._label, self._total, self._done = stream, label, max(1, total), 0
        self._drawn = stream.isatty()

    def __enter__(self) -> Self:
        self.advance(0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self._stream.write("")

    def advance(self, count: int) -> None:
        """Add to what is done and draw the bar anew."""
        self._done = min(self._total, self._done + count)
        if not self._drawn:
            return
        filled = WIDTH * self._done // self._total
        bar = "█" * filled + "░" * (WIDTH - filled)
        self._stream.write(f"\r{self._label} {bar} {100 * self._done // self._total} %", ending="")
        self._stream.flush()


@contextmanager
def bars(stream: Any) -> Iterator[Callable[[str, int], Callable[[int], None]]]:
    """Give what begins one bar after the other, each with a label and a total, and returns what moves it on."""
    with ExitStack() as drawn:

        def begin(label: str, total: int) -> Callable[[int], None]:
            drawn.close()
            return drawn.enter_context(Progress(stream, label, total)).advance

        yield begin
