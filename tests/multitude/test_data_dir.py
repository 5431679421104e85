"""DATA_DIR and the secret in it: created once, kept, readable by one account."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from multitude import environment

NAME = "MULTITUDE_ESSAI"


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)


def test_the_folder_is_created_with_its_parents_for_one_account(tmp_path: Path) -> None:
    folder = environment.data_dir(NAME, tmp_path / "a" / "b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == []


def test_the_variable_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NAME, str(tmp_path / "ici"))
    assert environment.data_dir(NAME, tmp_path / "ailleurs") == tmp_path / "ici"
    assert not (tmp_path / "ailleurs").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "fichier").touch()
    with pytest.raises(ImproperlyConfigured, match=NAME):
        environment.data_dir(NAME, tmp_path / "fichier" / "data")


def test_the_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    secret = environment.secret_key(NAME, tmp_path)
    assert len(secret) >= 64
    assert environment.secret_key(NAME, tmp_path) == secret
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_two_sites_have_two_secrets(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert environment.secret_key(NAME, tmp_path) != environment.secret_key(NAME, tmp_path / "a")


def test_the_secret_is_for_one_account_alone(tmp_path: Path) -> None:
    environment.secret_key(NAME, tmp_path)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_secret_made_meanwhile_by_another_process_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("celui du voisin")
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert environment.secret_key(NAME, tmp_path) == "celui du voisin"
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_the_variable_is_the_secret_and_nothing_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NAME, "le mien")
    assert environment.secret_key(NAME, tmp_path) == "le mien"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="secret"):
        environment.secret_key(NAME, tmp_path)
