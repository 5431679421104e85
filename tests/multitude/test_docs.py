"""What the documentation points to is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from bench.servers import SETTINGS

ROOT = Path(settings.BASE_DIR)
PAGES = [str(path.relative_to(ROOT)) for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_inside_the_repository_leads_somewhere(page: str) -> None:
    source = (ROOT / page).read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", source) if "://" not in link]
    assert [link for link in links if link and not ((ROOT / page).parent / link).exists()] == []


def test_every_variable_is_told_of_once_and_reaches_no_site_that_is_started_for_a_test() -> None:
    """What is read, what is documented, what a site under test or measurement is kept from, what CI forgets: one list."""
    source = "".join((ROOT / "multitude" / f"{name}.py").read_text() for name in ("settings", "environment"))
    told = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/reference/environment.md").read_text(), re.MULTILINE)
    forgotten = re.search(r"^unset ([A-Z_ \\\n]+)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert forgotten
    assert set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', source)) <= set(told)
    assert [name for name in told if f'"{name.removesuffix("_OPTIONS")}"' not in source] == []
    assert sorted(told) == sorted(SETTINGS - {"DJANGO_SETTINGS_MODULE"})
    assert set(forgotten[1].replace("\\", "").split()) == set(told)


def test_every_test_that_the_page_on_faults_names_is_there() -> None:
    source = (ROOT / "docs/explanation/faults.md").read_text(encoding="utf-8")
    named = re.findall(r"\[`(test_\w+)`\]\(\.\./\.\./([^)]+)\)", source)
    assert len(named) > 10
    assert [name for name, path in named if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")] == []
