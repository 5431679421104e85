"""Which network a request comes from, and whose word one takes for it."""

import logging

import pytest
from pytest_django import Settings

from multitude import clients
from multitude.clients import client_network
from multitude.environment import Network

PROXIES = ["10.0.0.0/8", "2001:db8:ffff::/48"]
CHAINS = [
    ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
    ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
    ("10.0.0.1", "198.51.100.66, 203.0.113.9", "203.0.113.9"),
    ("10.0.0.1", "10.9.9.9, 203.0.113.9, 10.0.0.3", "203.0.113.9"),
    ("10.0.0.1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
    ("2001:db8:ffff::1", "203.0.113.9", "203.0.113.9"),
    ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
    ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
    ("10.0.0.1", "", "10.0.0.1"),
    ("10.0.0.1", "203.0.113.9:4444", "203.0.113.9"),
    ("10.0.0.1", "[2001:db8:1:2::9]:4444", "2001:db8:1:2::/64"),
    ("10.0.0.1", "198.51.100.66:1, 203.0.113.9:2, 10.0.0.2:3", "203.0.113.9"),
    ("10.0.0.1", "[2001:db8:1:2:3:4:5:6%abcdefghijklmno]:65535", "2001:db8:1:2::/64"),
    ("10.0.0.1", "2001:db8:1:2:3:4:5:6:4444", "2001:db8:1:2::/64"),
    ("10.0.0.1", "203.0.113.9:", "10.0.0.1"),
    ("10.0.0.1", "203.0.113.9:1:2", "10.0.0.1"),
    ("10.0.0.1", f"203.0.113.9{':1' * 3_000}", "10.0.0.1"),
    ("10.0.0.1", f"1{':1' * 3_000}", "10.0.0.1"),
    ("10.0.0.1", f"{'[' * 3_000}2001:db8::1{']' * 3_000}", "10.0.0.1"),
    ("10.0.0.1", "203.0.113.9, inconnu", "10.0.0.1"),
    ("10.0.0.1", "203.0.113.9,, 10.0.0.2", "10.0.0.2"),
    ("198.51.100.1", "203.0.113.9", "198.51.100.1"),
]
PEERS = [
    ("203.0.113.9", "203.0.113.9"),
    ("::ffff:203.0.113.9", "203.0.113.9"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("fe80::1%eth0", "fe80::/64"),
    ("", clients.UNKNOWN),
    ("n’importe quoi", clients.UNKNOWN),
]


def request_from(peer: str, forwarded: str | None = None) -> dict[str, str]:
    """Return the environment of a request from an address, with or without X-Forwarded-For."""
    return {"REMOTE_ADDR": peer} | ({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded})


@pytest.fixture
def _proxies(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = [Network.parse(network) for network in PROXIES]


@pytest.mark.parametrize(("peer", "network"), PEERS)
def test_a_client_is_an_ipv4_address_or_an_ipv6_64(peer: str, network: str) -> None:
    assert client_network(request_from(peer)) == network


def test_two_addresses_of_one_household_are_one_client() -> None:
    assert client_network(request_from("2001:db8:1:2::a")) == client_network(request_from("2001:db8:1:2::b"))
    assert client_network(request_from("2001:db8:1:2::a")) != client_network(request_from("2001:db8:1:3::a"))


@pytest.mark.usefixtures("_proxies")
@pytest.mark.parametrize(("peer", "forwarded", "network"), CHAINS)
def test_the_client_is_the_rightmost_hop_that_is_no_proxy(peer: str, forwarded: str, network: str) -> None:
    assert client_network(request_from(peer, forwarded)) == network


def test_without_trusted_proxies_nobody_names_another_address() -> None:
    assert client_network(request_from("198.51.100.1", "203.0.113.9")) == "198.51.100.1"


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:192.168.0.4"])
def test_a_proxy_that_nobody_declared_is_logged_once(caplog: pytest.LogCaptureFixture, peer: str) -> None:
    for _ in range(3):
        client_network(request_from(peer, "203.0.113.9"))
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "TRUSTED_PROXIES" in errors[0].getMessage()
    assert "203.0.113.9" not in errors[0].getMessage()


def test_a_stranger_that_forwards_is_no_proxy_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    client_network(request_from("8.8.8.8", "203.0.113.9"))
    client_network(request_from("127.0.0.1"))
    assert not caplog.records
