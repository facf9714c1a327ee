"""Evidence: files go out only through this check, and come in beside a step."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.lifecycle.evidence import add_evidence
from casework.models import Case, Evidence, Person
from casework.models.evidence import EvidenceKind
from casework.proofs.previews import WIDTHS, make_turned_preview
from casework.proofs.turning import quarters_of
from casework.proofs.uploads import storage_errors
from casework.rights.roles import may_view, sees_originals
from casework.rights.table import Action
from flows import steps
from web.pages.case_forms import CaseForm, case_step
from web.pages.fields import PHOTOS, FilesField, quarters_said
from web.requests import Request
from web.templatetags.words import labelled

# What the browser is told of every file: show pictures, save everything else, run nothing.
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Kept by the browser, and shown again only to whoever may see it still.
    "Cache-Control": "private, no-cache",
}


def original(request: Request, pk: int) -> HttpResponseBase:
    """The untouched file: a picture in the browser, anything else as a download."""
    evidence = readable(request, pk)
    if not sees_originals(request.user, evidence.case, request.on):
        raise NotAllowed(
            "original_restricted", _("Only offices and the village open the original; you see its preview.")
        )
    return send(
        request,
        evidence.stored_as,
        tag=evidence.sha256,
        media_type=evidence.media_type,
        shown_as=evidence.name,
        is_download=not evidence.is_image,
    )


def preview(request: Request, pk: int, width: int) -> HttpResponseBase:
    """A photo's small copy without metadata, turned as it was said to be shown."""
    evidence = readable(request, pk)
    if width not in WIDTHS or not evidence.is_image:
        raise Http404
    quarters = quarters_of(evidence)
    try:
        name = make_turned_preview(evidence, width, quarters)
    except Refusal as error:
        raise Http404 from error
    return send(request, name, tag=f"{evidence.sha256}-{width}-{quarters}", media_type="image/webp")


def readable(request: Request, pk: int) -> Evidence:
    """The evidence if the reader may see its case; otherwise it isn't said whether there is one."""
    evidence = get_object_or_404(Evidence.objects.select_related("case", "turn", "uploaded_by"), pk=pk)
    if not may_view(request.user, evidence.case, request.on):
        raise Http404
    return evidence


def send(
    request: Request, name: str, *, tag: str, media_type: str, shown_as: str = "", is_download: bool = False
) -> HttpResponseBase:
    if request.headers.get("If-None-Match") == f'"{tag}"':
        return HttpResponseNotModified(headers={"ETag": f'"{tag}"', **HARMLESS})
    try:
        file = default_storage.open(name, "rb")
    except storage_errors() as error:
        raise Http404 from error
    headers = {"ETag": f'"{tag}"', **HARMLESS}
    return FileResponse(
        file, as_attachment=is_download, filename=shown_as or "preview.webp", content_type=media_type, headers=headers
    )


def keep_photos(photos: Iterable[Any], case: Case, *, by: Person, at: datetime) -> list[str]:
    """Take photos of the problem, each by itself; gives a sentence for each that is refused. The case stands already, and
    such a photo can be added on its page.
    """
    refused = []
    for photo in photos:
        try:
            steps.take(
                add_evidence,
                case=case,
                kind=EvidenceKind.BEFORE,
                upload=photo,
                quarters=quarters_said(photo),
                by=by,
                at=at,
            )
        except Refusal as refusal:
            refused.append(labelled(photo.name, refusal))
    return refused


class PhotosForm(CaseForm):
    """More photos of the problem. Each is taken by itself, so the verb runs once a photo and not at the end."""

    verb = staticmethod(add_evidence)
    action = Action.ADD_PHOTO_BEFORE
    heading = _("Add photos of the problem")
    lead = _("What it looked like when it was found.")
    button = _("Add")
    done = _("The photos are added.")

    photos = FilesField(
        label=_("Photos of the problem"), accept=PHOTOS, can_turn=True, help_text=_("Up to 20, each up to 20 MB.")
    )

    def take(self, request: Request, at: datetime) -> None:
        """Take photo by photo; a refused one is named, and the others stay."""
        for sentence in keep_photos(self.cleaned_data["photos"], self.case, by=self.reader, at=at):
            self.add_error("photos", sentence)

    def clean_photos(self) -> list[Any]:
        if not self.cleaned_data["photos"]:
            raise forms.ValidationError(_("Choose at least one photo."))
        return self.cleaned_data["photos"]


urlpatterns = [
    path("evidence/<int:pk>", original, name="evidence"),
    path("evidence/<int:pk>/preview/<int:width>", preview, name="evidence_preview"),
    path("cases/<str:number>/photos", case_step(PhotosForm), name="photos"),
]
