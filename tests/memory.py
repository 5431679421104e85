"""What is kept between two requests, and how a test empties it without touching the tests beside it."""

from uuid import uuid4

from django.core.cache import cache, caches


def empty_cache() -> None:
    """Find nothing in the cache any more: `cache.clear()` would empty a Redis of other tests' keys too."""
    prefix = uuid4().hex
    caches.settings["default"]["KEY_PREFIX"] = prefix
    cache.key_prefix = prefix
