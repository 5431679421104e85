"""How much of a file that is sent reaches the disk: no more than whoever reads it would take."""

from django.core.files.uploadhandler import FileUploadHandler

# Pictures are the largest files that one sends here.
LARGEST_PICTURE = 30 * 1024 * 1024
MOST_BYTES = LARGEST_PICTURE + 1024 * 1024


class BoundedUpload(FileUploadHandler):
    """Stands before Django's own: what comes beyond the bound is read from the network and dropped.

    The file that arrives is then longer than any that is taken, and is refused as too heavy.
    """

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin to count anew."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self._passed = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a chunk on to the next handler, or drop it."""
        if self._passed > MOST_BYTES:
            return None
        self._passed += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
        return None
