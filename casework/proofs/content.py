"""What an uploaded file is, by its content: its name and the browser's word are never asked.

Accepted are photos, PDF, DOCX and XLSX without anything that acts by itself. Whatever else a file could also be (a ZIP
behind a photo, HTML before a PDF) is refused, and a small file that unpacks into a huge one is refused before it does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models.evidence import MediaType
from casework.proofs.office_files import office_type
from casework.proofs.pdf_files import refuse_acting_pdf
from casework.proofs.photo_files import photo_type, read_photo, two_natures

# What phones film in: brands of MP4 and QuickTime by their beginnings, and the first bytes of the others.
FILMS = (b"isom", b"iso", b"mp4", b"avc1", b"qt", b"3gp", b"3g2", b"M4V", b"mmp4", b"MSNV", b"dash")
OTHER_FILMS = (b"\x1aE\xdf\xa3", b"FLV\x01", b"\x00\x00\x01\xba")
TAIL = 66_000  # a ZIP's directory ends within the last 64 kB of a file

ENDINGS = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.WEBP: "webp",
    MediaType.HEIC: "heic",
    MediaType.PDF: "pdf",
    MediaType.DOCX: "docx",
    MediaType.XLSX: "xlsx",
}


@dataclass(frozen=True)
class Content:
    """What a file turned out to be. Width and height in pixels as they are shown, upright."""

    media_type: MediaType
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def is_video(head: bytes) -> bool:
    """Whether the first bytes are those of a film."""
    if head[4:8] == b"ftyp":
        return head[8:12].startswith(FILMS)
    return head.startswith(OTHER_FILMS) or (head.startswith(b"RIFF") and head[8:12] == b"AVI ")


def inspect(file: BinaryIO) -> Content:
    """Tell what a file is; refuse with Invalid what is not accepted. Leaves the file at its beginning.

    Strangers' files are unpacked here: only a limited process may call it with one (`casework.proofs.uploads`).
    """
    file.seek(0)
    head = file.read(32)
    try:
        if head.startswith(b"%PDF-"):
            _refuse_second_nature(file)
            refuse_acting_pdf(file)
            return Content(MediaType.PDF)
        if head.startswith(b"PK\x03\x04"):
            return Content(office_type(file))
        if is_video(head):
            sentence = _("This is a video. Take a photo of it instead; everything else is kept.")
            raise Invalid("video", sentence, field="upload")
        media_type = photo_type(head)
        if media_type is None:
            raise Invalid(
                "type_not_accepted",
                _("This is not a photo (JPEG, PNG, WebP, HEIC), PDF, DOCX or XLSX. Save it as one of these."),
                field="upload",
            )
        _refuse_second_nature(file)
        photo = read_photo(file, media_type)
        return Content(media_type, photo.width, photo.height, photo.taken_at, photo.latitude, photo.longitude)
    finally:
        file.seek(0)


def _refuse_second_nature(file: BinaryIO) -> None:
    """A ZIP is found by its end, so a photo or PDF can be one as well."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - TAIL))
    if b"PK\x05\x06" in file.read():
        raise two_natures()
