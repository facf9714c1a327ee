"""Photos in a ZIP beside a table of findings: each to its finding, what fits none is named, and the rest is done."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from casework.errors import Invalid
from casework.models import Case, Evidence, FindingImport, Person
from casework.proofs import photo_zips
from config import pruning
from flows.finding_import import confirm_import, run_import, start_import
from tests.cast import Cast
from tests.walk import photo

SignedIn = Callable[[Person], Client]
HEADS = "编号,村代码,发现日期,问题类别,问题描述,照片,销号日期\n"


def row(cast: Cast, number: str, photos: str = "", *, closed: str = "", code: str = "") -> str:
    return f'{number},{code or cast.willow.code},2026-02-27,公开栏闲置,第{number}处墙空着,"{photos}",{closed}\n'


def zipped(*names: str, **contents: bytes) -> SimpleUploadedFile:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for colour, name in enumerate(names):
            archive.writestr(name, photo(colour * 40).read())
        for name, words in contents.items():
            archive.writestr(name, words)
    return SimpleUploadedFile("照片.zip", content.getvalue())


def previewed(cast: Cast, photos: SimpleUploadedFile, *rows: str) -> FindingImport:
    upload = SimpleUploadedFile("台账.csv", (HEADS + "".join(rows)).encode("gb18030"))
    at = timezone.now()
    run = start_import(upload=upload, photos=photos, by=cast.county_supervisor, at=at, is_dry_run=True)
    return read(run)


def read(run: FindingImport) -> FindingImport:
    run_import(run.pk)
    run.refresh_from_db()
    return run


def taken(cast: Cast, photos: SimpleUploadedFile, *rows: str) -> FindingImport:
    dry = previewed(cast, photos, *rows)
    assert dry.state == "done", dry.trouble
    run = read(confirm_import(dry_run=dry, by=cast.county_supervisor, at=timezone.now()))
    assert run.state == "done", run.trouble
    return run


def photos_of(number: str) -> list[str]:
    return [one.name for one in Evidence.objects.filter(case__finding_no=number, kind="before").order_by("name")]


def left(run: FindingImport) -> dict[str, str]:
    assert all(set(reasons) == {"zh-hans", "en"} for _name, reasons in run.photos_left)
    return {name: reasons["zh-hans"] for name, reasons in run.photos_left}


def test_by_the_names_in_the_column_of_photos(cast: Cast) -> None:
    photos = zipped("IMG_1.jpg", "现场/IMG_2.JPG", "IMG_3.jpg")
    run = taken(cast, photos, row(cast, "1", "IMG_1.jpg、img_2"), row(cast, "2", "IMG_3.jpg"))
    assert (photos_of("1"), photos_of("2")) == (["IMG_1.jpg", "IMG_2.JPG"], ["IMG_3.jpg"])
    assert (run.photos_kept, run.photos_left) == (3, [])
    case = Case.objects.get(finding_no="1")
    assert case.evidence_count == 2 and case.evidence_chain


def test_by_the_findings_number_as_name_beginning_or_folder(cast: Cast) -> None:
    photos = zipped("K-1.jpg", "K-1_2.jpg", "K-12 (1).jpg", "照片/K-2/随手拍.jpg")
    taken(cast, photos, row(cast, "K-1"), row(cast, "K-12"), row(cast, "K-2"))
    assert photos_of("K-1") == ["K-1.jpg", "K-1_2.jpg"]
    assert (photos_of("K-12"), photos_of("K-2")) == (["K-12 (1).jpg"], ["随手拍.jpg"])


def test_a_photo_that_fits_no_finding_is_named_and_the_rest_is_done(cast: Cast) -> None:
    dry = previewed(cast, zipped("1.jpg", "猫.jpg"), row(cast, "1", "缺.jpg"))
    assert dry.photos_kept == 1 and left(dry) == {"猫.jpg": "没有对应的问题。", "缺.jpg": "表中列出了，ZIP 中没有。"}
    run = read(confirm_import(dry_run=dry, by=cast.county_supervisor, at=timezone.now()))
    assert (run.state, run.added, photos_of("1")) == ("done", 1, ["1.jpg"])
    assert left(run) == left(dry)


def test_what_is_no_photo_is_named_and_the_rest_is_done(cast: Cast) -> None:
    photos = zipped(
        "1.jpg", **{"1-2.jpg": b"<html>", "1-3.pdf": b"%PDF-1.4", "Thumbs.db": b"x", "__MACOSX/1.jpg": b"y"}
    )
    run = taken(cast, photos, row(cast, "1"))
    assert photos_of("1") == ["1.jpg"] and set(left(run)) == {"1-2.jpg", "1-3.pdf"}
    assert all(words.startswith(Case.objects.get().number) for words in left(run).values())


def test_what_arrives_closed_takes_no_photo_and_says_so(cast: Cast) -> None:
    run = taken(cast, zipped("1.jpg", "2.jpg"), row(cast, "1", closed="2026-02-28"), row(cast, "2"))
    assert (photos_of("1"), photos_of("2")) == ([], ["2.jpg"]) and set(left(run)) == {"1.jpg"}


def test_a_number_that_stands_twice_decides_nothing(cast: Cast) -> None:
    run = taken(cast, zipped("1.jpg"), row(cast, "1"), row(cast, "1", code=cast.poplar.code))
    assert left(run) == {"1.jpg": "有不止一件问题是这个编号。"} and not Evidence.objects.exists()


def test_a_photo_of_a_refused_row_is_left_out(cast: Cast) -> None:
    run = taken(cast, zipped("1.jpg", "2.jpg"), row(cast, "1", code="无此村"), row(cast, "2"))
    assert left(run) == {"1.jpg": "没有对应的问题。"} and photos_of("2") == ["2.jpg"]


def test_names_in_gbk_without_a_word_of_it_are_read(cast: Cast) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xxxx.jpg", photo().read())
    packed = content.getvalue().replace(b"xxxx.jpg", "东墙".encode("gb18030") + b".jpg")
    taken(cast, SimpleUploadedFile("a.zip", packed), row(cast, "1", "东墙.jpg"))
    assert photos_of("1") == ["东墙.jpg"]


def test_the_same_files_again_bring_no_second_photo(cast: Cast) -> None:
    for _ in range(2):
        run = taken(cast, zipped("1.jpg"), row(cast, "1"))
    assert (run.added, run.unchanged, run.photos_kept, photos_of("1")) == (0, 1, 1, ["1.jpg"])


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.jpg", b"\0" * (21 * 1024 * 1024))
    return content.getvalue()


def test_a_photo_that_unfolds_too_far_is_named_whatever_its_directory_says(cast: Cast) -> None:
    size = struct.pack("<L", 21 * 1024 * 1024)
    for content in (bomb(), bomb().replace(size, struct.pack("<L", 1000))):
        run = taken(cast, SimpleUploadedFile("a.zip", content), row(cast, "1"))
        assert set(left(run)) == {"1.jpg"}
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip", bomb()[:-30]])
def test_what_is_no_zip_is_refused_at_once(content: bytes, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        previewed(cast, SimpleUploadedFile("a.zip", content), row(cast, "1"))
    assert refused.value.field == "photos" and not FindingImport.objects.exists()


def test_too_much_locked_or_nothing_is_refused_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = zipped("1.jpg").read()
    # The bit by which a ZIP says that it is locked, in both of its directories.
    locked = locked.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for n in range(photo_zips.MOST_PHOTOS + 1):
            archive.writestr(f"{n}.jpg", b"")
    for content, code in ((locked, "zip_locked"), (many.getvalue(), "zip_of_too_many"), (zipped().read(), "zip_empty")):
        with pytest.raises(Invalid) as refused:
            previewed(cast, SimpleUploadedFile("a.zip", content), row(cast, "1"))
        assert refused.value.code == code
    monkeypatch.setattr("flows.finding_import.LARGEST_ZIP", 10)
    with pytest.raises(Invalid):
        previewed(cast, zipped("1.jpg"), row(cast, "1"))


def test_the_page_takes_the_zip_and_names_what_was_left(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.county_supervisor)
    table = SimpleUploadedFile("台账.csv", (HEADS + row(cast, "1")).encode())
    answer = client.post("/imports", {"file": table, "photos": zipped("1.jpg", "猫.jpg")})
    assert answer.status_code == 302
    run = read(FindingImport.objects.get())
    page = client.get(f"/imports/{run.pk}").content.decode()
    assert "猫.jpg" in page and "没有对应的问题" in page
    table = SimpleUploadedFile("台账.csv", (HEADS + row(cast, "1")).encode())
    answer = client.post("/imports", {"file": table, "photos": SimpleUploadedFile("a.zip", b"x")})
    assert answer.status_code == 422 and "请重新打包照片" in answer.content.decode()


def test_the_zip_goes_with_the_table_after_half_a_year(cast: Cast) -> None:
    run = taken(cast, zipped("1.jpg"), row(cast, "1"))
    FindingImport.objects.update(at=timezone.now() - pruning.IMPORT_FILES * 2)
    assert pruning._remove_import_files(timezone.now() - pruning.IMPORT_FILES)
    run.refresh_from_db()
    assert not run.photos_file and not run.file and photos_of("1") == ["1.jpg"]
