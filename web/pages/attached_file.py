"""A file that stands with an entry of the desk, after the page has asked whether the reader may read the entry."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase

from casework.talk.attachments import files_of
from web.pages.evidence import send
from web.requests import Request


def send_attached(request: Request, rows: Sequence[dict[str, Any]], number: int) -> HttpResponseBase:
    """The file of this number, counted from 1."""
    files = files_of(rows)
    if not 1 <= number <= len(files):
        raise Http404
    file = files[number - 1]
    return send(
        request,
        file.stored_as,
        tag=file.sha256,
        media_type=file.media_type,
        shown_as=file.name,
        is_download=not file.is_image,
    )
