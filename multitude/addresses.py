"""The addresses of pages that are named by one word, such as an article's slug.

A list of articles writes dozens of them; asking Django's resolver for each would cost more than
the rest of the page.
"""

import functools

from django.urls import reverse

# A word that slugs and numbers alike admit.
_WORD = "1"


def address(view: str, word: str | int) -> str:
    """Return the path of a view whose pattern takes one slug or number and nothing else."""
    before, after = _around(view)
    return f"{before}{word}{after}"


@functools.cache
def _around(view: str) -> tuple[str, str]:
    before, _word, after = reverse(view, args=[_WORD]).rpartition(_WORD)
    return before, after
