"""The portraits of the demo newspaper: busts cut in two inks, as a linocut has them, of nobody; no photograph is needed."""

import random

from PIL import Image, ImageDraw

SIZE = 480
# Drawn larger, and then reduced: edges are smooth without a pencil that knows how.
_SCALE = 4
_GROUNDS = ("#c9d5cf", "#e3d3b0", "#d9c2b4", "#c5cbd8")
_INK, _PAPER = "#2b2420", "#f4ecdd"


def draw(number: int) -> Image.Image:
    """Return the portrait of a number: hair, a face lit from one side, and shoulders."""
    dice = random.Random(number)  # noqa: S311
    drawn = Image.new("RGB", (SIZE * _SCALE, SIZE * _SCALE), _GROUNDS[number % len(_GROUNDS)])
    pen = ImageDraw.Draw(drawn)

    def oval(x: float, y: float, width: float, height: float, colour: str, **angles: int) -> None:
        """Draw an ellipse around a point, in hundredths of the picture, or a part of one between two angles."""
        unit = SIZE * _SCALE / 100
        box = ((x - width) * unit, (y - height) * unit, (x + width) * unit, (y + height) * unit)
        if angles:
            pen.pieslice(box, fill=colour, **angles)
        else:
            pen.ellipse(box, fill=colour)

    hair, long = dice.uniform(20, 23), dice.choice((0.0, 12.0, 22.0))
    oval(50, 42 + long / 2, hair, 24 + long / 2, _INK)
    oval(50, 104, 40, 30, _INK)
    oval(50, 72, 9, 16, _PAPER)
    oval(50, 78, 14, 9, _PAPER, start=0, end=180)
    oval(50, 47, 15.5, 20, _PAPER)
    oval(50, 47, 15.5, 20, _INK, start=300, end=60)
    oval(53, 47, 9, 18, _PAPER)
    oval(50 + dice.uniform(-6, 6), 27, 17, dice.uniform(8, 11), _INK)
    if dice.random() < 0.5:
        for middle in (43.0, 57.0):
            oval(middle, 45, 6, 5, _INK)
            oval(middle, 45, 4.8, 3.8, _PAPER)
    else:
        for middle in (43.5, 56.5):
            oval(middle, 45, 2.4, 1.1, _INK)
    oval(50, 57, 5, 1.3, _INK)
    return drawn.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
