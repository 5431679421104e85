"""A web machine whose clock is an hour off, beside one whose clock is right: nothing appears early, and nothing stays hidden."""

from pathlib import Path

import pytest

from tests.faults.programs import PostgreSQL
from tests.faults.sites import newspaper
from tests.installed import lack


def wrong_clock(hours: int) -> dict[str, str]:
    """Return the variables with which a program believes in another hour."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        lack("libfaketime manque : sous Debian, « apt install libfaketime ».")
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME": f"{hours:+d}h",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_NO_CACHE": "1",
    }


@pytest.mark.parametrize("hours", [1, -1])
def test_a_web_machine_whose_clock_is_wrong_lives_by_the_database_s(
    journal: str, cluster: PostgreSQL, tmp_path: Path, hours: int
) -> None:
    name = journal.rpartition("/")[2]
    # In thirty minutes; and what appeared ten minutes ago.
    [(soon, lately)] = cluster.ask(
        name,
        "SELECT min(slug), max(slug) FROM (SELECT slug FROM articles_article WHERE published_at < now() - interval '1 day'"
        " AND unpublished_at IS NULL AND slug NOT LIKE 'les-dirigeants%' ORDER BY id LIMIT 2) AS two",
    )
    for slug, minutes in ((soon, 30), (lately, -10)):
        cluster.ask(
            name,
            "UPDATE articles_article SET published_at = now() + make_interval(mins => %s),"
            " first_published_at = now() + make_interval(mins => %s) WHERE slug = %s",
            minutes,
            minutes,
            slug,
        )
    with newspaper(tmp_path, DATABASE_URL=journal, COMMENT_RATE="2/10m", **wrong_clock(hours)) as site:
        assert site.ask(f"/articles/{soon}/").status == 404
        assert site.ask(f"/articles/{lately}/").status == 200
        answers = [site.submit(f"À l’heure, {hours}, {number}.", 40 + hours).status for number in range(3)]
        assert answers == [303, 303, 429]
        assert "L’horloge de cette machine diffère" in site.output
    [(off,)] = cluster.ask(
        name,
        "SELECT extract(epoch FROM max(abs_off)) FROM (SELECT greatest(now() - submitted_at, submitted_at - now()) AS abs_off"
        " FROM comments_comment WHERE body LIKE %s) AS found",
        f"À l’heure, {hours},%",
    )
    assert off < 120
