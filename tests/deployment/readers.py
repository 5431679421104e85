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
            text = {"body": f"Avis {turn} de {number}.", "author_name": f"Lectrice {number}", "website": ""}
            body = urllib.parse.urlencode(text | {"author_email": f"l{number}@exemple.fr"})
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
            method, path = "POST", f"{ESSAY}commentaires/"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read()
            # Who says that the site is away: nginx, or Multitude.
            by_nginx = " by nginx" if b"ne r\xc3\xa9pond pas" in page else ""
            answers[f"{method} {answer.status}{by_nginx}"] += 1
        except (OSError, http.client.HTTPException):
            answers[f"{method} broken"] += 1
            connection.close()
        time.sleep(PAUSE)


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
