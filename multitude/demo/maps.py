"""The pictures of the demo newspaper: old maps, drawn by chance, the same ones each time; no photograph is needed."""

import random
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

_SIZE = (960, 640)
_GRID = (11, 8)
_SEA = 118
_STEP = 14
_PAPER, _INK = "#efe3c8", "#4a3626"
# From the depths to the peaks: a height between 0 and 255, and how it is tinted.
_TINTS = (
    (0, "#9fb8ae"),
    (_SEA, "#c3d2c0"),
    (_SEA + 1, "#e6d9b4"),
    (170, "#dcc393"),
    (215, "#c79f72"),
    (256, "#b98a60"),
)


def draw(number: int) -> Image.Image:
    """Return the map of a number: shores, contour lines, a grid and a compass rose."""
    dice = random.Random(number)  # noqa: S311
    heights = Image.frombytes("L", _GRID, bytes(dice.randint(30, 235) for _ in range(_GRID[0] * _GRID[1])))
    heights = heights.resize(_SIZE, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(6))
    drawn = _tinted(heights)
    ink = Image.new("RGB", _SIZE, _INK)
    drawn.paste(ink, mask=_lines(heights.point(lambda height: height // _STEP * _STEP), 0.35))
    drawn.paste(ink, mask=_lines(heights.point(lambda height: 255 if height > _SEA else 0), 1.0))
    _frame(ImageDraw.Draw(drawn), dice)
    grain = (
        Image.frombytes("L", (240, 160), dice.randbytes(240 * 160)).resize(_SIZE).point(lambda value: 232 + value // 12)
    )
    return ImageChops.multiply(drawn, ImageOps.colorize(grain, "black", "white"))


def _tinted(heights: Image.Image) -> Image.Image:
    """Return the heights in their tints, one band for each."""
    drawn = Image.new("RGB", _SIZE, _PAPER)
    for (low, tint), (high, _next) in pairwise(_TINTS):
        drawn.paste(tint, mask=heights.point(lambda height, low=low, high=high: 255 if low <= height < high else 0))
    return drawn


def _lines(steps: Image.Image, strength: float) -> Image.Image:
    """Return where a height begins, as a mask."""
    edges = steps.filter(ImageFilter.FIND_EDGES).point(lambda value: 255 if value else 0)
    return edges.filter(ImageFilter.GaussianBlur(0.7)).point(lambda value: int(min(255, value * 1.4) * strength))


def _frame(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    """Draw meridians, parallels, the frame, and a compass rose in one of the corners."""
    width, height = _SIZE
    for place in range(1, 6):
        pen.line((width * place // 6, 0, width * place // 6 + 24, height), fill="#a8946f")
        pen.line((0, height * place // 6 - 12, width, height * place // 6 + 12), fill="#a8946f")
    for inset, thick in ((10, 2), (18, 6)):
        pen.rectangle((inset, inset, width - inset, height - inset), outline=_INK, width=thick)
    left, top = dice.choice((120, width - 120)), dice.choice((120, height - 120))
    pen.ellipse((left - 62, top - 62, left + 62, top + 62), fill=_PAPER, outline=_INK, width=2)
    for long, across, tint in ((34, 9, "#a8946f"), (56, 10, _INK)):
        turn = 0.7 if long == 34 else 0.0
        for east, south in ((0, -1), (1, 0), (0, 1), (-1, 0)):
            tip_x, tip_y = (east - south * turn) * long, (south + east * turn) * long
            pen.polygon(
                (
                    left + tip_x,
                    top + tip_y,
                    left - south * across,
                    top + east * across,
                    left + south * across,
                    top - east * across,
                ),
                fill=tint,
            )
