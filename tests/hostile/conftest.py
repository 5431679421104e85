"""Who sends hostile requests, and to which newspaper."""

import pytest

from tests.factories import make_user
from tests.hostile import small
from tests.hostile.asking import Stranger


@pytest.fixture
def newspaper(db: None) -> None:
    """Write the newspaper."""
    small.write()


@pytest.fixture
def reader() -> Stranger:
    """Return somebody without an account."""
    return Stranger()


@pytest.fixture
def inside(db: None) -> Stranger:
    """Return somebody who may do everything, and does what one should not."""
    return Stranger.inside(make_user("directrice", groups=["Modérateurs", "Rédacteurs"], is_superuser=True))
