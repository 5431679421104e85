"""Pictures as HTML: in a text, at its head, on its card. Called when text or picture changes, never when a page is read.

In the source of an article a figure is `<figure data-picture="12"><figcaption>…</figcaption></figure>`, the caption
optional; what readers get is made from it and from the picture's row.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from articles.models import Picture, Rendition
from multitude import typography

# How wide a picture is shown, as static/css/article.css and pictures.css have it.
TEXT_SIZES = "(min-width: 40rem) 34rem, calc(100vw - 2rem)"
LEAD_SIZES = "(min-width: 80rem) 40rem, (min-width: 64rem) 50vw, calc(100vw - 2rem)"
PORTRAIT_SIZES = "(min-width: 40rem) 10rem, 7rem"
# A card stands in several lists: each writes its own in place of this one.
CARD_SIZES = "auto"
_FOCAL_STEP = 10
_TAG = re.compile(r'<figure(?: data-picture="(?P<key>[1-9][0-9]{0,17})")?[^>]*>|</figure>')
_CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_STRAY = re.compile(r"</?figcaption>")
_KEY = re.compile(r"<figure\b[^<>]*?\sdata-picture\s*=\s*[\"']?([1-9][0-9]{0,17})", re.IGNORECASE)
# By how the names of stored files end.
FILE_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
_TYPES = {Rendition.Format.AVIF: "image/avif", Rendition.Format.WEBP: "image/webp"}


def replace(html: str, show: Callable[[int, str], str]) -> str:
    """Return cleaned HTML with what a function makes of each figure, given the picture's key and the caption's HTML.

    A figure of no picture goes, as do figures inside others and captions outside of any.
    """
    parts: list[str] = []
    depth = begin = last = key = 0
    for tag in _TAG.finditer(html):
        if tag[0] == "</figure>":
            depth -= 1
            if depth == 0:
                caption = _CAPTION.search(html, begin, tag.start())
                parts.append(show(key, caption[1].strip() if caption else "") if key else "")
                last = tag.end()
        else:
            if depth == 0:
                parts.append(_STRAY.sub("", html[last : tag.start()]))
                begin, key = tag.end(), int(tag["key"] or 0)
            depth += 1
    return "".join([*parts, _STRAY.sub("", html[last:])])


def source(key: int, caption: str) -> str:
    """Return a figure as it stands in the source of an article."""
    inside = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure data-picture="{key}">{inside}</figure>'


def keys_in(html: str) -> set[int]:
    """Return the keys of the pictures that a text names, in its source or as it is stored for readers."""
    return {int(key) for key in _KEY.findall(html)}


def load(keys: Iterable[int]) -> dict[int, Picture]:
    """Return those of the pictures that exist, by key, with their renditions, the narrowest first."""
    wanted = sorted({*keys})
    return {picture.pk: picture for picture in with_renditions().filter(pk__in=wanted)} if wanted else {}


def with_renditions() -> QuerySet[Picture]:
    """Return all pictures with their renditions, the narrowest first."""
    return Picture.objects.prefetch_related(Prefetch("renditions", Rendition.objects.order_by("format", "width")))


def show_all(html: str, pictures: Mapping[int, Picture]) -> str:
    """Return a text's cleaned HTML with its pictures in it; those that are not given vanish."""

    def show(key: int, caption: str) -> str:
        picture = pictures.get(key)
        return "" if picture is None else figure(picture, caption)

    return replace(html, show)


def figure(picture: Picture, caption: str = "") -> str:
    """Return a picture in a text, with the caption that the text gives it as HTML, or else its own."""
    words = mark_safe(caption) if caption else typography.typeset(picture.caption)  # noqa: S308  cleaned by nh3
    shown = element(picture, sizes=TEXT_SIZES)
    context = {"picture": picture, "shown": shown, "caption": words, "credit": typography.typeset(picture.credit)}
    return render_to_string("articles/_figure.html", context).strip()


def lead(picture: Picture) -> str:
    """Return the picture at the head of an article, which is loaded before everything else."""
    shown = element(picture, sizes=LEAD_SIZES, urgent=True)
    words, credit = typography.typeset(picture.caption), typography.typeset(picture.credit)
    context = {"picture": picture, "shown": shown, "caption": words, "credit": credit, "is_lead": True}
    return render_to_string("articles/_figure.html", context).strip()


def portrait(picture: Picture) -> str:
    """Return the picture of an author, as their page shows it: cut to a square around its focal point, with its credit."""
    shown = element(picture, sizes=PORTRAIT_SIZES, urgent=True)
    context = {"picture": picture, "shown": shown, "credit": typography.typeset(picture.credit), "is_portrait": True}
    return render_to_string("articles/_figure.html", context).strip()


def element(picture: Picture, *, sizes: str, urgent: bool = False, decorative: bool = False) -> SafeString:
    """Return the `<picture>` with its sources; a decorative one stands beside words that say as much."""
    made = sorted(picture.renditions.all(), key=lambda each: (each.format, each.width))
    by_format = {form: list(files) for form, files in groupby(made, key=lambda each: each.format)}
    context = {
        "sources": [
            (kind, ", ".join(f"{address_of(str(each.file))} {each.width}w" for each in by_format[form]))
            for form, kind in _TYPES.items()
            if form in by_format
        ],
        "sizes": sizes,
        "address": plain_address(picture),
        "picture": picture,
        "alternative_text": "" if decorative else typography.typeset(picture.alternative_text),
        "focal_x": round(picture.focal_x / _FOCAL_STEP),
        "focal_y": round(picture.focal_y / _FOCAL_STEP),
        "urgent": urgent,
        # Whatever is transparent somewhere is stored as WebP.
        "is_transparent": str(picture.file).endswith(".webp"),
    }
    return mark_safe(render_to_string("articles/_picture.html", context).strip())  # noqa: S308  rendered by a template


def plain_address(picture: Picture) -> str:
    """Return the address of the file for whoever knows neither AVIF nor WebP: its JPEG, or the original until there is one."""
    return address_of(str(_plain_file(picture).file))


def for_machines(picture: Picture) -> dict[str, Any]:
    """Return what machines are told of a picture: its words, its plain file, and the one that is cut for sharing.

    Until that one is made the plain file is both.
    """
    whole = _plain_file(picture)
    cut = next((each for each in picture.renditions.all() if each.is_cut), whole)
    return {
        "alternative_text": typography.typeset(picture.alternative_text),
        "whole": _told(whole),
        "shared": _told(cut),
    }


def thumbnail(picture: Picture) -> str:
    """Return the address of a small file of the picture: its narrowest WebP, or the original until there is one."""
    small = [each for each in picture.renditions.all() if each.format == Rendition.Format.WEBP]
    return address_of(str(min(small, key=lambda each: each.width).file if small else picture.file))


def _plain_file(picture: Picture) -> Picture | Rendition:
    made = (each for each in picture.renditions.all() if each.format == Rendition.Format.JPEG and not each.is_cut)
    return next(made, picture)


def _told(file: Picture | Rendition) -> dict[str, Any]:
    name = str(file.file)
    kind = FILE_TYPES[name.rpartition(".")[2]]
    return {"address": address_of(name), "type": kind, "width": file.width, "height": file.height}


def address_of(name: str) -> str:
    """Return the path at which a stored file is served."""
    return reverse("articles:picture_file", args=name.split("/"))
