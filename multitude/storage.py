"""Files on this machine's disk, whole or not at all."""

from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """Django's storage, which leaves nothing of a file for which there was no room."""

    def _save(self, name: str, content: Any) -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc]
        except OSError:
            # The name was free before.
            self.delete(name)
            raise
