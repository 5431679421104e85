"""The alert rules that are handed out: they ask for numbers that there are, and Prometheus' own tool understands them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from multitude.sight import exposition, metrics

FOLDER = Path(settings.BASE_DIR) / "deploy" / "prometheus"


@pytest.mark.django_db
def test_the_rules_ask_for_numbers_that_there_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(metrics, "rows", {})
    asked = set(re.findall(r"multitude_[a-z_]+", (FOLDER / "multitude.rules.yml").read_text()))
    told = set(re.findall(r"^# TYPE (\S+)", exposition.generate_latest(exposition._registry).decode(), re.MULTILINE))
    assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in asked} <= told
    assert len(asked) > 4


@pytest.mark.any_database
@pytest.mark.skipif(shutil.which("promtool") is None, reason="Demande promtool, du paquet prometheus.")
def test_each_rule_tells_its_alert() -> None:
    subprocess.run(["promtool", "check", "rules", "multitude.rules.yml"], cwd=FOLDER, check=True)
    subprocess.run(["promtool", "test", "rules", "multitude.test.yml"], cwd=FOLDER, check=True)
