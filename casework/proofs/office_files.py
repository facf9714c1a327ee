"""DOCX and XLSX by their content: an archive with the right parts, nothing that acts, and no more than it says."""

import zipfile
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models.evidence import MediaType

MOST_UNPACKED = 120 * 1024 * 1024
MOST_MEMBERS = 2000
PIECE = 256 * 1024


def office_type(file: BinaryIO) -> MediaType:
    """Which of the two an archive is; refuses with Invalid every other archive, and one that could do something."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = [member.filename.lower() for member in members]
            if len(members) > MOST_MEMBERS or len(set(names)) != len(names):
                raise not_an_office_file()
            if any(_is_active(name) for name in names):
                raise Invalid(
                    "office_acts",
                    _("This document holds a macro or an embedded program. Save it as a plain document or PDF."),
                    field="upload",
                )
            _unpack_within_limits(archive, members)
            _refuse_outside_templates(archive)
            return _main_type(archive.read("[Content_Types].xml"))
    except (zipfile.BadZipFile, KeyError, RuntimeError, OSError, EOFError, NotImplementedError, ValueError) as error:
        raise not_an_office_file() from error


def not_an_office_file() -> Invalid:
    return Invalid(
        "not_an_office_file", _("This archive is not a DOCX or XLSX document, or it is damaged."), field="upload"
    )


def _refuse_outside_templates(archive: zipfile.ZipFile) -> None:
    """A document may name a template somewhere on the net, which its reader's Word then fetches and runs."""
    for member in archive.infolist():
        if member.filename.lower().endswith(".rels"):
            relations = archive.read(member)
            if b"External" in relations and (b"attachedTemplate" in relations or b"/oleObject" in relations):
                raise Invalid(
                    "office_acts",
                    _("This document holds a macro or an embedded program. Save it as a plain document or PDF."),
                    field="upload",
                )


def _is_active(name: str) -> bool:
    return (
        name.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".scr"))
        or "/embeddings/" in name
        or "/activex/" in name
    )


def _unpack_within_limits(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Unpack every member piece by piece and throw it away: what a header says of its size can be a lie."""
    left = MOST_UNPACKED
    if sum(member.file_size for member in members) > left or any(member.flag_bits & 1 for member in members):
        raise too_large_unpacked()
    for member in members:
        with archive.open(member) as stream:
            while piece := stream.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise too_large_unpacked()


def too_large_unpacked() -> Invalid:
    return Invalid(
        "too_large_unpacked",
        _("This document is locked, or unpacks into far too much. Save it as a PDF."),
        field="upload",
    )


def _main_type(content_types: bytes) -> MediaType:
    if b"macroEnabled" in content_types:
        raise Invalid(
            "office_acts",
            _("This document holds a macro or an embedded program. Save it as a plain document or PDF."),
            field="upload",
        )
    if b"wordprocessingml.document.main+xml" in content_types:
        return MediaType.DOCX
    if b"spreadsheetml.sheet.main+xml" in content_types:
        return MediaType.XLSX
    raise not_an_office_file()
