"""nginx with deploy/nginx/multitude.conf: TLS and HTTP/2, the way to them, and certbot's challenge."""

import socket
import ssl
import subprocess
from http.client import RemoteDisconnected

import pytest

from tests.frontcaches.programs import Program
from tests.frontcaches.site import FakeSite
from tests.installed import find

OLD = ["TLSv1", "TLSv1_1"]
# Mozilla's «intermediate»: forward secrecy and authenticated encryption, for TLS 1.2 too.
WEAK = ["AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"]
STRONG = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"]


def shake_hands(nginx: Program, context: ssl.SSLContext, host: str = "exemple.fr") -> tuple[str | None, str | None]:
    """Return the version of TLS and of HTTP that client and server agree on; raises SSLError when they do not."""
    context.load_verify_locations(nginx.folder / "fullchain.pem")
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", nginx.tls_port), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        return connection.version(), connection.selected_alpn_protocol()


def curl(nginx: Program, path: str, *options: str) -> str:
    """Ask over TLS as a browser would, and return the head of the answer and its body."""
    command = [find("curl"), "--silent", "--show-error", "--include", "--cacert", str(nginx.folder / "fullchain.pem")]
    command += ["--resolve", f"exemple.fr:{nginx.tls_port}:127.0.0.1", *options]
    done = subprocess.run(
        [*command, f"https://exemple.fr:{nginx.tls_port}{path}"], capture_output=True, text=True, timeout=30, check=True
    )
    return done.stdout


def test_a_page_comes_over_http_2_and_the_site_knows_that_it_was_tls(site: FakeSite, nginx: Program, path: str) -> None:
    answer = curl(nginx, path, "--http2")
    assert answer.startswith("HTTP/2 200")
    assert site.text(path) in answer
    assert site.asked(path)[-1]["HTTP_X_FORWARDED_PROTO"] == "https"


def test_a_browser_without_http_2_is_served_too(site: FakeSite, nginx: Program, path: str) -> None:
    assert curl(nginx, path, "--http1.1").startswith("HTTP/1.1 200")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_present_versions_of_tls_are_spoken(nginx: Program, version: ssl.TLSVersion) -> None:
    context = ssl.create_default_context()
    context.minimum_version = context.maximum_version = version
    assert shake_hands(nginx, context) == (version.name.replace("_", "."), "h2")


@pytest.mark.parametrize("version", OLD)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_of_tls_are_refused(nginx: Program, version: str) -> None:
    context = ssl.create_default_context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        shake_hands(nginx, context)


@pytest.mark.parametrize("cipher", STRONG)
def test_each_cipher_of_the_last_ten_years_is_understood(nginx: Program, cipher: str) -> None:
    context = ssl.create_default_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(cipher)
    assert shake_hands(nginx, context)[0] == "TLSv1.2"


@pytest.mark.parametrize("cipher", WEAK)
def test_weak_ciphers_are_refused(nginx: Program, cipher: str) -> None:
    context = ssl.create_default_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        shake_hands(nginx, context)


@pytest.mark.parametrize("host", ["exemple.fr", "www.exemple.fr"])
def test_http_leads_to_https_of_the_same_name(site: FakeSite, nginx: Program, path: str, host: str) -> None:
    answer = Program(nginx.redirecting_port, nginx.folder).ask(f"{path}?page=2", Host=host)
    assert (answer.status, answer.headers["location"]) == (301, f"https://{host}{path}?page=2")
    assert site.asked(path) == []


def test_www_leads_to_the_one_address_of_a_page(site: FakeSite, nginx: Program, path: str) -> None:
    answer = nginx.ask(f"{path}?page=2", Host="www.exemple.fr")
    assert (answer.status, answer.headers["location"]) == (301, f"https://exemple.fr{path}?page=2")
    assert site.asked(path) == []


def test_certbots_challenge_is_answered_without_tls(nginx: Program) -> None:
    folder = nginx.folder / "acme/.well-known/acme-challenge"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "jeton").write_text("jeton.empreinte")
    plain = Program(nginx.redirecting_port, nginx.folder)
    answer = plain.ask("/.well-known/acme-challenge/jeton")
    assert (answer.status, answer.body) == (200, b"jeton.empreinte")
    assert plain.ask("/.well-known/acme-challenge/inconnu").status == 404


def test_nobody_is_led_to_another_name(nginx: Program, path: str) -> None:
    with pytest.raises(RemoteDisconnected):
        Program(nginx.redirecting_port, nginx.folder).ask(path, Host="pirate.exemple")
