"""Small copies of photos: turned upright, without metadata, made anew from the pixels alone."""

import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from casework.models import Evidence
from casework.waking import wake

WIDTHS = (320, 1280)


def preview_name(sha256: str, width: int) -> str:
    """Where a preview lies in the storage."""
    return f"previews/{sha256[:2]}/{sha256}-{width}.webp"


def make_preview(evidence: Evidence, width: int) -> str:
    """The name of the photo's copy, at most `width` pixels wide; made if it isn't there."""
    name = preview_name(evidence.sha256, width)
    if not default_storage.exists(name):
        with default_storage.open(evidence.stored_as, "rb") as file, Image.open(file) as image:
            # A JPEG is unpacked at a fraction of its size: quick, and little memory.
            image.draft("RGB", (width * 2, width * 2))
            # Made small first: whatever is turned and converted then is small as well.
            image.thumbnail((width * 2, width * 2))
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((width, width * 3))
            small = io.BytesIO()
            # Pixels alone: a new picture knows no camera, no day and no place.
            bare = Image.new("RGB", upright.size)
            bare.paste(upright)
            bare.save(small, "WEBP", quality=80, method=3)
        written = default_storage.save(name, ContentFile(small.getvalue()))
        if written != name:
            default_storage.delete(written)
    return name


def ask_previews(pk: int) -> None:
    """Have the previews made in the background. If nobody does, the first reader's request makes them."""
    wake("casework.tasks.make_previews", pk)
