"""A ZIP of photos beside a table of findings: what it holds, and one photo of it, each read in a limited process."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.limited_process import LimitExceeded, run_limited
from casework.proofs.uploads import LARGEST

Read = TypeVar("Read")

LARGEST_ZIP = 400 * 1024 * 1024
MOST_PHOTOS = 2000
# Photos hardly shrink: what unfolds to so much more than it takes is no ZIP of photos.
LARGEST_UNFOLDED = 5 * LARGEST_ZIP
UTF_8 = 0x800
# What computers put into a ZIP by themselves.
PUT_IN = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Entry:
    """A file of a ZIP: its place in it, its name with its folders, its size when it is unfolded."""

    place: int
    name: str
    size: int


@contextmanager
def on_disk(zip_file: File) -> Iterator[Path]:
    """A ZIP as a file of its own, piece by piece: a limited process opens it by its path."""
    with TemporaryDirectory(prefix="photos-") as folder:
        path = Path(folder) / "photos.zip"
        with path.open("wb") as copy:
            for piece in zip_file.chunks():
                copy.write(piece)
        yield path


def entries_of(path: Path) -> list[Entry]:
    """The photos of a ZIP. Refuses with Invalid what is none, is locked by a password, or holds too much."""
    if path.stat().st_size > LARGEST_ZIP:
        raise Invalid("zip_too_large", _("The ZIP has more than 400 MB. Split it."), field="photos")
    return _limited(_entries, str(path))


def content_of(path: Path, entry: Entry) -> bytes:
    """One photo of a ZIP, unfolded no further than a photo may be large."""
    if entry.size > LARGEST:
        raise Invalid("file_too_large", _("This file has more than 20 MB. Make the picture smaller."), field="photos")
    return _limited(_content, str(path), entry.place)


def _limited(function: Callable[..., Read], *arguments: Any) -> Read:
    try:
        return run_limited(function, *arguments)
    except LimitExceeded as limit:
        raise _broken() from limit


def _entries(path: str) -> list[Entry]:
    with _opened(path) as archive:
        files = [(place, info) for place, info in enumerate(archive.infolist()) if not info.is_dir()]
        if any(info.flag_bits & 1 for _place, info in files):
            raise Invalid("zip_locked", _("This ZIP is locked by a password. Make one without."), field="photos")
        if sum(info.file_size for _place, info in files) > LARGEST_UNFOLDED:
            raise Invalid(
                "zip_unfolds", _("This ZIP unpacks into far too much. Put only photos into it."), field="photos"
            )
        found = [Entry(place, _name_of(info), info.file_size) for place, info in files]
    found = [entry for entry in found if not _is_put_in(entry.name)]
    if len(found) > MOST_PHOTOS:
        raise Invalid(
            "zip_of_too_many",
            _("This ZIP holds %(count)d files; %(most)d can be read. Split it.")
            % {"count": len(found), "most": MOST_PHOTOS},
            field="photos",
        )
    return found


def _content(path: str, place: int) -> bytes:
    try:
        with _opened(path) as archive, archive.open(archive.infolist()[place]) as file:
            content = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, IndexError) as error:
        raise Invalid("file_damaged", _("This file is damaged. Save it anew and send that."), field="photos") from error
    if len(content) > LARGEST:  # whatever its directory says
        raise Invalid("file_too_large", _("This file has more than 20 MB. Make the picture smaller."), field="photos")
    return content


def _opened(path: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _broken() from error


def _broken() -> Invalid:
    return Invalid("zip_broken", _("This is no ZIP that can be read. Pack the photos anew."), field="photos")


def _name_of(info: zipfile.ZipInfo) -> str:
    """Windows in China packs names in GBK and doesn't say so."""
    if not info.flag_bits & UTF_8:
        try:
            return info.filename.encode("cp437").decode("gb18030")
        except UnicodeError:
            return info.filename
    return info.filename


def _is_put_in(name: str) -> bool:
    parts = [part.lower() for part in PurePosixPath(name.replace("\\", "/")).parts]
    return any(part in PUT_IN for part in parts) or bool(parts and parts[-1].startswith("._"))
