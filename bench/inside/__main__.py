"""Reads acts and their arguments, one JSON line each, and writes what they return."""

import json
import os
import sys
import traceback


def main() -> None:
    """Do what is asked until nothing more comes."""
    answers, sys.stdout = sys.stdout, sys.stderr
    os.environ["DJANGO_SETTINGS_MODULE"] = "multitude.settings"
    import django

    django.setup()
    from bench.inside import acts

    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            reply = [getattr(acts, name)(**arguments), None]
        except Exception as error:
            traceback.print_exc()
            reply = [None, f"{type(error).__name__}: {error}"]
        print(json.dumps(reply), file=answers, flush=True)


main()
