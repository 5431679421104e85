"""The steps of a Dockerfile, carried out on a throw-away machine: what a container engine would do, without one."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from tests.deployment.machine import Machine


@dataclass
class Built:
    """What a Dockerfile leaves behind for its containers: folder, account, variables, command."""

    base: str = ""
    folder: str = "/"
    user: str = "root"
    variables: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)

    def shell(self, command: list[str], **variables: str) -> str:
        """Return the line of a shell that runs a command as a container would: its account, folder and variables alone."""
        said = [f"{name}={value}" for name, value in (self.variables | variables).items()]
        account = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", "--no-new-privs"]
        return shlex.join(
            ["env", "-i", "-C", self.folder, *said, "PATH=/usr/local/bin:/usr/bin:/bin", *account, *command]
        )


def steps(path: Path) -> list[tuple[str, str]]:
    """Return each instruction and what follows it."""
    lines = [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(name, rest) for name, _space, rest in (line.partition(" ") for line in joined.splitlines())]


def build(path: Path, context: str, machine: Machine) -> Built:
    """Carry out a Dockerfile on a machine; the context is a folder there. An instruction that is not known fails."""
    built = Built()
    for name, rest in steps(path):
        match name:
            case "FROM":
                built.base = rest
            case "RUN":
                built.ran.append(rest)
                machine.run(f"cd {built.folder} && {{ {rest}; }}")
            case "WORKDIR":
                built.folder = rest
                machine.run(f"mkdir -p {rest}")
            case "COPY":
                source, target = rest.split()
                machine.run(f"cd {built.folder} && cp -r {context}/{source} {target}")
                # What RUN would fetch from the network next.
                machine.run(f"cd {built.folder} && rm -rf .git .tools .venv && sh /usr/src/multitude/dependencies.sh")
            case "USER":
                built.user = rest
            case "ENV":
                built.variables |= dict(word.split("=", 1) for word in shlex.split(rest))
            case "CMD":
                built.command = json.loads(rest)
            case "VOLUME" | "EXPOSE":
                pass
            case _:
                raise AssertionError(f"{name} in {path}")
    return built
