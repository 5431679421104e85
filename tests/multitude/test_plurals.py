"""Each plural that the code or a template writes is in the French catalogue: without it gettext takes 0 for a plural."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import ngettext, npgettext
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("multitude", "articles", "comments")
# Where the singular stands among the arguments, the context of the `np` functions before it.
FUNCTIONS = {"ngettext": 0, "ngettext_lazy": 0, "npgettext": 1, "npgettext_lazy": 1}
_LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_A_TEMPLATE = re.compile(rf"ngettext\({_LITERAL}, *{_LITERAL},")

type Plural = tuple[str, str, str]


def in_python(path: Path) -> Iterator[Plural]:
    """Yield the context, the singular and the plural of each plural of a file; they stand there to the letter."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            first = FUNCTIONS[node.func.id]
            *context, singular, plural = (ast.literal_eval(argument) for argument in node.args[: first + 2])
            yield "".join(context), singular, plural


def in_a_template(path: Path) -> Iterator[Plural]:
    """Yield the same of a template, as Django hands it to gettext's own reader."""
    for singular, plural in _IN_A_TEMPLATE.findall(templatize(path.read_text(), origin=str(path))):
        yield "", ast.literal_eval(singular), ast.literal_eval(plural)


PLURALS = sorted(
    {plural for package in PACKAGES for path in (ROOT / package).rglob("*.py") for plural in in_python(path)}
    | {plural for path in (ROOT / "templates").rglob("*.*") for plural in in_a_template(path)}
)


@pytest.mark.parametrize(("context", "singular", "plural"), PLURALS)
def test_zero_is_singular(context: str, singular: str, plural: str) -> None:
    def told(number: int) -> str:
        return npgettext(context, singular, plural, number) if context else ngettext(singular, plural, number)

    assert [told(number) for number in (0, 1, 2)] == [singular, singular, plural]
