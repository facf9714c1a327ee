"""Small copies of photos: turned upright, without metadata, made anew from the pixels alone.

The wide one is what people look at, whatever the original is (a browser shows no HEIC, and 20 MB are a minute's wait).
"""

import io
from collections.abc import Sequence
from typing import Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from casework.clocks.waking import wake
from casework.proofs.photo_files import draft, opened_photo, with_eight_bits
from casework.proofs.uploads import Source, look_at_stored, opened, storage_errors, storage_full

WIDTHS = (320, 1600)
SCREEN = max(WIDTHS)
# Pillow counts to the left.
TO_THE_RIGHT = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


def preview_name(sha256: str, width: int, quarters: int = 0) -> str:
    """Where a preview lies in the storage."""
    turned = f"-{quarters}" if quarters else ""
    return f"previews/{sha256[:2]}/{sha256}-{width}{turned}.webp"


class StoredPhoto(Protocol):
    """A photo in the storage, whatever record it belongs to."""

    @property
    def sha256(self) -> str: ...

    @property
    def stored_as(self) -> str: ...


def make_preview(photo: StoredPhoto, width: int) -> str:
    """The name of the photo's copy, at most `width` pixels wide; all that aren't there are made, unpacked once.

    Refuses with Invalid a photo that can't be opened within the limits, with Busy when there is no room.
    """
    missing = [each for each in WIDTHS if not default_storage.exists(preview_name(photo.sha256, each))]
    if width in missing:
        copies = look_at_stored(small_copies, photo.stored_as, missing)
        try:
            for each, copy in zip(missing, copies, strict=True):
                default_storage.save(preview_name(photo.sha256, each), ContentFile(copy))
        except storage_errors() as error:
            raise storage_full() from error
    return preview_name(photo.sha256, width)


def make_turned_preview(photo: StoredPhoto, width: int, quarters: int) -> str:
    """The name of the photo's copy, turned by quarters to the right: made of the copy, the original is not opened for it.

    Refuses as `make_preview` does.
    """
    upright = make_preview(photo, width)
    name = preview_name(photo.sha256, width, quarters)
    if quarters and not default_storage.exists(name):
        copy = look_at_stored(turned_copy, upright, quarters, width)
        try:
            default_storage.save(name, ContentFile(copy))
        except storage_errors() as error:
            raise storage_full() from error
    return name


def ask_previews(pk: int) -> None:
    """Have the previews made in the background. If nobody does, the first reader's request makes them."""
    wake("casework.tasks.make_previews", pk)


def small_copies(source: Source, widths: Sequence[int]) -> list[bytes]:
    """In a limited process: a WebP for each width."""
    widest = max(widths)
    with opened(source) as file, opened_photo(file) as image:
        draft(image, widest * 2, widest * 2)
        # Made small first: whatever is turned and converted then is small as well.
        small = with_eight_bits(image)
        small.thumbnail((widest * 2, widest * 2))
        upright = ImageOps.exif_transpose(small).convert("RGB")
        return [_small_copy(upright, width) for width in widths]


def turned_copy(source: Source, quarters: int, width: int) -> bytes:
    """In a limited process: a copy turned to the right."""
    with opened(source) as file, Image.open(file) as image:
        return _small_copy(image.convert("RGB").transpose(TO_THE_RIGHT[quarters]), width)


def _small_copy(upright: Image.Image, width: int) -> bytes:
    small = upright.copy()
    small.thumbnail((width, width * 3))
    # Pixels alone: a new picture knows no camera, no day and no place.
    bare = Image.new("RGB", small.size)
    bare.paste(small)
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=80, method=3)
    return written.getvalue()
