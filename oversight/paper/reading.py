"""Codes on a sheet, read by a limited process: of a photo, or of the pictures on each page of a scan."""

import contextlib
import io
import re
from dataclasses import dataclass
from typing import Any

import pikepdf
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from casework.errors import Invalid, Refusal
from casework.models.evidence import IMAGES, MediaType
from casework.proofs.pdf_files import pdf_broken, refuse_acting_pdf
from casework.proofs.photo_files import draft, opened_photo, with_eight_bits
from casework.proofs.uploads import Source, opened
from casework.values.short_codes import case_of, code_of

MOST_PAGES = 40
# A code of two centimetres on A4 has some hundred pixels then; larger pictures only take longer.
LONGEST_EDGE = 3000
MOST_PIXELS = 60_000_000
PICTURES_OF_A_PAGE = 4
# The address behind a QR code ends with the code; a bare code is read as well.
LAST_PART = re.compile(r"([0-9A-Za-z-]{8,9})/?$")


@dataclass(frozen=True)
class Page:
    """What was read on a sheet; of a PDF with several pages also the page, as a file of its own."""

    codes: list[str]
    content: bytes | None = None


def read_sheet(source: Source, media_type: str) -> list[Page]:
    """The sheets of a file. A picture on which nothing is read is a sheet without codes, and no error."""
    with opened(source) as file:
        if media_type != MediaType.PDF:
            with opened_photo(file, *[MediaType(one) for one in IMAGES]) as image:
                draft(image, LONGEST_EDGE, LONGEST_EDGE)
                return [Page(codes_on(image))]
        refuse_acting_pdf(file)
        file.seek(0)
        try:
            with pikepdf.open(file) as pdf:
                if len(pdf.pages) > MOST_PAGES:
                    raise Invalid(
                        "too_many_pages",
                        _("This PDF has more than %(most)d pages. Scan the sheets in smaller piles.")
                        % {"most": MOST_PAGES},
                        field="uploads",
                    )
                is_split = len(pdf.pages) > 1
                return [Page(_codes_of_page(page), _alone(page) if is_split else None) for page in pdf.pages]
        except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise pdf_broken() from error


def codes_on(image: Image.Image) -> list[str]:
    """The codes of cases in a picture, each once, as they are printed; what else is printed on paper is passed over."""
    import zxingcpp

    upright = ImageOps.exif_transpose(with_eight_bits(image))
    grey = upright.convert("L")
    grey.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    read = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return list(dict.fromkeys(code for one in read if (code := _code_in(one.text))))


def _code_in(words: str) -> str:
    found = LAST_PART.search(words.strip())
    if found is None:
        return ""
    with contextlib.suppress(Refusal):
        return code_of(case_of(found[1]))
    return ""


def _codes_of_page(page: Any) -> list[str]:
    codes: list[str] = []
    for picture in list(page.images.values())[:PICTURES_OF_A_PAGE]:
        # A picture in an odd format is none that can be read; the page is then assigned by hand.
        with contextlib.suppress(Exception):
            if int(picture.Width) * int(picture.Height) <= MOST_PIXELS:
                codes += codes_on(pikepdf.PdfImage(picture).as_pil_image())
    return list(dict.fromkeys(codes))


def _alone(page: Any) -> bytes:
    """The page as a PDF of its own: the sheets of other cases don't go along into this one."""
    single = pikepdf.new()
    single.pages.append(page)
    content = io.BytesIO()
    single.save(content, deterministic_id=True)  # the same page is the same file
    return content.getvalue()
