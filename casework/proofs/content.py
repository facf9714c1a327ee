"""What an uploaded file is, by its content: its name and the browser's word are never asked.

Accepted are photos, PDF, DOCX and XLSX without anything that acts by itself. Whatever else a file could also be (a ZIP
behind a photo, HTML before a PDF) is refused, and a small file that unpacks into a huge one is refused before it does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import pikepdf
import pillow_heif
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, UnidentifiedImageError

from casework.errors import Invalid
from casework.models.evidence import MediaType
from casework.proofs.office_files import office_type
from casework.working_time.deadlines import LOCAL

pillow_heif.register_heif_opener()

# What the largest phone cameras give. A JPEG is unpacked at an eighth of its size, a HEIC only when its preview is made;
# the other two are unpacked whole, and libwebp takes fifteen bytes for each pixel.
MOST_PIXELS = {
    MediaType.JPEG: 50_000_000,
    MediaType.HEIC: 50_000_000,
    MediaType.PNG: 25_000_000,
    MediaType.WEBP: 12_500_000,
}
MOST_OBJECTS = 200_000
DEEPEST = 50  # objects inside objects; no honest PDF goes so deep
ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE")
CARRIERS = ("/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA")
TAIL = 66_000  # a ZIP's directory ends within the last 64 kB of a file

PILLOW_FORMATS = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.WEBP: "WEBP",
    MediaType.HEIC: "HEIF",
}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
ENDINGS = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.WEBP: "webp",
    MediaType.HEIC: "heic",
    MediaType.PDF: "pdf",
    MediaType.DOCX: "docx",
    MediaType.XLSX: "xlsx",
}
# The EXIF tags that are read: when, in which time zone, and where.
EXIF_IFD, GPS_IFD = 0x8769, 0x8825
TAKEN_AT, TAKEN_OFFSET = 0x9003, 0x9011
MAKER, MODEL = 0x010F, 0x0110


@dataclass(frozen=True)
class Content:
    """What a file turned out to be. Width and height in pixels as they are shown, upright."""

    media_type: MediaType
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def inspect(file: BinaryIO) -> Content:
    """Tell what a file is; refuse with Invalid what is not accepted. Leaves the file at its beginning."""
    file.seek(0)
    head = file.read(32)
    try:
        if head.startswith(b"%PDF-"):
            _refuse_second_nature(file)
            _refuse_acting_pdf(file)
            return Content(MediaType.PDF)
        if head.startswith(b"PK\x03\x04"):
            return Content(office_type(file))
        media_type = _image_type(head)
        if media_type is None:
            raise Invalid(
                "type_not_accepted",
                _("This is not a photo (JPEG, PNG, WebP, HEIC), PDF, DOCX or XLSX. Save it as one of these."),
                field="upload",
            )
        _refuse_second_nature(file)
        _refuse_what_follows(file, media_type)
        return _photo(file, media_type)
    finally:
        file.seek(0)


def _image_type(head: bytes) -> MediaType | None:
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return MediaType.HEIC
    return None


def _refuse_second_nature(file: BinaryIO) -> None:
    """A ZIP is found by its end, so a photo or PDF can be one as well."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - TAIL))
    if b"PK\x05\x06" in file.read():
        raise Invalid(
            "two_natures",
            _("This file is two things at once, a picture or PDF and an archive. Save the picture anew and send that."),
            field="upload",
        )


def _refuse_what_follows(file: BinaryIO, media_type: MediaType) -> None:
    """A picture ends where its format says. Behind a JPEG phones put a film or a second picture; a page or a program
    isn't one.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    follows = False
    if media_type == MediaType.PNG:
        follows = tail[-8:-4] != b"IEND"
    elif media_type == MediaType.WEBP:
        file.seek(4)
        follows = size - 8 - int.from_bytes(file.read(4), "little") not in (0, 1)
    elif media_type == MediaType.JPEG:
        behind = tail.rpartition(b"\xff\xd9")[2].lstrip(b"\x00").lower()
        follows = behind.startswith((b"mz", b"\x7felf", b"#!", b"gif8")) or any(
            mark in behind for mark in (b"<html", b"<script", b"<?php", b"<!doctype", b"<svg")
        )
    if follows:
        raise Invalid(
            "two_natures",
            _("This file is two things at once, a picture or PDF and an archive. Save the picture anew and send that."),
            field="upload",
        )


def _photo(file: BinaryIO, media_type: MediaType) -> Content:
    file.seek(0)
    try:
        with Image.open(file, formats=[PILLOW_FORMATS[media_type]]) as image:
            width, height = image.size
            if width * height > MOST_PIXELS[media_type]:
                raise Invalid(
                    "too_many_pixels",
                    _("This picture has more than %(most)s million pixels. Make it smaller, or save it as JPEG.")
                    % {"most": MOST_PIXELS[media_type] // 1_000_000},
                    field="upload",
                )
            exif = image.getexif()
            is_turned = exif.get(0x0112) in (5, 6, 7, 8)
            taken_at, position = _taken_at(exif), _position(exif)
            # Whether it is whole shows only when it is unpacked; a JPEG tells it at an eighth of its size.
            image.draft("RGB", (width // 8, height // 8))
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            if media_type != MediaType.HEIC:
                image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid(
            "picture_broken", _("This picture is damaged or incomplete. Send it again."), field="upload"
        ) from error
    return Content(
        media_type,
        height if is_turned else width,
        width if is_turned else height,
        taken_at,
        *(position or (None, None)),
    )


def _taken_at(exif: Image.Exif) -> datetime | None:
    """When the camera says it was taken; without a time zone it means the camera's own, which is taken as China's."""
    details = exif.get_ifd(EXIF_IFD)
    try:
        taken = datetime.strptime(str(details[TAKEN_AT]).strip("\x00 "), "%Y:%m:%d %H:%M:%S")
        offset = str(details.get(TAKEN_OFFSET, "")).strip("\x00 ")
        return datetime.fromisoformat(f"{taken.isoformat()}{offset}") if offset else taken.replace(tzinfo=LOCAL)
    except (KeyError, ValueError):
        return None


def camera_of(file: BinaryIO) -> str:
    """Maker and model as a photo names them; nothing where it names none. Only its head is read."""
    try:
        with Image.open(file, formats=list(PILLOW_FORMATS.values())) as image:
            exif = image.getexif()
            words = [str(exif.get(tag, "")).strip("\x00 ") for tag in (MAKER, MODEL)]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return ""
    return " ".join(word for word in words if word)[:100]


def _position(exif: Image.Exif) -> tuple[float, float] | None:
    """Degrees north and east, as the camera says."""
    gps = exif.get_ifd(GPS_IFD)
    try:
        latitude, longitude = (_degrees(gps[part]) for part in (2, 4))
        if gps[1] in ("S", b"S"):
            latitude = -latitude
        if gps[3] in ("W", b"W"):
            longitude = -longitude
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if value != value:
        raise ValueError("not a number")
    return round(value, 7)


def _refuse_acting_pdf(file: BinaryIO) -> None:
    """Refuse scripts, programs, attachments and passwords in a PDF."""
    file.seek(0)
    try:
        with pikepdf.open(file) as pdf:
            if pdf.is_encrypted:
                raise Invalid("pdf_locked", _("This PDF is locked. Save it without a password."), field="upload")
            if len(pdf.objects) > MOST_OBJECTS:
                raise Invalid(
                    "pdf_too_large", _("This PDF has too many parts. Print it into a new one."), field="upload"
                )
            if any(_acts(each) for each in pdf.objects):
                raise Invalid(
                    "pdf_acts",
                    _("This PDF holds a script or an attached file. Print it into a new PDF and send that."),
                    field="upload",
                )
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, ValueError) as error:
        raise Invalid("pdf_broken", _("This PDF is damaged or locked. Save it anew."), field="upload") from error


def _acts(each: Any, depth: int = 0) -> bool:
    """Whether an object or what stands directly inside it does something by itself or carries another file."""
    if depth > DEEPEST or not isinstance(each, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
        return depth > DEEPEST
    if isinstance(each, pikepdf.Array):
        inside = list(each)
    else:
        if str(each.get("/S", "")) in ACTIONS or any(key in each for key in CARRIERS):
            return True
        inside = [value for _key, value in each.items()]
    # What is referred to is an object of its own and has its own turn.
    return any(_acts(one, depth + 1) for one in inside if not getattr(one, "is_indirect", False))
