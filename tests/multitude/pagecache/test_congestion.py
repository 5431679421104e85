"""However many requests hang, one thread is left for what is answered from memory."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from typing import Any

import pytest
from django.template.loader import render_to_string

from multitude.health import Grade
from multitude.pagecache import PageCache
from multitude.web import congestion
from multitude.web.congestion import OneThreadLeft
from multitude.web.gate import RETRY_AFTER
from tests.multitude.pagecache.newspaper import Newspaper, ask

PATIENCE = 30


class Hanging:
    """An application whose answers come when a test wants."""

    def __init__(self) -> None:
        self.came = Semaphore(0)
        self.go = Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Wait, then answer."""
        self.came.release()
        assert self.go.wait(PATIENCE)
        start_response("200 OK", [])
        return [b"enfin"]


class Flickering(OneThreadLeft):
    """One on which other threads are so quick that whoever looks twice finds it otherwise."""

    next_look = False

    @property
    def _is_jammed(self) -> bool:
        self.next_look = not self.next_look
        return not self.next_look

    @_is_jammed.setter
    def _is_jammed(self, value: bool) -> None:
        self.next_look = value


def send(application: OneThreadLeft) -> tuple[str, dict[str, str]]:
    """Send a request, and return the status and the headers of its answer."""
    answer: list[Any] = []
    b"".join(
        application(
            {"REQUEST_METHOD": "GET"}, lambda status, headers, *exc_info: answer.extend((status, dict(headers)))
        )
    )
    return answer[0], answer[1]


def test_who_finds_no_place_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(congestion, "PATIENCE", 0.01)
    hanging = Hanging()
    application = OneThreadLeft(hanging, places=2)
    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(send, application) for _number in range(2)]
        for _number in range(2):
            assert hanging.came.acquire(timeout=PATIENCE)
        status, headers = send(application)
        assert (status, headers["Retry-After"]) == ("503 Service Unavailable", str(RETRY_AFTER))
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Length"] == str(len(render_to_string("503.html").encode()))
        hanging.go.set()
        assert [answer.result(PATIENCE)[0] for answer in held] == ["200 OK"] * 2
    assert send(application)[0] == "200 OK"


def test_once_one_has_waited_in_vain_the_next_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(congestion, "PATIENCE", 0.01)
    hanging = Hanging()
    application = OneThreadLeft(hanging, places=1)
    with ThreadPoolExecutor(2) as pool:
        held = pool.submit(send, application)
        assert hanging.came.acquire(timeout=PATIENCE)
        send(application)
        monkeypatch.setattr(congestion, "PATIENCE", 10 * PATIENCE)
        assert pool.submit(send, application).result(PATIENCE)[0] == "503 Service Unavailable"
        hanging.go.set()
        held.result(PATIENCE)


def test_a_request_that_raises_gives_its_place_back() -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise OSError("panne")

    application = OneThreadLeft(broken, places=1)
    for _time in range(3):
        with pytest.raises(OSError, match="panne"):
            send(application)


@pytest.mark.parametrize("is_jammed", [False, True])
def test_who_looks_after_it_takes_no_place_and_gives_none_away(is_jammed: bool) -> None:
    layer = Flickering(lambda environ, start_response: [], places=1)
    layer._is_jammed = is_jammed
    assert layer.examine().grade is Grade.GOOD
    assert [layer._places.acquire(blocking=False) for _time in range(2)] == [True, False]


def test_an_old_page_takes_the_place_of_one_that_finds_no_place(
    newspaper: Newspaper, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(congestion, "PATIENCE", 0.01)
    hanging, hangs = Hanging(), []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return hanging(environ, start_response) if hangs else newspaper(environ, start_response)

    cache = PageCache(OneThreadLeft(application, places=1), megabytes=1)
    ask(cache)
    hangs.append(True)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(ask, cache, "/articles/un/")
        assert hanging.came.acquire(timeout=PATIENCE)
        assert ask(cache).cache == "hit"
        clock.advance(3_600)
        assert ask(cache).cache == "stale"
        hanging.go.set()
        assert held.result(PATIENCE).body == b"enfin"
