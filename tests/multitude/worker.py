"""A web process as the server starts it, for tests with several: it answers the requests that come on its standard input.

Each line is a JSON object with `method` and `path`; each answer a line with `status`, `cache` and `body`. At the end of
the input the process ends in good order.
"""

import json
import sys
from io import BytesIO
from typing import Any


def main() -> None:
    """Answer until there are no more requests."""
    from multitude.wsgi import application

    for line in sys.stdin:
        asked = json.loads(line)
        environ = {
            "REQUEST_METHOD": asked["method"],
            "PATH_INFO": asked["path"],
            "QUERY_STRING": "",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "REMOTE_ADDR": "203.0.113.9",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
        }
        answer: dict[str, Any] = {}

        def start_response(
            status: str, headers: list[tuple[str, str]], *exc_info: object, answer: Any = answer
        ) -> None:
            answer |= {"status": int(status[:3]), "cache": dict(headers).get("X-Cache")}

        chunks = application(environ, start_response)
        answer["body"] = b"".join(chunks).decode()
        getattr(chunks, "close", lambda: None)()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
