"""Videos and posts of other places: an article never embeds them, it links to them by a title.

The editor's script takes the same tables, so that an address or a player that is pasted becomes the same link.
"""

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# The page that stands behind a player, in an expression that Python and JavaScript read alike.
PLAYERS = (
    (
        r"^(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20}).*",
        "https://www.youtube.com/watch?v=$1",
    ),
    (r"^(?:https?:)?//player\.vimeo\.com/video/([0-9]+).*", "https://vimeo.com/$1"),
    (
        r"^(?:https?:)?//(?:www\.|geo\.)?dailymotion\.com/embed/video/(\w+).*",
        "https://www.dailymotion.com/video/$1",
    ),
    (
        r"^(?:https?:)?//platform\.(?:twitter|x)\.com/embed/Tweet\.html\?(?:.*&)?id=([0-9]+).*",
        "https://x.com/i/status/$1",
    ),
    (r"^(?:https?:)?//open\.spotify\.com/embed/(\w+/\w+).*", "https://open.spotify.com/$1"),
)
# What one finds at a place, by the beginning of an address without its scheme and its «www.».
PLACES = {
    "youtube.com/watch?": _("Vidéo sur YouTube"),
    "youtube.com/shorts/": _("Vidéo sur YouTube"),
    "youtu.be/": _("Vidéo sur YouTube"),
    "vimeo.com/": _("Vidéo sur Vimeo"),
    "dailymotion.com/video/": _("Vidéo sur Dailymotion"),
    "dai.ly/": _("Vidéo sur Dailymotion"),
    "tiktok.com/@": _("Vidéo sur TikTok"),
    "twitch.tv/videos/": _("Vidéo sur Twitch"),
    "arte.tv/": _("Vidéo sur Arte"),
    "x.com/": _("Message sur X"),
    "twitter.com/": _("Message sur X"),
    "bsky.app/profile/": _("Message sur Bluesky"),
    "mastodon.social/@": _("Message sur Mastodon"),
    "instagram.com/": _("Publication sur Instagram"),
    "facebook.com/": _("Publication sur Facebook"),
    "linkedin.com/posts/": _("Publication sur LinkedIn"),
    "soundcloud.com/": _("Son sur SoundCloud"),
    "open.spotify.com/": _("Son sur Spotify"),
}
_LONGEST = 2_000


class Link(NamedTuple):
    """Where a link leads, what it says, and what it says under the pointer."""

    address: str
    words: str
    title: str


def link_to(address: str) -> Link | None:
    """Return the link that stands for the address of a known place or of its player, or None."""
    address = address.strip()
    if len(address) > _LONGEST or re.search(r"\s", address):
        return None
    for player, page in PLAYERS:
        if match := re.match(player, address):
            address = page.replace("$1", match[1])
            break
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    place = parts.netloc.lower().removeprefix("www.").removeprefix("m.") + parts.path
    place += f"?{parts.query}" if parts.query else ""
    found = next((title for start, title in PLACES.items() if place.startswith(start) and place != start), None)
    if found is None:
        return None
    return Link(address, str(found), gettext("S’ouvre sur %(place)s") % {"place": place.split("/")[0]})


def for_the_editor() -> dict[str, Any]:
    """Return the tables as the editor's script takes them, in JSON's own types."""
    places = [[start, str(title)] for start, title in PLACES.items()]
    title = gettext("S’ouvre sur %(place)s")
    return {"players": [list(player) for player in PLAYERS], "places": places, "title": title}
