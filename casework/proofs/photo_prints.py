"""Whether two photos are the same shot: cut, saved anew, brightened or made smaller.

A photo is known by the perceptual hash of its middle. Another copy may be cut, so from a query the middle is guessed
at under many cuts; whatever shares a window of eighteen bits with a guess is looked at again, pixel by pixel. So one
row a photo and four indexed columns find a copy among millions, and the second look keeps strangers out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy
from imagehash import phash
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[numpy.float64]
Box = tuple[float, float, float, float]

SIDE = 192  # pixels of the longer side on which everything is computed
MIDDLE = 0.2  # left out on each side of the middle
CUTS = (0.0, 0.04, 0.08, 0.12)
# Windows of the hash, as (offset, bits): among five millions one value of one stands for some twenty photos.
WINDOWS = (0, 15, 30, 46)
WINDOW_BITS = 18
# How much two hashes of 64 bits may differ to be looked at again, and how much the pixels must agree then.
MOST_BITS = 14
LEAST_AGREEMENT = 0.93
LOOK = 48


@dataclass(frozen=True)
class Guess:
    """A hash, and the cut under which it was made: what is left out at left, top, right and bottom."""

    hash: int
    cut: Box


def prepared(image: Image.Image) -> Image.Image:
    """Small and grey: what the other functions take."""
    grey = image.convert("L")
    grey.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return grey


def print_of(image: Image.Image) -> int:
    """The 64 bits by which a photo is known: the perceptual hash of its middle."""
    return _hash(image, (0, 0, 0, 0))


def guesses(image: Image.Image) -> list[Guess]:
    """The hashes that a copy of this photo may be known by, whichever of the two was cut."""
    found: dict[int, Box] = {}
    for cut in _cuts():
        found.setdefault(_hash(image, cut), cut)
    return [Guess(hash, cut) for hash, cut in found.items()]


def _cuts() -> Iterator[Box]:
    """This photo may hold more than the other one (a positive cut is left out), or less (a negative one was cut off)."""
    for left, right in product(CUTS, repeat=2):
        for top, bottom in product(CUTS, repeat=2):
            yield left, top, right, bottom
    for left, right in product(CUTS, repeat=2):
        for top, bottom in product(CUTS, repeat=2):
            if left + top + right + bottom:
                yield _beyond(left, right)[0], _beyond(top, bottom)[0], _beyond(left, right)[1], _beyond(top, bottom)[1]


def _beyond(before: float, after: float) -> tuple[float, float]:
    """What was cut off before and after, as shares of what is left, negative."""
    left = 1 - before - after
    return -before / left, -after / left


def _hash(image: Image.Image, cut: Box) -> int:
    box = _middle(image, cut)
    return int(str(phash(image.resize((32, 32), Image.Resampling.BILINEAR, box=box), hash_size=8)), 16)


def _middle(image: Image.Image, cut: Box) -> Box:
    """The middle of the frame that remains after a cut, in pixels and within the picture."""
    left, top, right, bottom = cut
    width, height = 1 - left - right, 1 - top - bottom
    box = (left + MIDDLE * width, top + MIDDLE * height, 1 - right - MIDDLE * width, 1 - bottom - MIDDLE * height)
    return (
        max(0.0, box[0]) * image.width,
        max(0.0, box[1]) * image.height,
        min(1.0, box[2]) * image.width,
        min(1.0, box[3]) * image.height,
    )


def windows(hash: int) -> tuple[int, ...]:
    """The four windows of a hash, as the columns hold them."""
    return tuple(hash >> offset & (1 << WINDOW_BITS) - 1 for offset in WINDOWS)


def signed(hash: int) -> int:
    """The hash as a column of eight bytes holds it."""
    return hash - (1 << 64) if hash >= 1 << 63 else hash


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ, signed or not."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def nearest(found: Sequence[int], wanted: Sequence[Guess]) -> list[tuple[int, Box]]:
    """For each stored (signed) hash in how many bits the nearest guess differs, and the cut of that guess."""
    stored = numpy.array(found, dtype=numpy.int64).view(numpy.uint64)
    guessed = numpy.array([guess.hash for guess in wanted], dtype=numpy.uint64)
    bits = numpy.bitwise_count(stored[:, None] ^ guessed[None, :])
    best = bits.argmin(axis=1)
    return [(int(bits[row, place]), wanted[place].cut) for row, place in enumerate(best)]


def agreement(query: Image.Image, stored: Image.Image, cut: Box) -> float:
    """The second look: whether the pixels agree once the cut is lined up, a little this way or that.

    Gives the best correlation of the two middles near this cut, from -1 to 1. Brightness and contrast don't count."""
    wanted = _look(stored, (0.0, 0.0, 0.0, 0.0))
    best, at = -1.0, cut
    for step in (0.025, 0.0125, 0.006):
        improved = True
        while improved:
            improved = False
            for moved in _near(at, step):
                found = _correlation(_look(query, moved), wanted)
                if found > best + 1e-4:
                    best, at, improved = found, moved, True
    return best


def _near(cut: Box, step: float) -> Iterator[Box]:
    yield cut
    for place in range(4):
        for way in (-step, step):
            moved = list(cut)
            moved[place] += way
            yield moved[0], moved[1], moved[2], moved[3]


def _look(image: Image.Image, cut: Box) -> Pixels:
    left, top, right, bottom = _middle(image, cut)
    if right - left < 8 or bottom - top < 8:
        return numpy.zeros((LOOK, LOOK))
    return numpy.asarray(
        image.resize((LOOK, LOOK), Image.Resampling.BILINEAR, box=(left, top, right, bottom)), dtype=numpy.float64
    )


def _correlation(one: Pixels, other: Pixels) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = float(numpy.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size > 1e-6 else 0.0
