"""What the benchmark does inside a site: in a process of its own, with the site's settings and code.

`Inside` is the end that the benchmark holds; `__main__` is the other one.
"""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from bench import machine
from bench.results import Broken
from bench.servers import ROOT, environment
from bench.sites import Site


class Inside:
    """A process with a site's Django, on the servers' core, that does one act after the other; use it as a context.

    `megabytes` is what its page cache holds, for those acts that ask for pages.
    """

    def __init__(self, site: Site, *, megabytes: int = 0) -> None:
        core, _load = machine.cores()
        with machine.pinned(core):
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.inside"],
                env=environment({**site.settings, "PAGE_CACHE_MB": str(megabytes)}),
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=30)

    def call(self, act: str, **arguments: Any) -> Any:
        """Have an act of `bench.inside.acts` done and return what it returns; Broken when it fails."""
        if self._process.stdin is None or self._process.stdout is None:
            raise Broken("le processus du site n’écoute pas")
        print(json.dumps([act, arguments]), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise Broken(f"« {act} » a mis fin au processus du site")
        returned, failure = json.loads(line)
        if failure:
            raise Broken(f"« {act} » : {failure}")
        return returned
