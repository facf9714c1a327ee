"""Files of comments: they go out only through this check, as proof does."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Comment
from casework.proofs.previews import WIDTHS, make_preview
from casework.rights.roles import sees_originals
from casework.talk.attachments import AttachedFile, files_of
from web.pages.comments import readable_comment
from web.pages.evidence import send
from web.requests import Request


def readable_file(request: Request, pk: int, number: int) -> tuple[Comment, AttachedFile]:
    comment = readable_comment(request, pk)
    files = files_of(comment.files)
    if not 1 <= number <= len(files):
        raise Http404
    return comment, files[number - 1]


def original(request: Request, pk: int, number: int) -> HttpResponseBase:
    """The untouched file: a picture in the browser, anything else as a download."""
    comment, file = readable_file(request, pk, number)
    if not sees_originals(request.user, comment.case, request.on):
        raise NotAllowed(
            "original_restricted", _("Only offices and the village open the original; you see its preview.")
        )
    return send(
        request,
        file.stored_as,
        tag=file.sha256,
        media_type=file.media_type,
        shown_as=file.name,
        is_download=not file.is_image,
    )


def preview(request: Request, pk: int, number: int, width: int) -> HttpResponseBase:
    """A photo's small copy without metadata."""
    _comment, file = readable_file(request, pk, number)
    if width not in WIDTHS or not file.is_image:
        raise Http404
    try:
        name = make_preview(file, width)
    except Refusal as error:
        raise Http404 from error
    return send(request, name, tag=f"{file.sha256}-{width}", media_type="image/webp")


def photo(request: Request, pk: int, number: int) -> HttpResponse:
    """A photo as large as a screen; its original is a click further."""
    comment, file = readable_file(request, pk, number)
    if not file.is_image:
        raise Http404
    return render(
        request,
        "comments/photo.html",
        {
            "comment": comment,
            "case": comment.case,
            "file": file,
            "number": number,
            "sees_original": sees_originals(request.user, comment.case, request.on),
        },
    )


urlpatterns = [
    path("comments/<int:pk>/files/<int:number>", original, name="comment_file"),
    path("comments/<int:pk>/files/<int:number>/preview/<int:width>", preview, name="comment_preview"),
    path("comments/<int:pk>/files/<int:number>/photo", photo, name="comment_photo"),
]
