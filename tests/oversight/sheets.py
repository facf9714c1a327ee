"""Sheets of paper for tests: as a phone takes them, and as a scanner makes them."""

import io
from collections.abc import Sequence

import pikepdf
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casework.models import Case
from casework.values.short_codes import code_of


def picture(*cases: Case, turned: float = 0) -> Image.Image:
    """A grey sheet with the QR code of each of these cases."""
    sheet = Image.new("RGB", (1240, 1754), (226, 224, 219))
    for place, case in enumerate(cases):
        made = io.BytesIO()
        segno.make(f"http://127.0.0.1:8000/paper/{code_of(case.pk)}", error="q").save(
            made, kind="png", scale=7, border=4
        )
        sheet.paste(Image.open(made).convert("RGB"), (820, 80 + 400 * place))
    return sheet.rotate(turned, expand=True, fillcolor=(120, 120, 110)) if turned else sheet


def photographed(*cases: Case, name: str = "sheet.jpg", turned: float = 7) -> SimpleUploadedFile:
    content = io.BytesIO()
    picture(*cases, turned=turned).save(content, "JPEG", quality=70, comment=name)
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def scanned(pages: Sequence[Sequence[Case]], name: str = "scan.pdf") -> SimpleUploadedFile:
    content = io.BytesIO()
    first, *others = [picture(*cases) for cases in pages]
    first.save(content, "PDF", save_all=True, append_images=others, resolution=150)
    with pikepdf.open(io.BytesIO(content.getvalue())) as pdf:
        whole = io.BytesIO()
        pdf.save(whole)
    return SimpleUploadedFile(name, whole.getvalue(), "application/pdf")
