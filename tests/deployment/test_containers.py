"""deploy/Dockerfile and compose.yaml: every step carried out without a container engine, and what they name is there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from multitude import environment
from tests.deployment.dockerfile import Built, build, steps
from tests.deployment.machine import Machine, machines
from tests.servers import ROOT

pytestmark = pytest.mark.any_database

DOCKERFILE = ROOT / "deploy/Dockerfile"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "multitude"}


@pytest.fixture(scope="session")
def image() -> Iterator[tuple[Machine, Built]]:
    """Return a machine on which the Dockerfile was carried out, and what it says of its containers."""
    with machines("image") as (machine,):
        machine.boot()
        yield machine, build(DOCKERFILE, "/usr/src/multitude/repository", machine)


def test_the_image_serves_once_the_compose_file_has_migrated(image: tuple[Machine, Built]) -> None:
    machine, built = image
    serve = built.shell(built.command)
    assert "migrate" in machine.run(f"{serve} 2>&1 || true")
    machine.run(built.shell([*OURS["migrate"]["command"], "--verbosity=0"]))
    answer = machine.run(f"""
{serve} >/run/web.log 2>&1 &
trap 'kill $!; wait' EXIT
curl --silent --show-error --fail --retry 60 --retry-delay 1 --retry-all-errors http://127.0.0.1:8000/
""")
    assert "<!doctype html>" in answer.lower()


def test_the_image_holds_its_code_as_roots_and_no_data(image: tuple[Machine, Built]) -> None:
    machine, built = image
    assert built.user == "multitude"
    assert machine.run(f"find {built.folder} -path '*/.venv' -prune -o -user multitude -print") == ""
    assert "refused" in machine.run(f"{built.shell(['touch', 'manage.py'])} || echo refused")


def test_the_image_is_made_from_the_locked_requirements() -> None:
    assert "make install" in {rest for name, rest in steps(DOCKERFILE) if name == "RUN"}
    assert re.fullmatch(r"python:3\.1[3-9]-slim-bookworm", dict(steps(DOCKERFILE))["FROM"])


def test_what_is_not_for_an_image_stays_out_of_it() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv", ".tools", ".env", "data", "deploy/tls"} <= set(ignored)


@pytest.mark.parametrize("service", OURS)
def test_each_container_runs_a_command_that_is_there(service: str) -> None:
    command = " ".join(OURS[service].get("command", ["manage.py serve"]))
    found = re.search(r"manage\.py (\w+)", command)
    assert found
    assert found[1] in get_commands()


@pytest.mark.parametrize("service", OURS)
def test_each_container_may_do_as_little_as_its_unit(service: str) -> None:
    assert OURS[service]["read_only"]
    assert OURS[service]["cap_drop"] == ["ALL"]
    assert OURS[service]["security_opt"] == ["no-new-privileges:true"]


def test_the_files_that_the_compose_file_names_are_there() -> None:
    folder = ROOT / "deploy"
    mounted = [
        volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service.get("volumes", [])
    ]
    given = {"./tls"}
    assert all((folder / path).exists() for path in mounted if path.startswith("./") and path not in given)
    assert (folder / OURS["web"]["build"]["context"] / OURS["web"]["build"]["dockerfile"]).exists()


def test_nginx_is_told_where_its_one_web_container_is() -> None:
    script = COMPOSE["services"]["nginx"]["command"][-1]
    expressions = re.findall(r"-e '([^']+)'", script)
    configuration = (ROOT / "deploy/nginx/multitude.conf").read_text()
    old = re.fullmatch(r"s/(.+)/(.+)/", expressions[0])
    assert old
    assert configuration.count(old[1]) == 1
    assert sum("127.0.0.1:8002" in line for line in configuration.splitlines()) == 1
    assert old[2] == "server web:8000 max_fails=0;"


def test_nginx_finds_what_its_file_includes() -> None:
    included = re.findall(r"^ +include (\S+);", (ROOT / "deploy/nginx/multitude.conf").read_text(), re.MULTILINE)
    assert included
    assert all((ROOT / "deploy/nginx" / name).is_file() for name in included)
    assert "./nginx/multitude:/etc/nginx/multitude:ro" in COMPOSE["services"]["nginx"]["volumes"]


def test_the_site_believes_nginx_in_the_containers_network(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = OURS["web"]["environment"]
    monkeypatch.setenv("TRUSTED_PROXIES", variables["TRUSTED_PROXIES"])
    subnet = COMPOSE["networks"]["default"]["ipam"]["config"][0]["subnet"]
    assert environment.networks("TRUSTED_PROXIES") == [environment.Network.parse(subnet)]
