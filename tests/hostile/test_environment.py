"""A variable of the environment is read, or refused in one sentence that names it; nothing else."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from multitude import environment
from tests.hostile import payloads
from tests.hostile.payloads import as_octets

pytestmark = pytest.mark.any_database

NAME = "MULTITUDE_HOSTILE"
READERS: dict[str, Callable[[Path], Any]] = {
    "flag": lambda folder: environment.flag(NAME),
    "integer": lambda folder: environment.integer(NAME, 1, minimum=1, maximum=65_535),
    "choice": lambda folder: environment.choice(NAME, "a", "b"),
    "contact": lambda folder: environment.contact(NAME, "a@exemple.fr"),
    "words": lambda folder: environment.words(NAME),
    "networks": lambda folder: environment.networks(NAME),
    "site_url": lambda folder: environment.site_url(NAME, "http://127.0.0.1"),
    "server_urls": lambda folder: environment.server_urls(NAME),
    "rate": lambda folder: environment.rate(NAME, "5/10m"),
    "database": lambda folder: environment.database(NAME, folder),
    "cache": lambda folder: environment.cache(NAME),
    "storage": lambda folder: environment.storage(NAME),
    "mailers": lambda folder: environment.mailers(NAME),
    "text": lambda folder: environment.text(NAME, ""),
}
BEFORE = ("", "http://", "https://exemple.fr", "postgres://", "redis://", "smtp://", "sqlite:///", "10.0.0.0/")


def refusal(reader: str, folder: Path) -> str:
    """Return the sentence by which a reader refuses the variable, or nothing."""
    try:
        READERS[reader](folder)
    except ImproperlyConfigured as error:
        return str(error)
    return ""


@pytest.mark.parametrize("reader", READERS)
def test_a_variable_may_hold_anything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reader: str) -> None:
    for value in payloads.every():
        for before in BEFORE:
            octets = as_octets(value).replace(b"\0", b"")[:2_000]
            monkeypatch.setenv(NAME, before + os.fsdecode(octets))
            assert (refusal(reader, tmp_path) or NAME).startswith(NAME)
    assert [*tmp_path.iterdir()] == []


def test_a_folder_of_any_name_is_made_where_it_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for value in payloads.strange_letters():
        name = str(value)[:40].replace("/", "")
        monkeypatch.setenv(NAME, f"{tmp_path}/{name}")
        assert tmp_path in [environment.data_dir(NAME, tmp_path), *environment.data_dir(NAME, tmp_path).parents]
