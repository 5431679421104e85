"""One log line for each act of the newsroom, of readers and of the machinery: who did what to which, under which request.

The verbs call `act()`. A line names things by their keys, never by what was typed: no e-mail, no text, no token, no key
that opens a page, no full address. What a line looks like is `loglines`' part.
"""

import itertools
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.db import connection, transaction

from multitude.sight import metrics

logger = logging.getLogger(__name__)

type Fact = str | int | float | bool | None

type RequestName = str | int

# The request under way: the name that a proxy gave it, or its number in this process; empty in a chore or a command.
request_name: ContextVar[RequestName] = ContextVar("request_name", default="")
_is_unlogged: ContextVar[bool] = ContextVar("is_unlogged", default=False)
_numbers = itertools.count(1)
_process = secrets.token_hex(5)


def request_id() -> str:
    """Return what the answer and the lines of the request under way name it; empty in a chore or a command."""
    return written(request_name.get())


def next_number() -> int:
    """Return the number of another request."""
    return next(_numbers)


def next_name() -> str:
    """Return the name of another request."""
    return f"{_process}-{next(_numbers):06x}"


def written(name: RequestName) -> str:
    """Return a request's name as it is written: its number is unique among all processes."""
    return f"{_process}-{name:06x}" if isinstance(name, int) else name


@contextmanager
def unlogged() -> Iterator[None]:
    """Log no act in a block, or in a function: what a command makes up was done by nobody."""
    token = _is_unlogged.set(True)
    try:
        yield
    finally:
        _is_unlogged.reset(token)


def act(name: str, /, **facts: Fact) -> None:
    """Log that something was done: at once or, in a transaction, when that commits and not at all if it does not.

    `name` is one English word with dots, such as `comment.submit`; the facts are keys of rows, counts and words of a
    fixed list. A colleague is named by `user`, the key of the account; what is done to several things at once is one act,
    and `count` says to how many.
    """
    if _is_unlogged.get():
        return
    told = partial(_tell, name, {"request": request_id(), **facts} if request_id() else facts)
    if connection.in_atomic_block:
        transaction.on_commit(told, robust=True)
    else:
        told()


def _tell(name: str, facts: dict[str, Fact]) -> None:
    number = facts.get("count")
    metrics.count("acts", name, number if isinstance(number, int) else 1)
    metrics.save_now_and_then()
    words = " ".join(f"{key}={value}" for key, value in facts.items() if value is not None)
    logger.info("%s %s", name, words, extra={"act": name, "facts": facts})


def _forget_name() -> None:
    """A forked process numbers its requests under a name of its own."""
    global _process
    _process = secrets.token_hex(5)


os.register_at_fork(after_in_child=_forget_name)
