"""What a camera wrote into a photo: when, where, and which camera. Nothing here is ever a reason to refuse a photo."""

import struct
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from PIL import Image

from casework.values.positions import real_position
from casework.working_time.deadlines import LOCAL

EXIF_IFD, GPS_IFD = 0x8769, 0x8825
TAKEN_AT, TAKEN_OFFSET = 0x9003, 0x9011
MAKER, MODEL, ORIENTATION = 0x010F, 0x0110, 0x0112
TURNED = (5, 6, 7, 8)
# Photos with a date of their own are no older than this; a date far outside is a camera's empty battery.
FIRST_YEAR, LAST_YEAR = 1995, 2100

Answer = TypeVar("Answer")
# What odd bytes in these tables make of Pillow's reader and of ours.
ODD = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, SyntaxError, OSError, struct.error)


def exif_of(image: Image.Image) -> Image.Exif:
    """Its tables; empty where they can't be read."""
    return _or(Image.Exif(), image.getexif)


def is_turned(exif: Image.Exif) -> bool:
    """Whether width and height change places when the picture is shown upright."""
    return exif.get(ORIENTATION) in TURNED


def taken_at(exif: Image.Exif) -> datetime | None:
    """When the camera says it was taken; without a time zone it means the camera's own, which is taken as China's."""
    return _or(None, lambda: _moment(exif.get_ifd(EXIF_IFD)))


def position(exif: Image.Exif) -> tuple[float, float] | None:
    """Degrees north and east, as the camera says."""
    return _or(None, lambda: _place(exif.get_ifd(GPS_IFD)))


def camera(exif: Image.Exif) -> str:
    """Maker and model as a photo names them; nothing where it names none."""
    words = _or([], lambda: [str(exif.get(tag, "")).strip("\x00 ") for tag in (MAKER, MODEL)])
    return " ".join(word for word in words if word).replace("\x00", "")[:100]


def _or(otherwise: Any, read: Callable[[], Answer]) -> Answer:
    try:
        return read()
    except ODD:
        return otherwise


def _moment(details: dict[int, Any]) -> datetime | None:
    taken = datetime.strptime(str(details[TAKEN_AT]).strip("\x00 "), "%Y:%m:%d %H:%M:%S")
    if not FIRST_YEAR <= taken.year <= LAST_YEAR:
        return None
    offset = str(details.get(TAKEN_OFFSET, "")).strip("\x00 ")
    try:
        return datetime.fromisoformat(f"{taken.isoformat()}{offset}") if offset else taken.replace(tzinfo=LOCAL)
    except ValueError:  # "   :  " and other zones that are none
        return taken.replace(tzinfo=LOCAL)


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    return real_position(_degrees(gps[2], _letter(gps[1]), "NS"), _degrees(gps[4], _letter(gps[3]), "EW"))


def _letter(reference: Any) -> str:
    text = reference.decode("ascii") if isinstance(reference, bytes) else str(reference)
    return text.strip("\x00 ").upper()[:1]


def _degrees(parts: Any, letter: str, letters: str) -> float:
    """Degrees, minutes and seconds with the letter of their half of the earth; South and West are negative. Refuses
    with ValueError what is no such thing, a fraction with nothing below the line too (it is no number).
    """
    degrees, minutes, seconds = (float(part) for part in parts)
    if letter not in letters or not letter or not (0 <= minutes <= 60 and 0 <= seconds <= 60):
        raise ValueError("no degrees")
    value = abs(degrees) + minutes / 60 + seconds / 3600
    return -value if letter == letters[1] or degrees < 0 else value
