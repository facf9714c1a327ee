"""Photos from phones, piece by piece: the tus protocol, version 1.0.0, with creation, checksum and expiration.

A file is known by the key that the phone gave it and its entry has announced, so that creating it again is no second one.
Each piece carries its SHA-256: what a broken line mangled is refused with 460 and changes nothing.
"""

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.errors import NotAllowed
from casework.models import PhoneFile
from casework.phones import pieces
from casework.proofs.uploads import LARGEST
from casework.values.numbers import whole_number
from flows.phone_entries import keep_file
from web.json_answers import Unreadable, in_json, said
from web.requests import Request

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration"
OFFSET_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460


def tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Asks for the protocol's version, and says with each answer what this server speaks."""

    @wraps(view)
    def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            answer: HttpResponse = said(412, "version", f"Tus-Resumable: {VERSION}")
        else:
            answer = in_json(view)(request, *args, **kwargs)
        answer.headers["Tus-Resumable"] = answer.headers["Tus-Version"] = VERSION
        answer.headers["Tus-Extension"] = EXTENSIONS
        answer.headers["Tus-Max-Size"] = str(LARGEST)
        answer.headers["Tus-Checksum-Algorithm"] = "sha256"
        return answer

    return answered


@require_http_methods(["OPTIONS", "POST"])
@tus
def files(request: Request) -> HttpResponse:
    """A file is begun: its key and length must be those that its entry announced."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    found = file_of(request, key_of(request))
    length = request.headers.get("Upload-Length", "")
    if not length.isdecimal():
        return said(400, "length", "Upload-Length")
    if (size := whole_number(length, most=LARGEST)) is None:
        return said(
            413, "file_too_large", _("This file has more than 20 MB. Make the picture smaller, or split the document.")
        )
    if size != found.size:
        return said(409, "file_used", _("One of the photos belongs to another entry. Choose it again."))
    pieces.begin(found, at=request.at)
    return with_expiry(HttpResponse(status=201, headers={"Location": reverse("phone_file", args=[found.key])}), found)


@require_http_methods(["HEAD", "PATCH"])
@tus
def file(request: Request, key: UUID) -> HttpResponse:
    """How far it is; or the next piece of it."""
    found = file_of(request, key)
    if pieces.is_over(found, at=request.at):
        return said(410, "over", _("This took too long. It is sent anew."))
    if request.method == "PATCH":
        return append_piece(request, found)
    headers = {"Upload-Offset": pieces.offset_of(found), "Upload-Length": found.size, "Cache-Control": "no-store"}
    return with_expiry(HttpResponse(headers=headers), found)


def append_piece(request: Request, found: PhoneFile) -> HttpResponse:
    """Refuses what the protocol refuses; when the last piece is here, the file is judged by its content."""
    if request.headers.get("Content-Type", "") != OFFSET_TYPE:
        return said(415, "type", f"Content-Type: {OFFSET_TYPE}")
    offset = whole_number(request.headers.get("Upload-Offset", ""), most=LARGEST)
    if offset is None:
        return said(400, "offset", "Upload-Offset")
    if whole_number(str(request.META.get("CONTENT_LENGTH") or "0"), most=pieces.LARGEST_PIECE) is None:
        return said(413, "piece_too_large", f"Content-Length: 0-{pieces.LARGEST_PIECE}")
    piece, checksum = request.body, checksum_of(request)
    if checksum is None:
        return said(400, "checksum", "Upload-Checksum: sha256 …")
    if checksum != pieces.sha256_of(piece):
        return said(CHECKSUM_MISMATCH, "checksum", _("This piece was changed on its way. It is sent again."))
    after = pieces.append(found, piece, offset=offset, at=request.at)
    if after == found.size:
        found.refresh_from_db()
        keep_file(file=found, by=request.user, at=request.at)
    return with_expiry(HttpResponse(status=204, headers={"Upload-Offset": after}), found)


class NoSuchFile(NotAllowed):
    status = 404


def file_of(request: Request, key: UUID) -> PhoneFile:
    """An announced file of an entry of this person."""
    found = PhoneFile.objects.select_related("entry").filter(pk=key).first()
    if found is None or request.user.pk not in (found.entry.person_id, found.entry.by_id):
        raise NoSuchFile("no_such_file", _("The server has no such file of yours. Its entry goes first."))
    return found


def key_of(request: HttpRequest) -> UUID:
    """The key in Upload-Metadata: names with Base64 values. Refuses with Unreadable where there is none."""
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _space, value = pair.strip().partition(" ")
        if name == "key":
            try:
                return UUID(base64.b64decode(value, validate=True).decode())
            except ValueError:
                break
    raise Unreadable(
        "key_missing", _("This has no number of its own, so it could be taken twice. Load the page again."), field="key"
    )


def checksum_of(request: HttpRequest) -> bytes | None:
    algorithm, _space, value = request.headers.get("Upload-Checksum", "").partition(" ")
    try:
        return base64.b64decode(value, validate=True) if algorithm == "sha256" else None
    except ValueError:
        return None


def with_expiry(answer: HttpResponse, found: PhoneFile) -> HttpResponse:
    answer.headers["Upload-Expires"] = http_date(found.expires_at.timestamp())
    return answer


urlpatterns = [
    path("phone/files", files, name="phone_files"),
    path("phone/files/<uuid:key>", file, name="phone_file"),
]
