"""What a file is, by its content (promises 28 to 30): two natures, programs, bombs."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest
import xlsxwriter
from docx import Document
from PIL import Image

from casework.errors import Invalid
from casework.models.evidence import MediaType
from casework.proofs.content import inspect

ROOT = Path(__file__).resolve().parent.parent.parent


def picture(form: str, **options: object) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (80, 60), (10, 120, 90)).save(file, form, **options)
    return file


def pdf(*, script: bool = False, attachment: bool = False, password: str = "") -> io.BytesIO:
    document = pikepdf.new()
    document.add_blank_page()
    if script:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    if attachment:
        document.attachments["evil.exe"] = b"MZ"
    file = io.BytesIO()
    document.save(file, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return file


def docx() -> io.BytesIO:
    file = io.BytesIO()
    document = Document()
    document.add_paragraph("会议记录")
    document.save(file)
    return file


def xlsx() -> io.BytesIO:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write(0, 0, "台账")
    return file


def with_member(file: io.BytesIO, name: str, content: bytes = b"x") -> io.BytesIO:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file


@pytest.mark.parametrize(
    ("file", "media_type"),
    [
        (picture("JPEG"), MediaType.JPEG),
        (picture("PNG"), MediaType.PNG),
        (picture("WEBP"), MediaType.WEBP),
        (picture("HEIF"), MediaType.HEIC),
        (pdf(), MediaType.PDF),
        (docx(), MediaType.DOCX),
        (xlsx(), MediaType.XLSX),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_photos_pdf_and_documents_are_accepted(file: io.BytesIO, media_type: MediaType) -> None:
    assert inspect(file).media_type == media_type
    assert file.tell() == 0


def zip_of(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", content)
    return file.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        inspect(io.BytesIO(content))
    assert str(refusal.value)
    return refusal.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "type_not_accepted"),
        (b"GIF89a<script>alert(1)</script>", "type_not_accepted"),
        (b"MZ\x90\x00\x03 a program", "type_not_accepted"),
        (b"<html></html>%PDF-1.7", "type_not_accepted"),
        (b"", "type_not_accepted"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(99), "video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(99), "video"),
        (b"\0\0\0\x14ftyp3gp5" + bytes(99), "video"),
        (b"\x1aE\xdf\xa3" + bytes(99), "video"),
        (b"RIFF\x10\0\0\0AVI LIST", "video"),
        (b"\0\0\0\x14ftypM4A \0\0\0\0", "type_not_accepted"),
        (b"\0\0\0\x14ftypavif\0\0\0\0", "type_not_accepted"),
        (picture("JPEG").getvalue() + zip_of(b"<script>"), "two_natures"),
        (pdf().getvalue() + zip_of(b"<script>"), "two_natures"),
        (picture("JPEG").getvalue() + b"<html><script>alert(1)</script>", "two_natures"),
        (picture("JPEG").getvalue() + b"MZ\x90\x00", "two_natures"),
        (picture("PNG").getvalue() + b"<html>", "two_natures"),
        (picture("WEBP").getvalue() + b"<html>", "two_natures"),
        (
            with_member(
                docx(),
                "word/_rels/settings.xml.rels",
                b'<Relationship Type="http://x/attachedTemplate" Target="http://x/a.dotm" TargetMode="External"/>',
            ).getvalue(),
            "office_acts",
        ),
        (picture("JPEG").getvalue()[:-300], "picture_broken"),
        (b"\xff\xd8\xff\xe0" + b"<html>" * 50, "two_natures"),
        (b"%PDF-1.7 nothing behind", "pdf_broken"),
        (pdf(script=True).getvalue(), "pdf_acts"),
        (pdf(attachment=True).getvalue(), "pdf_acts"),
        (pdf(password="secret").getvalue(), "pdf_broken"),
        (zip_of(b"<html>"), "not_an_office_file"),
        (with_member(docx(), "word/vbaProject.bin").getvalue(), "office_acts"),
        (with_member(xlsx(), "xl/embeddings/oleObject1.bin").getvalue(), "office_acts"),
        (docx().getvalue()[:-40], "not_an_office_file"),
    ],
)
def test_everything_else_is_refused_with_a_sentence(content: bytes, code: str) -> None:
    assert refused(content) == code


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bomb_png(side: int = 12_000) -> bytes:
    """144 megapixels in some kilobytes."""
    rows = zlib.compress((b"\x00" + b"\x00" * (side // 8)) * side, 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def bomb_docx(*, lie: bool) -> bytes:
    """300 MB in some hundred kilobytes; with `lie` the directory claims that the member is small."""
    file = with_member(docx(), "word/media/huge.xml", b"\x00" * (300 * 1024 * 1024))
    content = bytearray(file.getvalue())
    if lie:
        for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
            at = content.find(b"word/media/huge.xml", content.find(signature))
            place = content.rfind(signature, 0, at if signature == b"PK\x03\x04" else None)
            content[place + offset : place + offset + 4] = struct.pack("<I", 1000)
    return bytes(content)


MEASURE = """
import io, resource, sys
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from casework.proofs.content import inspect
from casework.errors import Invalid
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    inspect(open(sys.argv[1], "rb"))
except Invalid as refusal:
    print(refusal.code, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def plain_picture(form: str, side: int) -> bytes:
    """A picture of one colour: few bytes for many pixels."""
    file = io.BytesIO()
    Image.new("RGB", (side, side), (120, 20, 20)).save(file, form, **({"lossless": True} if form == "WEBP" else {}))
    return file.getvalue()


PREVIEWED = """
import io, os, resource, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from casework.proofs.content import inspect
from casework.proofs.previews import WIDTHS, small_copies
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
inspect(open(sys.argv[1], "rb"))
small_copies(sys.argv[1], WIDTHS)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(("form", "side"), [("JPEG", 7000), ("PNG", 4990), ("WEBP", 3500)])
def test_the_largest_accepted_picture_is_looked_at_and_previewed_within_250_MB(
    form: str, side: int, tmp_path: Path
) -> None:
    path = tmp_path / "large"
    path.write_bytes(plain_picture(form, side))
    measured = subprocess.run(
        [sys.executable, "-c", PREVIEWED, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(measured.stdout) < 250


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bomb_png(), "too_many_pixels"),
        (bomb_docx(lie=False), "too_large_unpacked"),
        (bomb_docx(lie=True), None),
    ],
    ids=["144 megapixels", "300 MB of zip", "300 MB of zip that lies"],
)
def test_a_bomb_is_refused_within_200_MB(content: bytes, code: str | None, tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(content)
    assert len(content) < 400_000
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said, megabytes = measured.stdout.split()
    assert said == code or code is None
    assert int(megabytes) < 200


def test_time_and_position_of_the_camera_are_read() -> None:
    exif = Image.Exif()
    exif[0x8769] = {0x9003: "2026:02:28 09:30:00"}
    exif[0x8825] = {1: "N", 2: (33.0, 34.0, 12.0), 3: "E", 4: (114.0, 1.0, 2.0)}
    found = inspect(picture("JPEG", exif=exif))
    assert found.taken_at == datetime(2026, 2, 28, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert found.latitude == pytest.approx(33.57) and found.longitude == pytest.approx(114.0172222)


def test_an_absurd_position_is_left_out() -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (333.0, 34.0, 12.0), 3: "E", 4: (114.0, 1.0, 2.0)}
    assert inspect(picture("JPEG", exif=exif)).latitude is None


def test_size_is_that_of_the_upright_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = inspect(picture("JPEG", exif=exif))
    assert (found.width, found.height) == (60, 80)
