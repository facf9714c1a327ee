"""Where a file begins to be too much, to the very pixel, part and byte; and under which ending each kind is kept."""

import io
import zipfile

import pikepdf
import pytest

from casework.errors import Invalid
from casework.models.evidence import MediaType
from casework.proofs import office_files, pdf_files, photo_files
from casework.proofs.content import ENDINGS, TAIL, inspect

PART = b'<?xml version="1.0"?><x/>'
KINDS = "".join(f'<Override ContentType="{part}"/>' for part in list(office_files.MAIN_PARTS)[:1])
TYPES = f'<?xml version="1.0"?><Types>{KINDS}</Types>'


def small_pdf() -> bytes:
    document, file = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(file)
    return file.getvalue()


def archive(*names: str, size: int = 0) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", TYPES)
        for name in names:
            made.writestr(name, bytes(size) or PART)
    file.seek(0)
    return file


def is_taken(file: io.BytesIO) -> bool:
    try:
        return office_files.office_type(file) == MediaType.DOCX
    except Invalid:
        return False


def test_every_accepted_kind_is_kept_under_its_own_ending() -> None:
    endings = {
        "JPEG": "jpg",
        "PNG": "png",
        "WEBP": "webp",
        "HEIC": "heic",
        "PDF": "pdf",
        "DOCX": "docx",
        "XLSX": "xlsx",
    }
    assert {MediaType[name]: ending for name, ending in endings.items()} == ENDINGS
    assert set(ENDINGS) == set(MediaType)


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        (MediaType.JPEG, 205_000_000),
        (MediaType.HEIC, 50_000_000),
        (MediaType.PNG, 25_000_000),
        (MediaType.WEBP, 17_000_000),
    ],
)
def test_one_pixel_more_than_the_largest_cameras_give_is_too_many(kind: MediaType, most: int) -> None:
    photo_files._refuse_too_many_pixels(most, kind)
    with pytest.raises(Invalid) as refusal:
        photo_files._refuse_too_many_pixels(most + 1, kind)
    assert refusal.value.code == "too_many_pixels"
    assert str(most // 1_000_000) in str(refusal.value)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"])
def test_every_brand_of_heic_is_known(brand: bytes) -> None:
    assert photo_files.photo_type(b"\x00\x00\x00\x18ftyp" + brand + b"\x00" * 20) == MediaType.HEIC
    assert photo_files.photo_type(b"\x00\x00\x00\x18ftypavif" + b"\x00" * 20) is None


@pytest.mark.parametrize(("parts", "expected"), [(1999, True), (2000, False)])
def test_an_archive_has_two_thousand_parts_at_most(parts: int, expected: bool) -> None:
    assert is_taken(archive(*(f"word/media/{number}" for number in range(parts)))) == expected


def test_what_unpacks_into_more_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    own = len(TYPES)
    for limit, expected in ((own + 5000, True), (own + 4999, False)):
        monkeypatch.setattr(office_files, "MOST_UNPACKED", limit)
        assert is_taken(archive("word/media/x", size=5000)) == expected


def test_the_limits_are_those_that_were_measured() -> None:
    assert office_files.MOST_UNPACKED == 120 * 1024 * 1024
    assert (pdf_files.MOST_OBJECTS, pdf_files.MOST_UNPACKED, pdf_files.DEEPEST) == (100_000, 50 * 1024 * 1024, 50)


def test_a_pdf_whose_end_lies_more_than_a_thousand_bytes_before_the_files_is_cut_off() -> None:
    whole = small_pdf()
    pdf_files.refuse_acting_pdf(io.BytesIO(whole))
    at = len(whole) - whole.rindex(b"%%EOF")
    pdf_files.refuse_acting_pdf(io.BytesIO(whole + b" " * (pdf_files.TAIL - at)))
    with pytest.raises(Invalid) as refusal:
        pdf_files.refuse_acting_pdf(io.BytesIO(whole + b" " * (pdf_files.TAIL - at + 1)))
    assert refusal.value.code == "pdf_broken"


@pytest.mark.parametrize(("after", "code"), [(TAIL - 4, "two_natures"), (TAIL - 3, "pdf_broken")])
def test_an_archive_behind_a_pdf_is_looked_for_where_its_directory_can_end(after: int, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        inspect(io.BytesIO(small_pdf() + b"PK\x05\x06" + bytes(after)))
    assert refusal.value.code == code
