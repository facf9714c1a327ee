"""DOCX and XLSX by their content: an archive with the right parts, nothing that acts, and no more than it says."""

import re
import struct
import zipfile
import zlib
from typing import BinaryIO
from xml.etree import ElementTree

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models.evidence import MediaType

MOST_UNPACKED = 120 * 1024 * 1024
MOST_MEMBERS = 2000
PIECE = 256 * 1024
ACTIVE_RELATIONS = {"vbaproject", "wordvbadata", "oleobject", "package", "control", "activexcontrolbinary", "afchunk"}
DDE = re.compile(r"\s*\bDDE(AUTO)?\b", re.IGNORECASE)
MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": MediaType.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": MediaType.XLSX,
}


def office_type(file: BinaryIO) -> MediaType:
    """Which of the two an archive is; refuses with Invalid every other archive, and one that could do something."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = [member.filename.lower().replace("\\", "/") for member in members]
            if len(members) > MOST_MEMBERS or len(set(names)) != len(names):
                raise not_an_office_file()
            if any(_is_active(name) for name in names):
                raise office_acts()
            _unpack_within_limits(archive, members)
            if any(_calls_elsewhere(name) for name in names):
                raise office_calls()
            for member, name in zip(members, names, strict=True):
                if name.endswith(".rels"):
                    _refuse_relations(ElementTree.fromstring(archive.read(member)))
                elif name.startswith("word/") and name.endswith(".xml"):
                    _refuse_commands(archive, member)
            return _main_type(ElementTree.fromstring(archive.read("[Content_Types].xml")))
    except (zipfile.BadZipFile, KeyError, RuntimeError, OSError, EOFError, NotImplementedError, ValueError) as error:
        raise not_an_office_file() from error
    except (ElementTree.ParseError, zlib.error, struct.error) as error:
        raise not_an_office_file() from error


def not_an_office_file() -> Invalid:
    return Invalid(
        "not_an_office_file", _("This archive is not a DOCX or XLSX document, or it is damaged."), field="upload"
    )


def office_acts() -> Invalid:
    return Invalid(
        "office_acts",
        _("This document holds a macro or an embedded program. Save it as a plain document or PDF."),
        field="upload",
    )


def office_calls() -> Invalid:
    return Invalid(
        "office_acts",
        _(
            "This document fetches something from elsewhere when it is opened (a template, a picture, another table). "
            "Save it as a PDF, or copy the values into a new document."
        ),
        field="upload",
    )


def _refuse_relations(relations: ElementTree.Element) -> None:
    """A document may name what stands outside of it, which its reader's Word then fetches or runs; a link that waits
    for a click is all that is left.
    """
    for relation in relations.iter():
        kind = relation.get("Type", "").rpartition("/")[2]
        if kind.lower() in ACTIVE_RELATIONS:
            raise office_acts()
        if relation.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise office_calls()


def _refuse_commands(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """A field of Word that starts a program (DDE), also where its words are spread over several elements."""
    fields = [""]
    with archive.open(member) as part:
        for event, element in ElementTree.iterparse(part, events=("start", "end")):
            name = element.tag.rpartition("}")[2]
            if event == "start":
                if name in ("fldChar", "fldSimple"):
                    fields.append("".join(value for key, value in element.items() if key.endswith("}instr")))
            elif name == "instrText":
                fields[-1] += element.text or ""
            elif name == "p":
                element.clear()
    if any(DDE.match(field) for field in fields):
        raise office_calls()


def _is_active(name: str) -> bool:
    return (
        name.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".scr"))
        or "/embeddings/" in name
        or "/activex/" in name
    )


def _calls_elsewhere(name: str) -> bool:
    """Parts by which a workbook fetches other workbooks, databases and pages, or talks to a program (DDE)."""
    return name.startswith("xl/") and (
        "externallinks/" in name or "querytables/" in name or name == "xl/connections.xml"
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


def _main_type(content_types: ElementTree.Element) -> MediaType:
    kinds = [element.get("ContentType", "") for element in content_types.iter()]
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in kinds):
        raise office_acts()
    for part, media_type in MAIN_PARTS.items():
        if part in kinds:
            return media_type
    raise not_an_office_file()
