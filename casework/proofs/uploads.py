"""Files that arrive: looked at by a limited process, stored whole, and cleared away when their sender is cut off.

Until they are stored they lie in a folder of their own below DATA_DIR, one file each.
"""

import contextlib
import hashlib
import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.translation import gettext_lazy as _

from casework.errors import Busy, Invalid
from casework.limited_process import LimitExceeded, run_limited
from casework.proofs.content import ENDINGS, Content, inspect
from casework.proofs.whole_files import PARTS, WholeFileStorage

log = logging.getLogger(__name__)
Result = TypeVar("Result")
# A file for a limited process: where it lies, or what it holds.
Source = str | bytes

LARGEST = 20 * 1024 * 1024
LONGEST_NAME = 255


@dataclass(frozen=True)
class LookedAt:
    """An upload, what it turned out to be, and once it is stored its name in the storage."""

    upload: UploadedFile = field(repr=False)
    name: str
    size: int
    sha256: str
    content: Content
    stored_as: str = ""

    def stored(self) -> "LookedAt":
        return replace(self, stored_as=store(self.upload, self.sha256, ENDINGS[self.content.media_type]))


class UnstoredFile(UploadedFile):
    """An upload that the disk did not take. It is refused like any other file, and the form's words are kept."""


class UploadFolder(TemporaryFileUploadHandler):
    """Django's handler for large uploads, in a folder that is made when it is missing; a full disk is no error of the
    whole request.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.error: OSError | None = None
        self.received = 0
        with contextlib.suppress(OSError):
            Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self.error = error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.error is None:
            try:
                self.file.write(raw_data)
            except OSError as error:
                self._give_up(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.error is None:
            try:
                self.file.flush()
                return super().file_complete(file_size)
            except OSError as error:
                self._give_up(error)
        return UnstoredFile(io.BytesIO(), self.file_name, self.content_type, self.received)

    def _give_up(self, error: OSError) -> None:
        log.warning("An upload of %s bytes found no room: %s", self.received, error)
        self.error = error
        with contextlib.suppress(OSError):
            self.file.close()  # which removes it


def look_at(upload: UploadedFile) -> LookedAt:
    """What a file is, and its SHA-256. Refuses with Invalid what is not accepted, and what can't be looked at within the
    limits of memory and time.
    """
    if isinstance(upload, UnstoredFile):
        raise storage_full()
    if not upload.size:
        raise Invalid("file_empty", _("This file is empty. Choose it again."), field="upload")
    if upload.size > LARGEST:
        raise Invalid(
            "file_too_large",
            _("This file has more than 20 MB. Make the picture smaller, or split the document."),
            field="upload",
        )
    content = within_limits(inspect_source, _source(upload))
    upload.seek(0)
    return LookedAt(upload, upload.name or "", upload.size, hash_of(upload), content)


def _source(upload: UploadedFile) -> Source:
    if isinstance(upload, TemporaryUploadedFile):
        return upload.temporary_file_path()
    upload.seek(0)
    return bytes(upload.read())


def within_limits(look: Callable[..., Result], *arguments: Any) -> Result:
    """Run a function of files in a limited process; refuses with Invalid a file that it can't bear."""
    try:
        return run_limited(look, *arguments)
    except LimitExceeded as error:
        sentence = {
            "memory": _("This file unpacks into far too much. Print it into a new PDF, or save the picture as JPEG."),
            "time": _(
                "Looking at this file takes too long. Print it into a new PDF, or make the picture smaller; "
                "if it is small already, send it again later."
            ),
            "crash": _("This file is damaged. Save it anew and send that."),
        }[error.why]
        raise Invalid(f"file_{error.why}", sentence, field="upload") from error


def inspect_source(source: Source) -> Content:
    with opened(source) as file:
        return inspect(file)


@contextlib.contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """In the limited process: the file."""
    with io.BytesIO(source) if isinstance(source, bytes) else open(source, "rb") as file:
        yield file


def look_at_stored(look: Callable[..., Result], name: str, *arguments: Any) -> Result:
    """Run a function of a stored file in a limited process: it gets the file's path, or from an object storage its
    content. Refuses with Invalid what can't be read or opened any more.
    """
    try:
        return within_limits(look, _stored_source(name), *arguments)
    except storage_errors() as error:
        raise Invalid("file_unreadable", _("This file can't be read any more. Tell the administrator.")) from error


def _stored_source(name: str) -> Source:
    try:
        return str(default_storage.path(name))
    except NotImplementedError:
        with default_storage.open(name, "rb") as file:
            return bytes(file.read())


def hash_of(file: Any) -> str:
    sha256 = hashlib.sha256()
    for piece in file.chunks():
        sha256.update(piece)
    return sha256.hexdigest()


def store(upload: UploadedFile, sha256: str, ending: str) -> str:
    """Write the file under its hash, unless it is there, whole; gives its name in the storage. Refuses with Busy when
    the storage can't take it (a full disk).
    """
    name = f"evidence/{sha256[:2]}/{sha256[2:4]}/{sha256}.{ending}"
    try:
        if not _is_whole(name, upload.size or 0, sha256):
            upload.seek(0)
            default_storage.save(name, upload)
    except storage_errors() as error:
        raise storage_full() from error
    return name


def _is_whole(name: str, size: int, sha256: str) -> bool:
    """Whether the very file is there: an earlier version of this program could leave half of one."""
    if not default_storage.exists(name) or default_storage.size(name) != size:
        return False
    with default_storage.open(name, "rb") as file:
        return hash_of(file) == sha256


def shown_name(name: str) -> str:
    """What the uploader called it, only ever shown: without folders and without what can't be printed."""
    last = PurePosixPath(name.replace("\\", "/").replace("\x00", "")).name
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME] or "file"


def storage_errors() -> tuple[type[Exception], ...]:
    """What a storage raises that can't be reached, has no room or no such file."""
    if not settings.EVIDENCE_BUCKET:
        return (OSError,)
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return OSError, Boto3Error, BotoCoreError, ClientError


def storage_full() -> Busy:
    return Busy("storage_full", _("The file could not be stored. Tell the administrator, and send it again later."))


def remove_stale_uploads(older_than: datetime) -> int:
    """Clear away what killed processes left half-received or half-stored; gives how many files that were."""
    folders = [Path(settings.FILE_UPLOAD_TEMP_DIR)]
    if isinstance(default_storage, WholeFileStorage):
        folders.append(Path(default_storage.path(PARTS)))
    removed = 0
    for folder in folders:
        for path in folder.iterdir() if folder.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime < older_than.timestamp():
                    path.unlink()
                    removed += 1
    return removed
