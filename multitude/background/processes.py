"""Who is at work: a name for each process, from which another one can tell that it is gone.

What a process has in hand (a mail, a picture, a task) carries its name. A process that was killed gives nothing back:
whoever comes next on the same machine sees at once that it is gone, and anybody else believes so after a lease.
"""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from multitude import clock

LONGEST_NAME = 64
# A machine that a process may not ask for its name: two of them are not the same.
UNKNOWN = "?"
# Of a process on another machine one knows nothing; of one that lives here, only that what it had in hand takes long.
LEASE = timedelta(minutes=5)
LEASE_OF_THE_LIVING = timedelta(hours=1)


def this_one() -> str:
    """Return the name of this process: nobody else has it, nor had, nor will have."""
    return f"{_machine()}.{os.getpid()}.{began(os.getpid())}"


def is_gone(name: str) -> bool | None:
    """Return whether a process is gone for certain; None where this cannot be told from here."""
    machine, _dot, rest = name.partition(".")
    pid, _dot, started = rest.partition(".")
    if machine == UNKNOWN or machine != _machine() or not pid.isdecimal() or not started.isdecimal():
        return None
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return None
    # A number is given again: its second owner began later. One that has ended, and whose parent has not looked, is gone too.
    found = began(int(pid))
    return None if not found else found != started or _is_zombie(int(pid))


def has_left(name: str, at: datetime, *, lease: timedelta = LEASE) -> bool:
    """Return whether what a process had in hand at an instant may be taken up by another one."""
    gone = is_gone(name)
    if gone:
        return True
    lasts = lease if gone is None else max(lease, LEASE_OF_THE_LIVING)
    # An instant that lies further ahead than that comes from a clock that was wrong.
    return not -lasts <= clock.now() - at <= lasts


def began(pid: int) -> str:
    """Return when a process began, in ticks since the machine did; empty where that cannot be told."""
    fields = _stat(pid)
    return fields[19] if len(fields) > 19 else ""


@cache
def _machine() -> str:
    """Return a word for this machine since it was started, and for its space of process numbers: a container has its own."""
    boot, space = "", ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")[:16]
        space = "".join(filter(str.isdecimal, str(Path("/proc/self/ns/pid").readlink())))[-12:]
    return f"{boot}-{space}" if boot and space else UNKNOWN


def _stat(pid: int) -> list[str]:
    """Return what Linux tells of a process behind its name, which may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _is_zombie(pid: int) -> bool:
    return _stat(pid)[:1] in (["Z"], ["X"])
