"""The statement that a page or an act spends most of its time on: what one wants to know of what grows."""

import re
from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection

_TIMES = 5
_LENGTH = 300


def longest_query(run: Callable[[], object]) -> tuple[str, float]:
    """Return the statement on which several runs spent most, without what it selects, and its milliseconds per run."""
    spent: defaultdict[str, float] = defaultdict(float)

    def timed(execute: Callable[..., Any], statement: str, *arguments: Any) -> Any:
        start = perf_counter()
        try:
            return execute(statement, *arguments)
        finally:
            spent[statement] += perf_counter() - start

    with connection.execute_wrapper(timed):
        for _time in range(_TIMES):
            run()
    statement = max(spent, key=spent.__getitem__)
    words = re.sub(r"(SELECT).*?(FROM)", r"\1 … \2", statement.replace('"', ""), count=1, flags=re.DOTALL)
    return words[:_LENGTH], spent[statement] / _TIMES * 1000
