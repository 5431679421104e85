"""Django's request, where headers hold what nothing can read.

Django has Python's parser of mail read their parameters, and expects no `TypeError` of it, which a parameter that is both
numbered and whole gives (RFC 2231). Here a part of a form that cannot be read is a request that makes no sense, and an Accept
that cannot be read is none. The Content-Type is the gate's affair.
"""

import logging
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import MediaType
from django.utils.functional import cached_property

logger = logging.getLogger(__name__)


class Request(WSGIRequest):
    """What `multitude.wsgi` has Django make of a request."""

    @cached_property
    def accepted_types(self) -> list[MediaType]:
        """Return what the client accepts, best first; everything, if that cannot be read."""
        try:
            return super().accepted_types
        except (TypeError, ValueError):
            return [MediaType("*/*")]

    def parse_file_upload(self, META: Any, post_data: Any) -> Any:  # noqa: N803  Django's own name
        """Return the fields and files of a form in parts; raise `MultiPartParserError`, which is a 400, if one cannot be read."""
        try:
            return super().parse_file_upload(META, post_data)
        except TypeError as error:
            logger.warning("Un formulaire en parties n’a pas pu être lu (%s).", type(error).__name__)
            raise MultiPartParserError("A part has parameters that nothing can read.") from error
