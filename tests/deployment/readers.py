"""Readers of a throw-away machine's site: they read, send a comment now and then, and note every answer that they get.

`readers.py ADDRESS FILE` goes on until FILE is there, then prints how often each came: `GET 200`, `POST 303`, `GET broken`.
"""

import http.client
import json
import ssl
import sys
import threading
import time
import urllib.parse
from collections import Counter
from pathlib import Path

ESSAY = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"
# Four readers with such pauses are forty requests a second, and eight comments.
PAUSE = 0.1
PATHS = ["/", ESSAY, "/flux/", "/archives/"]


def read(host: str, number: int, answers: Counter[str], end: Path) -> None:
    """Ask for one page after another over connections that stay open; every fifth time, comment."""
    connection, turn = http.client.HTTPSConnection(host, context=ssl.create_default_context(), timeout=20), 0
    while not end.exists():
        turn += 1
        method, path, body, headers = "GET", PATHS[turn % len(PATHS)], None, {}
        if turn % 5 == 0:
            text = {"body": f"Avis {time.time_ns()} de {number}.", "author_name": f"Lectrice {number}", "website": ""}
            body = urllib.parse.urlencode(text | {"author_email": f"l{number}@exemple.fr"})
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
            method, path = "POST", f"{ESSAY}commentaires/"
        answers[f"{method} {ask(connection, method, path, body, headers)}"] += 1
        time.sleep(PAUSE)


def ask(
    connection: http.client.HTTPSConnection, method: str, path: str, body: str | None, headers: dict[str, str]
) -> str:
    """Return the status of the answer; whom a busy Multitude asks to come back, as it may on a busy machine, does."""
    for _attempt in range(20):
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return "broken"
        if answer.status != 503:
            return str(answer.status)
        if b"ne r\xc3\xa9pond pas" in page:
            return "503 by nginx"
        time.sleep(1)
    return "503"


def main() -> None:
    """Have four of them read."""
    host, end, answers = sys.argv[1], Path(sys.argv[2]), Counter[str]()
    readers = [threading.Thread(target=read, args=(host, number, answers, end)) for number in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    print(json.dumps(answers))


main()
