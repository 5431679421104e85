"""What SECURITY.md and docs/explanation/security.md say is so."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from comments.models.comment import new_follow_up_key
from multitude import clients
from multitude.web import bodies, gate, server

ROOT = Path(settings.BASE_DIR)
TO_US = (ROOT / "SECURITY.md").read_text()
MODEL = (ROOT / "docs/explanation/security.md").read_text()


@pytest.mark.django_db
def test_whom_one_writes_to_is_said_at_the_address_that_is_named(client: Client) -> None:
    assert f"`{reverse('security')}`" in TO_US
    told = client.get(reverse("security")).content.decode()
    assert f"Contact: {settings.SECURITY_CONTACT}" in told
    assert "Preferred-Languages: fr, en" in told
    assert "In French or English" in TO_US


def test_every_promise_has_a_time() -> None:
    promised = TO_US.split("## What is promised")[1].split("##")[0]
    times = re.findall(r"\| (\d+) (?:working )?days \|", promised)
    assert times == sorted(times, key=int)
    assert len(times) == 4


def test_its_numbers_are_those_of_the_code() -> None:
    assert f"{gate.MOST_BYTES // 1024**2} MB and more" in MODEL
    assert f"{clients._MOST_HOPS} hops far" in MODEL
    assert (bodies.PLACES, server.THREADS) == (2, 4)
    assert "two of the four threads" in MODEL
    assert " and ".join([", ".join(f"`{name}`" for name in gate.METHODS[:-1]), f"`{gate.METHODS[-1]}`"]) in MODEL
    # Six bits a character.
    assert len(new_follow_up_key()) * 6 >= 160


def test_the_policy_begins_as_it_says() -> None:
    assert "`default-src 'none'`" in MODEL
    assert next(iter(settings.SECURE_CSP)) == "default-src"
    assert "X_FORWARDED_HOST" not in "".join(path.read_text() for path in (ROOT / "multitude").glob("*.py"))
    assert not settings.USE_X_FORWARDED_HOST


def test_what_it_names_is_there() -> None:
    for named in re.findall(r"`((?:multitude|tests|deploy)/[\w./]+)`", TO_US + MODEL):
        assert (ROOT / named).exists(), named
    for target in re.findall(r"`make (\w+)", TO_US + MODEL):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text(), target
