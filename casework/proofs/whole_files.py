"""Files on a disk: there whole or not at all, whatever happens while they are written."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage

PARTS = "incoming"  # the folder of the same volume in which files are written before they get their name


class WholeFileStorage(FileSystemStorage):
    """Writes under a temporary name, brings it onto the disk, and only then gives it its name.

    A name that exists is replaced: names are made of the content's hash. Raises OSError when there is no room.
    """

    def __init__(self, location: str | None = None, allow_overwrite: bool = True) -> None:
        super().__init__(location, allow_overwrite=allow_overwrite)

    def _save(self, name: str, content: File) -> str:
        target, parts = Path(self.path(name)), Path(self.path(PARTS))
        is_new_folder = not target.parent.is_dir()
        for folder in (target.parent, parts):
            folder.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=parts)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for piece in content.chunks():
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(part, self.file_permissions_mode or 0o644)
            os.replace(part, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(part)
            raise
        above = target.relative_to(self.location).parents[1:] if is_new_folder else ()
        for folder in (target.parent, *(Path(self.location) / one for one in above)):
            _sync(folder)
        return name.replace("\\", "/")


def _sync(folder: Path) -> None:
    """Bring a folder's list of names onto the disk: the file's new name is in it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
