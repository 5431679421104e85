"""One log line for each act of the newsroom, of readers and of the machinery: who did what to which, under which request.

The verbs call `act()`. A line names things by their keys, never by what was typed: no e-mail, no text, no token, no key
that opens a page, no full address. What a line looks like is `loglines`' part.
"""

import logging
from contextvars import ContextVar
from functools import partial

from django.db import connection, transaction

logger = logging.getLogger(__name__)

type Fact = str | int | float | bool | None

# The request under way, as the answers and the lines that it leaves name it; empty in a chore or a command.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def act(name: str, /, **facts: Fact) -> None:
    """Log that something was done: at once or, in a transaction, when that commits and not at all if it does not.

    `name` is one English word with dots, such as `comment.submit`; the facts are keys of rows, counts and words of a
    fixed list. A colleague is named by `user`, the key of the account.
    """
    told = partial(_tell, name, {"request": request_id.get(), **facts} if request_id.get() else facts)
    if connection.in_atomic_block:
        transaction.on_commit(told, robust=True)
    else:
        told()


def _tell(name: str, facts: dict[str, Fact]) -> None:
    words = " ".join(f"{key}={value}" for key, value in facts.items() if value is not None)
    logger.info("%s %s", name, words, extra={"act": name, "facts": facts})
