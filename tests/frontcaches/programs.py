"""nginx and Varnish themselves, with the files of `deploy/`: copies in which ports and folders are this test's."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from tests.installed import find, lack
from tests.servers import ROOT, free_port

# What Debian's nginx.conf says around the file, as far as it matters.
NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
error_log {folder}/error.log;
{user}
events {{}}
http {{
    sendfile on;
    tcp_nopush on;
    gzip on;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{
        text/css css;
        application/javascript js;
        font/woff2 woff2;
    }}
    include {folder}/multitude.conf;
}}
"""


@dataclass
class Answer:
    """One answer: its status, its body as it came, and its headers by lower-case names."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class Program:
    """A running cache: the ports that it listens on, and the folder of its files; nginx has three, without TLS, with it,
    and one that leads to it."""

    port: int
    folder: Path
    tls_port: int = 0
    redirecting_port: int = 0

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", source: str = "127.0.0.1", **headers: str
    ) -> Answer:
        """Send one request from an address of this machine; in header names, write _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask_with(named, path, method, body, source)

    def ask_with(
        self, headers: dict[str, str], path: str, method: str = "GET", body: bytes = b"", source: str = "127.0.0.1"
    ) -> Answer:
        """Send one request, with headers written as they are."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(source, 0))
        try:
            connection.request(method, path, body or None, {"Host": "exemple.fr"} | headers)
            return _read(connection.getresponse())
        finally:
            connection.close()

    def send(self, request: bytes) -> Answer:
        """Send bytes as they are, over TLS where the program speaks it."""
        with ExitStack() as closing:
            connection = closing.enter_context(socket.create_connection(("127.0.0.1", self.tls_port or self.port), 10))
            if self.tls_port:
                context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
                connection = closing.enter_context(context.wrap_socket(connection, server_hostname="exemple.fr"))
            connection.sendall(request)
            answer = HTTPResponse(connection)
            closing.callback(answer.close)
            answer.begin()
            return _read(answer)


def _read(answer: HTTPResponse) -> Answer:
    """Return what was answered, in which no header may stand twice."""
    said = [(name.lower(), value) for name, value in answer.headers.items()]
    assert len(dict(said)) == len(said), said
    return Answer(answer.status, answer.read(), dict(said))


@contextmanager
def nginx(folder: Path, site: int) -> Iterator[Program]:
    """Run nginx in front of the site at a port; what it serves over TLS is also asked for without."""
    program, port, tls, redirecting = find("nginx"), free_port(), free_port(), free_port()
    certificate(folder)
    shutil.copytree(ROOT / "deploy/nginx/multitude", folder / "multitude")
    _adapt(
        "nginx/multitude.conf",
        folder,
        {
            "    server 127.0.0.1:8001 max_fails=0;\n": "",
            "server 127.0.0.1:8002 max_fails=0;": f"server 127.0.0.1:{site};",
            "listen 80 default_server;": f"listen 127.0.0.1:{redirecting} default_server;",
            "listen [::]:80 default_server;": "",
            "listen 80;": f"listen 127.0.0.1:{redirecting};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{tls} ssl http2; listen 127.0.0.1:{port};",
            "listen [::]:443 ssl http2;": "",
            "/var/cache/nginx-multitude": f"{folder}/cache",
            "/etc/multitude/tls/fullchain.pem": f"{folder}/fullchain.pem",
            "/etc/multitude/tls/privkey.pem": f"{folder}/privkey.pem",
            "root /var/www/acme;": f"root {folder}/acme;",
            "root /srv/multitude;": f"root {folder}/releases;",
        },
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=user))
    with _running([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], port, folder):
        yield Program(port, folder, tls, redirecting)


def certificate(folder: Path) -> None:
    """Write a certificate for exemple.fr that speaks for itself."""
    command = [find("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=exemple.fr", "-addext", "subjectAltName=DNS:exemple.fr,DNS:www.exemple.fr"]
    command += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def varnish(folder: Path, site: int) -> Iterator[Program]:
    """Run Varnish in front of the site at a port; old pages are good enough for 2 s instead of a minute."""
    program, port = find("varnishd", "varnish"), free_port()
    _adapt(
        "varnish/multitude.vcl",
        folder,
        {'.port = "8000";': f'.port = "{site}";', "set req.grace = 60s;": "set req.grace = 2s;"},
    )
    command = [program, "-F", "-f", str(folder / "multitude.vcl"), "-a", f"127.0.0.1:{port}", "-n", str(folder / "run")]
    command += ["-j", "none", "-T", "none", "-s", "malloc,16m"]
    try:
        with _running(command, port, folder):
            yield Program(port, folder)
    except _Stopped as error:
        if "Could not find VMOD" in str(error):
            lack("varnish-modules manque : sous Debian, « apt install varnish-modules ».")
        raise


class _Stopped(AssertionError):
    """A program ended before it listened; the message is what it printed."""


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """Start a program, wait until it listens, and stop it and its children whatever happens, even to this process."""
    with_us = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
    log = folder / "log"
    with (
        log.open("w") as output,
        subprocess.Popen([*with_us, *command], stdout=output, stderr=output, start_new_session=True) as process,
    ):
        try:
            start = time.monotonic()
            while not _listens(port):
                if process.poll() is not None or time.monotonic() - start > 30:
                    raise _Stopped(log.read_text())
                time.sleep(0.02)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _adapt(source: str, folder: Path, replacements: dict[str, str]) -> None:
    """Copy a file of `deploy/` with what differs here; each replaced text stands in it exactly once."""
    path = ROOT / "deploy" / source
    text = path.read_text()
    # The one name that stands there twice.
    text = text.replace("/var/log/nginx/", f"{folder}/")
    for old, new in replacements.items():
        assert text.count(old) == 1, f"{old} in {path}"
        text = text.replace(old, new)
    (folder / path.name).write_text(text)
