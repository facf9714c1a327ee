"""Signed sheets that come back from a village: handed in as photos or scans, and sorted to their cases by a person."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.lifecycle.evidence import add_evidence
from casework.models import Evidence, Unit
from casework.models.evidence import EvidenceKind
from casework.proofs.previews import SCREEN, make_preview
from casework.proofs.uploads import storage_errors, storage_full
from casework.values.short_codes import code_of
from flows import steps
from oversight.paper.queries import Proposal, proposals, sheets_of
from oversight.paper.records import PaperSheet
from oversight.paper.sorting import case_for, receive_sheets, set_aside, sort_sheet
from oversight.rights import enters_from_paper, may_enter_for, require_enterer
from web.pages.evidence import send
from web.pages.fields import PHOTOS, SAVED, FilesField, NamesField, field_of, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.pages.rectification import supervisors_of
from web.pages.village_pages import readable_village
from web.requests import Request
from web.templatetags.words import labelled

LISTED = 20
# Through the door: it looks at the file itself, before the lock.
ADD: steps.Verb = add_evidence


class HandInForm(WordedForm):
    uploads = FilesField(
        label=_("Photos or scans of the sheets"),
        accept=PHOTOS + ",application/pdf",
        help_text=_("One sheet on each photo, flat and in good light; a PDF is taken page by page. Each up to 20 MB."),
    )


class SortForm(WordedForm):
    code = forms.CharField(
        label=_("Code of the case"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    signers = forms.MultipleChoiceField(label=_("Who signed it?"), required=False, widget=forms.CheckboxSelectMultiple)
    signed_by = NamesField(
        label=_("Other names"), help_text=_("The names of the supervisors, apart by a comma."), required=False
    )

    def __init__(self, *args: Any, members: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "signers", forms.MultipleChoiceField).choices = [(name, name) for name in members]
        if not members:
            del self.fields["signers"]
            self.fields["signed_by"].label = _("Who signed it?")

    def names(self) -> list[str]:
        return [*dict.fromkeys([*self.cleaned_data.get("signers", []), *self.cleaned_data["signed_by"]])]


class AsideForm(WordedForm):
    reason = forms.CharField(label=_("Why does it belong to no case?"), max_length=500)


@dataclass
class Row:
    """A sheet that waits: what its codes say, and the form by which a person decides."""

    sheet: PaperSheet
    proposal: Proposal
    form: SortForm
    aside: AsideForm


def paper_sheets(request: Request, code: str) -> HttpResponse:
    """What waits in a village, and where more is handed in."""
    village = readable_village(request, code)
    require_enterer(request.user, village, request.at)
    if request.method != "POST":
        return show(request, village)
    form = HandInForm(request.POST, request.FILES)
    taken = 0
    if form.is_valid():
        if not form.cleaned_data["uploads"]:
            form.add_error("uploads", _("Choose at least one photo or scan."))
        for upload in form.cleaned_data.get("uploads", ()):
            try:
                taken += len(receive_sheets(village=village, upload=upload, by=request.user, at=request.at))
            except Refusal as refusal:
                if isinstance(refusal, NotAllowed):
                    raise
                form.add_error("uploads", labelled(upload.name, refusal))
    if taken:
        words = ngettext("%(count)d sheet is kept.", "%(count)d sheets are kept.", taken) % {"count": taken}
        goes_on = gettext("Now say of each to which case it belongs.")
        messages.success(request, f"{words} {goes_on}", extra_tags=SAVED)
    if form.errors:
        return show(request, village, hand_in=form, status=422)
    return redirect("paper_sheets", code=village.code)


@require_POST
def sorting(request: Request, pk: int) -> HttpResponse:
    """A person says to which case a sheet belongs and who signed it: it becomes evidence there."""
    sheet = waiting_sheet(request, pk)
    form = SortForm(request.POST, members=supervisors_of(sheet.village_id, request.on), prefix=f"sheet-{pk}")
    if not form.is_valid():
        return show(request, sheet.village, sorted_form=(pk, form), status=422)
    try:
        case = case_for(sheet=sheet, code=form.cleaned_data["code"], by=request.user, at=request.at)
        said = {
            "kind": EvidenceKind.SIGNED_SHEET,
            "upload": stored_file(sheet),
            "signed_by": form.names(),
            "from_paper": enters_from_paper(request.user, sheet.village, request.on),
        }
        case = steps.take(ADD, case=case, by=request.user, at=request.at, **said)
        standing = Evidence.objects.select_related("case").filter(case=case, kind=EvidenceKind.SIGNED_SHEET)
        evidence = standing.filter(sha256=sheet.sha256).order_by("-number")[0]
        sort_sheet(sheet=sheet, evidence=evidence, by=request.user, at=request.at)
    except Refusal as error:
        show_refusals(form, error)
        return show(request, sheet.village, sorted_form=(pk, form), status=error.status)
    link = format_html('<a href="{}">{}</a>', reverse("case", args=[case.number]), case.number)
    told = format_html("{} {}", gettext("The sheet is evidence of the case now:"), link)
    messages.success(request, told, extra_tags=SAVED)
    return redirect("paper_sheets", code=sheet.village.code)


def stored_file(sheet: PaperSheet) -> SimpleUploadedFile:
    """The sheet as it arrived, for the door."""
    try:
        with default_storage.open(sheet.stored_as, "rb") as file:
            return SimpleUploadedFile(sheet.name, file.read(), sheet.media_type)
    except storage_errors() as error:
        raise storage_full() from error


@require_POST
def setting_aside(request: Request, pk: int) -> HttpResponse:
    sheet = waiting_sheet(request, pk)
    form = AsideForm(request.POST, prefix=f"aside-{pk}")
    if not form.is_valid():
        return show(request, sheet.village, aside_form=(pk, form), status=422)
    try:
        set_aside(sheet=sheet, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    except Refusal as error:
        show_refusals(form, error)
        return show(request, sheet.village, aside_form=(pk, form), status=error.status)
    messages.success(request, gettext("The sheet is set aside; it stays to be read below."), extra_tags=SAVED)
    return redirect("paper_sheets", code=sheet.village.code)


def waiting_sheet(request: Request, pk: int) -> PaperSheet:
    """A sheet of a village for which the reader enters; it isn't said to others whether there is one."""
    sheet = PaperSheet.objects.select_related("village__parent__parent").filter(pk=pk).first()
    if sheet is None or not may_enter_for(request.user, sheet.village, request.on):
        raise Http404
    return sheet


def sheet_file(request: Request, pk: int) -> HttpResponseBase:
    """The untouched file: a picture in the browser, a PDF as a download."""
    sheet = waiting_sheet(request, pk)
    return send(
        request,
        sheet.stored_as,
        tag=sheet.sha256,
        media_type=sheet.media_type,
        shown_as=sheet.name,
        is_download=not sheet.is_image,
    )


def sheet_preview(request: Request, pk: int) -> HttpResponseBase:
    """A photo small enough for a phone's line, and large enough to read who signed."""
    sheet = waiting_sheet(request, pk)
    if not sheet.is_image:
        raise Http404
    try:
        name = make_preview(sheet, SCREEN)
    except Refusal as error:
        raise Http404 from error
    return send(request, name, tag=f"{sheet.sha256}-{SCREEN}", media_type="image/webp")


def show(
    request: Request,
    village: Unit,
    *,
    hand_in: HandInForm | None = None,
    sorted_form: tuple[int, SortForm] | None = None,
    aside_form: tuple[int, AsideForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = numbered_page(request, sheets_of(village).filter(decided_at=None).order_by("id"), size=LISTED)
    found = proposals(page.rows, by=request.user, on=request.on)
    members = supervisors_of(village.pk, request.on)
    rows = []
    for sheet in page.rows:
        proposal = found[sheet.pk]
        codes = [code_of(case.pk) for case in proposal.cases] if len(proposal.cases) == 1 else []
        form = SortForm(members=members, prefix=f"sheet-{sheet.pk}", initial={"code": "".join(codes)})
        row = Row(sheet, proposal, form, AsideForm(prefix=f"aside-{sheet.pk}"))
        if sorted_form and sorted_form[0] == sheet.pk:
            row.form = sorted_form[1]
        if aside_form and aside_form[0] == sheet.pk:
            row.aside = aside_form[1]
        rows.append(row)
    return render(
        request,
        "paper/sheets.html",
        {
            "village": village,
            "form": hand_in or HandInForm(),
            "page": page,
            "rows": rows,
            "decided": list(sheets_of(village).exclude(decided_at=None).order_by("-decided_at")[:LISTED]),
            "from_paper": enters_from_paper(request.user, village, request.on),
            "refused": next((one[1] for one in (sorted_form, aside_form) if one), None),
        },
        status=status,
    )


urlpatterns = [
    path("villages/<str:code>/sheets", paper_sheets, name="paper_sheets"),
    path("sheets/<int:pk>/case", sorting, name="paper_sheet_case"),
    path("sheets/<int:pk>/setting-aside", setting_aside, name="paper_sheet_aside"),
    path("sheets/<int:pk>/file", sheet_file, name="paper_sheet_file"),
    path("sheets/<int:pk>/preview", sheet_preview, name="paper_sheet_preview"),
]
