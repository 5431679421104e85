"""What a test needs of the machine: found where Debian puts it, and missed in the same way by all tests."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

# Servers stand where an ordinary account does not look, and PostgreSQL's own programs out of everybody's way.
_PLACES = [
    *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)),
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
]


def find(program: str, package: str = "") -> str:
    """Return where a program is; its package is named like it, unless another one is given."""
    path = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *_PLACES]))
    if path is None:
        lack(f"{program} manque : sous Debian, « apt install {package or program} ».")
    return path


def lack(message: str) -> NoReturn:
    """Skip the test on a laptop, fail it where CI is set."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
