"""The site's own settings, with one layer more that numbers the pages which Django makes."""

from multitude.settings import *  # noqa: F403
from multitude.settings import WSGI_LAYERS as _LAYERS

WSGI_LAYERS = [*_LAYERS, "bench.numbering.Numbering"]
