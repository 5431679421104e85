"""Where static files are kept: under names that hold their digest, so that browsers keep them for ever."""

import functools
import logging
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

logger = logging.getLogger(__name__)


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Compressed files with digests in their names; one that was never collected costs its style, not the page."""

    manifest_strict = False
    # A module imports another by the name that holds its digest too.
    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Return the name with its digest, or as it is, with an error in the log, when there is no such file."""
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            _report_missing(name)
            return name


@functools.cache
def _report_missing(name: str) -> None:
    logger.error("Le fichier statique « %s » n’a pas été rassemblé : lancez « manage.py collectstatic ».", name)
