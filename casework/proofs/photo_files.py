"""Photos by their content: whole, no more than they say, and nothing else behind them."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import pillow_heif
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, UnidentifiedImageError

from casework.errors import Invalid
from casework.models.evidence import MediaType
from casework.proofs import exif

pillow_heif.register_heif_opener()
pillow_heif.options.DECODE_THREADS = 1  # each would take memory of its own
Image.MAX_IMAGE_PIXELS = None  # MOST_PIXELS stands in its place

# What the largest phone cameras give. A JPEG is unpacked at an eighth of its size, so one of 200 million pixels is taken
# (a progressive one needs more memory, and is refused where that is beyond the limit); the others are unpacked whole.
MOST_PIXELS = {
    MediaType.JPEG: 205_000_000,
    MediaType.HEIC: 50_000_000,
    MediaType.PNG: 25_000_000,
    MediaType.WEBP: 17_000_000,
}
PILLOW_FORMATS = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.WEBP: "WEBP",
    MediaType.HEIC: "HEIF",
}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, RuntimeError, LookupError)
# Programs and archives begin with these, pages hold those.
BEGINNINGS = (b"MZ", b"\x7fELF", b"#!", b"GIF8", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"PK\x03\x04", b"%PDF-")
MARKS = (b"<html", b"<script", b"<?php", b"<!doctype", b"<svg")


@dataclass(frozen=True)
class Photo:
    """Width and height in pixels as they are shown, upright; when and where as the camera says."""

    width: int
    height: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None


def photo_type(head: bytes) -> MediaType | None:
    """Which of the four the first bytes tell."""
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return MediaType.HEIC
    return None


def read_photo(file: BinaryIO, media_type: MediaType) -> Photo:
    """Unpack a photo to see that it is whole; refuses with Invalid what isn't, and what is something else as well."""
    _refuse_what_follows(file, media_type)
    file.seek(0)
    with opened_photo(file, media_type) as image:
        width, height = image.size
        _refuse_too_many_pixels(width * height, media_type)
        said = exif.exif_of(image)
        draft(image, max(1, width // 8), max(1, height // 8))
        image.load()
    if exif.is_turned(said):
        width, height = height, width
    return Photo(width, height, exif.taken_at(said), *(exif.position(said) or (None, None)))


@contextlib.contextmanager
def opened_photo(file: BinaryIO, *types: MediaType) -> Iterator[Image.Image]:
    """A photo for reading; refuses with Invalid what turns out to be broken, now or while it is unpacked."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # one switch for the whole process, and WeasyPrint turns it on
    try:
        with Image.open(file, formats=[PILLOW_FORMATS[each] for each in types or PILLOW_FORMATS]) as image:
            yield image
    except BROKEN as error:
        raise picture_broken() from error


def with_eight_bits(image: Image.Image) -> Image.Image:
    """A grey picture of sixteen bits would turn white: its upper eight are kept."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image


def draft(image: Image.Image, width: int, height: int) -> None:
    """Have a JPEG unpacked at a fraction of its size, in its own colours: quick, and little memory."""
    image.draft(image.mode, (width, height))


def picture_broken() -> Invalid:
    return Invalid("picture_broken", _("This picture is damaged or incomplete. Send it again."), field="upload")


def two_natures() -> Invalid:
    return Invalid(
        "two_natures",
        _("This file is two things at once, a picture or PDF and an archive. Save the picture anew and send that."),
        field="upload",
    )


def _refuse_too_many_pixels(pixels: int, media_type: MediaType) -> None:
    most = MOST_PIXELS[media_type]
    if pixels > most:
        raise Invalid(
            "too_many_pixels",
            _("This picture has more than %(most)s million pixels. Make it smaller, or save it as JPEG.")
            % {"most": most // 1_000_000},
            field="upload",
        )


def _refuse_what_follows(file: BinaryIO, media_type: MediaType) -> None:
    """A picture ends where its format says. Behind a JPEG phones put a film or a second picture; a page, a program or
    an archive is none, wherever it stands and in whatever alphabet.
    """
    file.seek(0)
    content = file.read()
    if media_type == MediaType.PNG:
        follows = content[-8:-4] != b"IEND"
    elif media_type == MediaType.WEBP:
        follows = len(content) - 8 - int.from_bytes(content[4:8], "little") not in (0, 1)
    elif media_type == MediaType.JPEG:
        end, comments = _jpeg_parts(content)
        behind = content[end:].lstrip(b"\x00")
        follows = behind.startswith(BEGINNINGS) or any(_holds_page(part) for part in (behind, *comments))
    else:
        follows = False
    if follows:
        raise two_natures()


def _holds_page(content: bytes) -> bool:
    low = content.lower()
    narrow = low.replace(b"\x00", b"") if b"\x00" in low else low  # as UTF-16 each letter has a zero beside it
    return any(mark in low or mark in narrow for mark in MARKS)


def _jpeg_parts(content: bytes) -> tuple[int, list[bytes]]:
    """Where a JPEG's first picture ends, and its comments. One that has no end is cut off."""
    at = 2
    comments: list[bytes] = []
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF:  # a byte of padding
            at += 1
            continue
        if marker == 0xD9:
            return at + 2, comments
        size = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xFE:
            comments.append(content[at + 4 : at + 2 + size])
        at += 2 + size
        if marker == 0xDA:
            at = _after_scan(content, at)
    if content[at : at + 2] == b"\xff\xd9":
        return at + 2, comments
    raise two_natures() if _holds_page(content) else picture_broken()


def _after_scan(content: bytes, at: int) -> int:
    """Inside a scan 0xFF is followed by zero or by a restart's number; what else follows is the next marker."""
    while (at := content.find(b"\xff", at)) >= 0:
        if at + 1 < len(content) and content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2
    return len(content)
