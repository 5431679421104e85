"""How the house is divided, read from its imports: DESIGN.md, section 2."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("multitude", "articles", "comments")
# What `comments` may use of `articles`.
LISTED = {"articles.models", "articles.popularity", "articles.freshness", "articles.rendering", "articles.naming"}
# Where `multitude` may know the apps.
MAY_KNOW_BOTH = {
    "multitude/urls.py",
    "multitude/settings.py",
    "multitude/management/commands/demo.py",
    *(
        f"multitude/demo/{name}.py"
        for name in ("archives", "comments", "conversations", "flood", "moulds", "newspaper", "voices")
    ),
    "multitude/management/commands/rerender.py",
}


def sources(package: str) -> list[Path]:
    """Return a package's Python files."""
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of each module or name that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(package: str, *forbidden: str) -> set[str]:
    """Return the files of a package that import something forbidden, tests and migrations included."""
    return {
        str(path.relative_to(ROOT))
        for path in sources(package)
        if any(name.split(".")[0] in forbidden for name in imports(path))
    }


def test_articles_never_imports_comments() -> None:
    assert offenders("articles", "comments") == set()


def test_multitude_knows_neither_app_save_where_it_composes_them() -> None:
    assert offenders("multitude", "articles", "comments") <= MAY_KNOW_BOTH


def test_comments_uses_of_articles_what_is_listed() -> None:
    used = {
        ".".join(name.split(".")[:2])
        for path in sources("comments")
        for name in imports(path)
        if name.split(".")[0] == "articles"
    }
    assert used <= LISTED


def test_no_package_imports_the_tests() -> None:
    assert not any(offenders(package, "tests") for package in PACKAGES)


@pytest.mark.parametrize("name", ["utils", "services", "helpers", "signals"])
def test_no_module_has_a_name_that_says_nothing(name: str) -> None:
    assert [path for package in PACKAGES for path in sources(package) if name in {path.stem, path.parent.name}] == []


def test_no_file_is_too_long_to_read() -> None:
    """What Django writes of the models, nobody reads."""
    paths = [path for package in (*PACKAGES, "tests") for path in sources(package) if path.parent.name != "migrations"]
    assert [path for path in paths if len(path.read_text().splitlines()) > 400] == []


def test_settings_are_one_file() -> None:
    assert (ROOT / "multitude" / "settings.py").is_file()


def test_no_signals_between_the_apps() -> None:
    """A receiver inside its own app is fine: only `articles` has some, and only for its own models."""
    signalling = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sources(package)
        for name in imports(path)
        if "signals" in name.split(".") or name.startswith("django.dispatch")
    }
    connecting = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sources(package)
        if ".connect(" in path.read_text() and path.parent.name not in {"commands", "postgresql"}
    }
    assert {path.split("/")[0] for path in signalling | connecting} <= {"articles"}
