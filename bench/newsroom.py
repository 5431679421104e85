"""The moderators whom the load plays: what their browsers send to the desk."""

from collections.abc import Sequence
from urllib.parse import urlencode

from bench.http import post

QUEUE = "/admin/comments/comment/"
# Django compares the cookie with the field: any word will do in both.
_TOKEN = "b" * 32


def with_token(session: str) -> str:
    """Return the cookies of a moderator who may post."""
    return f"{session}; csrftoken={_TOKEN}"


def action(name: str, chosen: Sequence[tuple[int, int]], **fields: str) -> str:
    """Return the fields of an action on comments, each a key and the version that was seen, as the desk sends them."""
    posted: list[tuple[str, object]] = [("action", name), ("index", 0), ("csrfmiddlewaretoken", _TOKEN)]
    for key, version in chosen:
        posted += [("_selected_action", key), (f"seen_{key}", version)]
    return urlencode([*posted, *fields.items()])


def decision(session: str, body: str) -> bytes:
    """Return the request that sends an action."""
    return post(QUEUE, body.encode(), Cookie=with_token(session))
