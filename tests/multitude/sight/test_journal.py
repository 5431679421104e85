"""The log's line for each act."""

import logging

import pytest
from django.db import transaction

from multitude.sight import journal


@pytest.mark.django_db(transaction=True)
def test_an_act_is_told_at_once_outside_a_transaction(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    journal.act("login", user=3, second_factor=True)
    assert caplog.messages == ["login user=3 second_factor=True"]


@pytest.mark.django_db(transaction=True)
def test_an_act_is_told_when_it_is_done(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with transaction.atomic():
        journal.act("comment.decide", comment=12)
        assert caplog.messages == []
    assert caplog.messages == ["comment.decide comment=12"]


@pytest.mark.django_db(transaction=True)
def test_an_act_that_failed_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    def fail() -> None:
        with transaction.atomic():
            journal.act("comment.decide", comment=12)
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  any would do
        fail()
    assert caplog.messages == []


@pytest.mark.django_db(transaction=True)
def test_an_act_names_the_request_under_way(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    token = journal.request_name.set("abc-1")
    journal.act("logout", user=3)
    journal.request_name.reset(token)
    assert caplog.messages == ["logout request=abc-1 user=3"]
