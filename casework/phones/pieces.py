"""Files of phones that arrive piece by piece, over lines that break: appended at the offset that is known, never past it.

The bytes lie in a file of their own until all are there and have the SHA-256 that the entry announced. What the database
says of the offset is true only as far as the file reaches: a lost disk is sent again, a half-written piece is cut off.
"""

import contextlib
import hashlib
import logging
import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.models import PhoneFile, PhoneFileState
from casework.proofs.uploads import hash_of, storage_full

log = logging.getLogger(__name__)
# How long a file may be under way; a phone that comes later begins it anew.
KEPT_FOR = timedelta(days=30)
LARGEST_PIECE = 1024 * 1024


class ArrivedFile(TemporaryUploadedFile):
    """A file that came in pieces, as an upload for the checks of proofs: by its path, never whole in memory."""

    def __init__(self, name: str, path: Path) -> None:
        self.path = path
        self.opened = open(path, "rb")  # noqa: SIM115 - closed with the upload
        UploadedFile.__init__(self, self.opened, name, "", path.stat().st_size)

    def temporary_file_path(self) -> str:
        return str(self.path)

    def close(self) -> None:
        self.opened.close()


def path_of(key: UUID) -> Path:
    return Path(settings.DATA_DIR) / "phone-files" / f"{key}.part"


def offset_of(file: PhoneFile) -> int:
    """How many bytes are safely here."""
    if file.state != PhoneFileState.ARRIVING:
        return file.size
    try:
        return min(file.received, path_of(file.key).stat().st_size)
    except OSError:
        return 0


def is_over(file: PhoneFile, *, at: datetime) -> bool:
    """Whether it was under way for too long; its pieces may be gone."""
    return file.state == PhoneFileState.ARRIVING and file.expires_at < at


def begin(file: PhoneFile, *, at: datetime) -> None:
    """Begin a file anew whose time was over; one that is under way goes on where it is."""
    if is_over(file, at=at):
        path_of(file.key).unlink(missing_ok=True)
        PhoneFile.objects.filter(pk=file.pk).update(received=0, expires_at=at + KEPT_FOR)
        file.received, file.expires_at = 0, at + KEPT_FOR


def append(file: PhoneFile, piece: bytes, *, offset: int, at: datetime) -> int:
    """Write a piece at its offset; gives the next offset. Refuses with Conflict an offset that is not the known one."""
    with transaction.atomic():
        locked = PhoneFile.objects.select_for_update().get(pk=file.pk)
        known = offset_of(locked)
        if offset != known:
            raise Conflict("offset", _("This piece does not follow the last one. Ask where to go on."))
        if offset + len(piece) > locked.size:
            raise Invalid("longer_than_said", _("The file is longer than was said. Take or choose it again."))
        if piece and locked.state == PhoneFileState.ARRIVING:
            _write(path_of(file.key), piece, offset)
            locked.received, locked.expires_at = offset + len(piece), at + KEPT_FOR
            locked.save(update_fields=["received", "expires_at"])
    return offset + len(piece)


def _write(path: Path, piece: bytes, offset: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with open(descriptor, "r+b") as file:
            file.truncate(offset)
            file.seek(offset)
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        log.warning("A piece of %s bytes found no room: %s", len(piece), error)
        raise storage_full() from error


def whole(file: PhoneFile) -> ArrivedFile:
    """The file, all of it. Refuses with Invalid, and forgets the pieces, where it is not the file that was announced."""
    try:
        arrived = ArrivedFile(file.name, path_of(file.key))
    except OSError as error:
        raise Conflict("offset", _("This piece does not follow the last one. Ask where to go on.")) from error
    if hash_of(arrived) != file.sha256:
        arrived.close()
        forget(file)
        raise Invalid("file_changed", _("What arrived is not the file that was announced. It is sent once more."))
    return arrived


def forget(file: PhoneFile) -> None:
    PhoneFile.objects.filter(pk=file.pk, state=PhoneFileState.ARRIVING).update(received=0)
    remove_pieces(file)


def remove_pieces(file: PhoneFile) -> None:
    with contextlib.suppress(OSError):
        path_of(file.key).unlink(missing_ok=True)


def sha256_of(piece: bytes) -> bytes:
    return hashlib.sha256(piece).digest()


def remove_expired(at: datetime, *, most: int = 10_000) -> int:
    """Clear away the pieces of files that are not sent any more; gives how many that were. Their entries stay."""
    old = PhoneFile.objects.filter(state=PhoneFileState.ARRIVING, received__gt=0, expires_at__lt=at)
    files = list(old[:most])
    for file in files:
        remove_pieces(file)
    PhoneFile.objects.filter(pk__in=[file.pk for file in files], state=PhoneFileState.ARRIVING).update(received=0)
    return len(files)
