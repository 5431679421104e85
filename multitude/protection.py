"""The headers by which browsers protect readers: the same on every answer, whoever makes it, a view, an error or a file."""

from typing import Any

from django.conf import settings
from django.utils.csp import build_policy

_DENIED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
OWN = {
    # Nothing of a newspaper asks for a reader's camera, place or advertising profile.
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _DENIED),
    # No other site shows what is ours in its pages, unless the answer says that it may.
    "Cross-Origin-Resource-Policy": "same-origin",
}


# Whoever knows the address of a follow-up page, of a preview or of its pictures may see it: nobody is told where a reader came from.
_KEYED = ("/commentaires/", "/apercu/", "/media/")


def referrer_policy(path: str) -> str:
    """Return what browsers tell of an address to whatever is asked for next, errors at that address included."""
    return "no-referrer" if path.startswith(_KEYED) else settings.SECURE_REFERRER_POLICY


def without_django(path: str) -> list[tuple[str, str]]:
    """Return every header that Django's middleware would add, and our own, for an answer that passes none of it."""
    policy: dict[str, Any] = settings.SECURE_CSP
    headers = {
        "Content-Security-Policy": build_policy(policy),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": referrer_policy(path),
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        **OWN,
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return list(headers.items())
