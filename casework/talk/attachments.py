"""Files that come with a comment: looked at and stored as proofs are, without being proof: they join no chain."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models.evidence import IMAGES, MediaType
from casework.proofs.uploads import look_at, shown_name

MOST_FILES = 5


@dataclass(frozen=True)
class AttachedFile:
    """A stored file, as a comment's row keeps it. `stored_as` is its place in the storage, under its own hash."""

    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str
    width: int | None = None
    height: int | None = None

    @property
    def is_image(self) -> bool:
        return self.media_type in IMAGES

    def get_media_type_display(self) -> str:
        return str(MediaType(self.media_type).label)

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def attach(upload: UploadedFile) -> AttachedFile:
    """Look at a file in a limited process and store it; before any lock, since both may take seconds. Refuses what is
    accepted nowhere. A comment that is never written leaves the file under its hash, without a record.
    """
    looked_at = look_at(upload).stored()
    content = looked_at.content
    return AttachedFile(
        name=shown_name(looked_at.name),
        media_type=content.media_type,
        size=looked_at.size,
        sha256=looked_at.sha256,
        stored_as=looked_at.stored_as,
        width=content.width,
        height=content.height,
    )


def files_of(rows: Sequence[dict[str, Any]]) -> list[AttachedFile]:
    return [AttachedFile(**row) for row in rows]


def refuse_too_many(files: Sequence[Any]) -> None:
    if len(files) > MOST_FILES:
        raise Invalid(
            "too_many_files",
            _("A comment takes up to %(most)d files. Take some out, or send them with another comment.")
            % {"most": MOST_FILES},
            field="uploads",
        )
