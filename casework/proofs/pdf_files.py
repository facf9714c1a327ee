"""PDF by their content: they open without a password, are whole, do nothing by themselves and carry no other file."""

import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid

MOST_OBJECTS = 100_000
MOST_UNPACKED = 50 * 1024 * 1024  # of all objects that stand packed; a hundred thousand take a fifth of it
PIECE = 1024 * 1024
DEEPEST = 50  # objects inside objects; no honest PDF goes so deep
# What these do they do when a reader opens the file or clicks anywhere.
ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/Movie", "/Sound")
CARRIERS = ("/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA")
# An action that comes by itself may only turn to a page.
HARMLESS = ("/GoTo",)
NO_ACTION = ("", "/None")
END, TAIL = b"%%EOF", 1024


def refuse_acting_pdf(file: BinaryIO) -> None:
    """Refuse scripts, programs, attachments, calls to elsewhere, and what needs a password to be read.

    A password that only keeps others from changing the file (banks and authorities set one) is none to its reader.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    is_whole = END in file.read()
    file.seek(0)
    try:
        with pikepdf.open(file) as pdf:
            if int(pdf.trailer.get("/Size", 0)) > MOST_OBJECTS or len(pdf.objects) > MOST_OBJECTS:
                raise pdf_too_large()
            _refuse_unreadable(pdf)
            if any(_acts(each) for each in pdf.objects):
                raise Invalid(
                    "pdf_acts",
                    _("This PDF holds a script, an attached file or a call to elsewhere. Print it into a new PDF."),
                    field="upload",
                )
            if not is_whole or not len(pdf.pages):
                raise pdf_broken()
    except pikepdf.PasswordError as error:
        raise Invalid(
            "pdf_broken", _("This PDF can't be opened without a password. Save it without one."), field="upload"
        ) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise pdf_broken() from error


def pdf_broken() -> Invalid:
    return Invalid("pdf_broken", _("This PDF is damaged or incomplete. Save it anew."), field="upload")


def pdf_too_large() -> Invalid:
    return Invalid("pdf_too_large", _("This PDF has too many parts. Print it into a new one."), field="upload")


def _refuse_unreadable(pdf: pikepdf.Pdf) -> None:
    """Objects may stand packed in streams. One that unpacks into very much is a bomb; and of one that can't be unpacked
    its objects are missing in silence, so that nobody has seen what they do.
    """
    left = MOST_UNPACKED
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and str(each.get("/Type", "")) == "/ObjStm":
            left -= _unpacked_size(each, left)
            if left < 0:
                raise pdf_too_large()
    if any("error decoding stream" in warning for warning in pdf.get_warnings()):
        raise pdf_broken()


def _unpacked_size(stream: pikepdf.Stream, most: int) -> int:
    """How many bytes it becomes; stops counting beyond `most`."""
    if str(stream.get("/Filter", "")) != "/FlateDecode":
        return len(stream.read_bytes())
    unpacking, packed, size = zlib.decompressobj(), stream.read_raw_bytes(), 0
    try:
        while packed and size <= most and not unpacking.eof:
            size += len(unpacking.decompress(packed, PIECE))
            packed = unpacking.unconsumed_tail
    except zlib.error:  # the file is encrypted, and so is the stream
        return len(stream.read_bytes())
    return size


def _acts(each: Any, depth: int = 0) -> bool:
    """Whether an object or what stands directly inside it does something by itself or carries another file."""
    if depth > DEEPEST or not isinstance(each, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
        return depth > DEEPEST
    if isinstance(each, pikepdf.Array):
        inside = list(each)
    else:
        if str(each.get("/S", "")) in ACTIONS or any(key in each for key in CARRIERS):
            return True
        if any(not _is_harmless(action) for action in _coming_by_themselves(each)) or _leads_to_a_share(each):
            return True
        if isinstance(each, pikepdf.Stream) and "/F" in each:  # its content stands in another file
            return True
        inside = [value for _key, value in each.items()]
    # What is referred to is an object of its own and has its own turn.
    return any(_acts(one, depth + 1) for one in inside if not getattr(one, "is_indirect", False))


def _coming_by_themselves(each: Any) -> Iterator[Any]:
    """What is done when the file is opened, a page turned or a field touched."""
    if isinstance(opening := each.get("/OpenAction"), pikepdf.Dictionary):
        yield opening
    if isinstance(additional := each.get("/AA"), pikepdf.Dictionary):
        yield from (action for _key, action in additional.items())


def _is_harmless(action: Any, depth: int = 0) -> bool:
    if not isinstance(action, pikepdf.Dictionary):
        return True
    if depth > DEEPEST or str(action.get("/S", "")) not in (*HARMLESS, *NO_ACTION):
        return False
    following = action.get("/Next")
    every = list(following) if isinstance(following, pikepdf.Array) else [following]
    return all(_is_harmless(one, depth + 1) for one in every)


def _leads_to_a_share(each: Any) -> bool:
    """A link into a file on another computer's share: the click gives away who is signed in."""
    if str(each.get("/S", "")) != "/GoToR":
        return False
    target = each.get("/F")
    names = [value for _key, value in target.items()] if isinstance(target, pikepdf.Dictionary) else [target]
    return any(str(name).lstrip().startswith(("\\\\", "//")) or "://" in str(name) for name in names)
