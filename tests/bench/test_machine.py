"""The servers and the load each keep to a core of their own."""

import os
import sys
from pathlib import Path

from bench import machine
from bench.servers import Server, free_port


def test_the_cores_stay_the_same_while_the_load_keeps_to_its_own() -> None:
    cores = machine.cores()
    with machine.pinned(cores[1]):
        assert machine.cores() == cores


def test_a_server_runs_on_the_servers_core_although_the_load_is_pinned(tmp_path: Path) -> None:
    servers_core, load_core = machine.cores()
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(tmp_path), str(port)]
    with machine.pinned(load_core), Server(command, port=port, log=tmp_path / "log") as server:
        assert os.sched_getaffinity(server.worker) == {servers_core}
