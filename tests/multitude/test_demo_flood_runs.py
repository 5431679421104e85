"""The flood is written in batches: a run that is cut leaves true lanes, and the next one goes on."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from comments.models import Comment
from multitude.demo import conversations, flood
from tests.multitude.lanes import assert_lanes_are_true, lanes

pytestmark = pytest.mark.django_db


def test_a_run_cut_between_two_batches_leaves_true_lanes(monkeypatch: pytest.MonkeyPatch):
    call_command("demo", verbosity=0)
    monkeypatch.setattr(flood, "BATCH", 20)
    waiting = Comment.objects.pending().count()
    for _batch, written in zip(range(2), flood.grow(60, moderator_id=None), strict=False):
        assert written == 20

    assert Comment.objects.pending().count() == waiting + 40
    assert_lanes_are_true()
    call_command("demo", comments=800, verbosity=0)
    assert Comment.objects.count() == 800
    assert Comment.objects.pending().count() == round(flood.SHARE * 800)
    assert_lanes_are_true()


def test_the_newspaper_as_it_is_told_stays_calm():
    call_command("demo", verbosity=0)
    assert set(lanes()) <= {"pending", "approved", "rejected", "spam", "removed"}


def test_without_articles_nobody_comments():
    assert list(flood.grow(10, moderator_id=None)) == []
    assert sum(conversations.grow(10, moderator_id=None)) == 0


def test_every_address_is_one_that_nobody_owns():
    text = (Path(settings.BASE_DIR) / "multitude" / "demo" / "flood.json").read_text(encoding="utf-8")
    hosts = re.findall(r"(?:https?://|www\.|@)([\w.{}-]+)", text)
    assert hosts
    assert {host.rpartition(".")[2] for host in hosts} == {"example"}
