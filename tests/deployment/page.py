"""The commands of a page of the documentation, section by section, and the shells that one types them into."""

import re
import time
from collections import defaultdict
from dataclasses import dataclass, field

from tests.deployment.machine import Machine
from tests.servers import ROOT

_HEADING = re.compile(r"#+ (?P<title>.+)")
_FENCE = re.compile(r"```(?P<language>\w*) ?(?P<machine>\w*)")


@dataclass(frozen=True)
class Block:
    """Lines of a shell, and the machine that the fence names; the first one's when it names none."""

    machine: str
    script: str


def commands(page: str) -> dict[str, list[Block]]:
    """Return the `sh` blocks of a page under the heading that each stands below, in their order."""
    sections: dict[str, list[Block]] = defaultdict(list)
    title, fence, lines = "", None, [""]
    for line in (ROOT / page).read_text().splitlines():
        if fence is None and (heading := _HEADING.fullmatch(line)):
            title = heading["title"]
        elif fence is None and (fence := _FENCE.fullmatch(line)):
            lines = []
        elif line == "```" and fence:
            if fence["language"] == "sh":
                sections[title].append(Block(fence["machine"], "\n".join(lines)))
            fence = None
        else:
            lines.append(line)
    return dict(sections)


@dataclass
class Shells:
    """One open shell on each machine: what was set in it, and the folder that it stands in, last."""

    machines: dict[str, Machine]
    done: list[str] = field(default_factory=list)

    def type(self, section: str, blocks: list[Block]) -> str:
        """Type a section's commands, each block into its machine's shell, and return what they print."""
        self.done.append(section)
        printed = "".join(self._type(block) for block in blocks)
        if any("nginx" in block.script for block in blocks):
            # Nobody types the next command in the instant in which nginx takes up its new file.
            time.sleep(1)
        return printed

    def _type(self, block: Block) -> str:
        # A variable that the page sets is in capital letters.
        before = '[ ! -e "$HOME/shell" ] || . "$HOME/shell"\n'
        after = (
            "\n{ declare -p | grep -E '^declare -- [A-Z]+=' || true; printf 'cd %q\\n' \"$PWD\"; } >\"$HOME/shell\"\n"
        )
        return self.machines[block.machine].run(before + block.script + after)
