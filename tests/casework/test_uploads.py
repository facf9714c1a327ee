"""Uploads: looked at within limits and without a lock, stored whole or not at all, cleared away when cut off."""

import errno
import hashlib
import io
import os
import resource
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest
from django.test import RequestFactory
from PIL import Image

from casework.errors import Busy, Invalid
from casework.limited_process import LimitExceeded
from casework.proofs import uploads
from casework.proofs.uploads import UnstoredFile, look_at, remove_stale_uploads, store, within_limits
from tests.casework.test_pdf_files import bomb

CONTENT = os.urandom(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def upload(content: bytes = CONTENT, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (80, 60), (10, 120, 90)).save(file, "JPEG")
    return file.getvalue()


def stored_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


class TestLooking:
    def test_a_small_upload_and_a_large_one_on_the_disk_are_looked_at_alike(self, tmp_path: Path) -> None:
        (tmp_path / "uploads").mkdir()
        large = TemporaryUploadedFile("a.jpg", "image/jpeg", len(picture()), None)
        large.write(picture())
        large.seek(0)
        for each in (upload(picture()), large):
            found = look_at(each)
            assert (found.content.width, found.size) == (80, len(picture()))
            assert found.sha256 == hashlib.sha256(picture()).hexdigest()

    def test_it_happens_in_another_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def never(*_: object) -> None:
            raise AssertionError("looked at in the process that serves everybody")

        monkeypatch.setattr(uploads, "inspect", never)
        assert look_at(upload(picture())).content.height == 60

    def test_a_refusal_comes_back(self) -> None:
        with pytest.raises(Invalid) as refusal:
            look_at(upload(b"MZ a program"))
        assert (refusal.value.code, refusal.value.field) == ("type_not_accepted", "upload")

    @pytest.mark.parametrize("why", ["memory", "time", "crash"])
    def test_beyond_a_limit_it_is_refused_with_a_sentence(self, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def exceeded(*_: object) -> None:
            raise LimitExceeded(why)

        monkeypatch.setattr(uploads, "run_limited", exceeded)
        with pytest.raises(Invalid) as refusal:
            within_limits(picture)
        assert (refusal.value.code, refusal.value.status) == (f"file_{why}", 422)
        assert str(refusal.value)

    def test_a_picture_that_needs_more_memory_than_there_is_is_refused(self) -> None:
        """A progressive JPEG is kept whole while it is unpacked, whatever fraction of it is wanted."""
        file = io.BytesIO()
        Image.new("RGB", (16_000, 12_000)).save(file, "JPEG", progressive=True, subsampling=0)
        with pytest.raises(Invalid) as refusal:
            look_at(upload(file.getvalue()))
        assert refusal.value.code in ("file_memory", "picture_broken")


class TestStoring:
    @pytest.fixture(autouse=True)
    def room(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
        """Every call that writes may fail; `left` counts how many go well before."""
        room = {"left": 10_000}

        def failing(call):
            def limited(*arguments: object, **named: object):
                room["left"] -= 1
                if room["left"] < 0:
                    raise OSError(errno.ENOSPC, "No space left on device")
                return call(*arguments, **named)

            return limited

        for name in ("fsync", "replace", "chmod", "mkdir"):
            monkeypatch.setattr(f"os.{name}", failing(getattr(os, name)))
        monkeypatch.setattr("tempfile.mkstemp", failing(tempfile.mkstemp))
        return room

    @pytest.mark.parametrize("steps", range(14))
    def test_a_disk_that_fills_up_at_any_step_leaves_the_whole_file_or_none(
        self, steps: int, room: dict[str, int]
    ) -> None:
        room["left"] = steps
        try:
            name = store(upload(), SHA256, "jpg")
        except Busy as refusal:
            assert refusal.code == "storage_full"
        else:
            assert default_storage.open(name).read() == CONTENT
        for path in stored_files():
            assert path.read_bytes() == CONTENT, "half a file under its name"
        room["left"] = 10_000
        name = store(upload(), SHA256, "jpg")
        assert default_storage.open(name).read() == CONTENT
        assert len(stored_files()) == 1

    @pytest.mark.parametrize("chunks", [0, 1, 3])
    def test_a_disk_that_fills_up_in_the_middle_of_the_file_leaves_none(self, chunks: int) -> None:
        class Breaking(ContentFile):
            def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
                for number, start in enumerate(range(0, len(CONTENT), 65536)):
                    if number == chunks:
                        raise OSError(errno.ENOSPC, "No space left on device")
                    yield CONTENT[start : start + 65536]

        with pytest.raises(Busy):
            store(Breaking(b""), SHA256, "jpg")
        assert stored_files() == []

    @pytest.mark.parametrize("kept", [0, 1000, len(CONTENT) - 1])
    def test_half_a_file_of_this_name_is_replaced(self, kept: int) -> None:
        path = Path(default_storage.path(store(upload(), SHA256, "jpg")))
        path.write_bytes(CONTENT[:kept])
        store(upload(), SHA256, "jpg")
        assert path.read_bytes() == CONTENT

    def test_another_file_of_the_same_size_is_replaced(self) -> None:
        path = Path(default_storage.path(store(upload(), SHA256, "jpg")))
        path.write_bytes(CONTENT[::-1])
        store(upload(), SHA256, "jpg")
        assert path.read_bytes() == CONTENT

    def test_the_whole_file_that_is_there_is_not_written_again(self) -> None:
        path = Path(default_storage.path(store(upload(), SHA256, "jpg")))
        first = path.stat().st_ino
        store(upload(), SHA256, "jpg")
        assert path.stat().st_ino == first

    def test_the_file_is_on_the_disk_before_it_has_its_name_and_the_folder_after(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[str] = []
        for name in ("fsync", "replace"):
            call = getattr(os, name)
            monkeypatch.setattr(f"os.{name}", lambda *a, name=name, call=call: (done.append(name), call(*a))[1])
        store(upload(), SHA256, "jpg")
        assert done[:3] == ["fsync", "replace", "fsync"]

    def test_others_may_read_it_as_before(self) -> None:
        path = Path(default_storage.path(store(upload(), SHA256, "jpg")))
        assert path.stat().st_mode & 0o777 == 0o644


class TestReceiving:
    def request(self, *contents: bytes) -> HttpRequest:
        """A form with words and files, the first byte of each beyond what is kept in memory."""
        data = {f"file{number}": upload(content, f"{number}.jpg") for number, content in enumerate(contents)}
        request = RequestFactory().post("/", {"words": "整改完成", **data})
        request.upload_handlers = [MemoryFileUploadHandler(request), uploads.UploadFolder(request)]
        return request

    @pytest.fixture(autouse=True)
    def nothing_in_memory(self, settings: object) -> None:
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0

    def test_a_large_file_lies_in_the_folder_below_the_data(self) -> None:
        request = self.request(CONTENT)
        path = Path(request.FILES["file0"].temporary_file_path())
        assert path.parent == Path(settings.FILE_UPLOAD_TEMP_DIR)
        assert path.read_bytes() == CONTENT
        request.FILES["file0"].close()
        assert not path.exists()

    @pytest.mark.parametrize("written", [0, 1, 3])
    def test_without_room_the_file_is_refused_and_the_words_are_kept(
        self, written: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(TemporaryUploadedFile, "write", Full(written), raising=False)
        request = self.request(CONTENT, CONTENT)
        assert request.POST["words"] == "整改完成"
        assert all(isinstance(each, UnstoredFile) for each in request.FILES.values())
        assert [each.size for each in request.FILES.values()] == [len(CONTENT)] * 2
        with pytest.raises(Busy):
            look_at(request.FILES["file1"])
        assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []

    def test_without_a_folder_to_write_into_it_is_the_same(self, settings: object, tmp_path: Path) -> None:
        (tmp_path / "a file").touch()
        settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "a file" / "uploads")
        request = self.request(CONTENT)
        assert isinstance(request.FILES["file0"], UnstoredFile) and request.POST["words"]


class Full:
    """In place of a file's own write: so many pieces go well."""

    def __init__(self, written: int) -> None:
        self.left = written

    def __call__(self, _piece: bytes) -> None:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")


def test_what_cut_off_senders_left_is_cleared_away_and_nothing_else(tmp_path: Path) -> None:
    name = store(upload(), SHA256, "jpg")
    now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    left = [Path(settings.FILE_UPLOAD_TEMP_DIR) / "a.upload.jpg", Path(settings.MEDIA_ROOT) / "incoming" / "tmpx"]
    fresh = left[0].with_name("b.upload.jpg")
    for path in (*left, fresh):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    for path, hours in ((left[0], 30), (left[1], 30), (fresh, 1), (Path(default_storage.path(name)), 900)):
        moment = (now - timedelta(hours=hours)).timestamp()
        os.utime(path, (moment, moment))
    assert remove_stale_uploads(now - timedelta(days=1)) == 2
    assert [path.exists() for path in (*left, fresh)] == [False, False, True]
    assert default_storage.exists(name)
    assert remove_stale_uploads(now - timedelta(days=1)) == 0


def test_clearing_away_where_nothing_was_ever_received_does_nothing() -> None:
    assert remove_stale_uploads(datetime.now(UTC)) == 0


def test_a_bomb_leaves_the_asker_as_it_was() -> None:
    """Promise 45: at most 50 MB more in the process that serves everybody."""
    content = bomb(200)
    assert len(content) < 500_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Invalid):
        look_at(upload(content))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
