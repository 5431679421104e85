"""What is free goes back to the system, where its C library can give it back; elsewhere nothing happens."""

import pytest

from multitude import housekeeping, memory


def test_what_is_free_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(memory, "_trim", kept.append)
    memory.give_back()
    assert kept == [0]


def test_without_such_a_function_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_trim", None)
    memory.give_back()


def test_a_web_process_does_so_now_and_then() -> None:
    assert [chore.seconds for chore in housekeeping._chores if chore.act == memory.give_back] == [memory.EVERY_SECONDS]
