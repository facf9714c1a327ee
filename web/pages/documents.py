"""The documents that an office stands on, and the register of those that it issued."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.talk.attachments import attach
from oversight.bulletins.queries import bulletins_seen_by
from oversight.documents.numbers import issued_in, offer
from oversight.documents.queries import SHORTEST, documents_seen_by, findings_citing
from oversight.documents.records import BaseDocument, IssuedDocument
from oversight.documents.register import add_base_document, change_base_document, enter_issued
from oversight.members.records import Mechanism
from oversight.rights import leads, mechanisms_led
from web.pages.evidence import send
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

MOST_ISSUED, MOST_CITING = 60, 20
PAPERS = "application/pdf,.docx"


class BaseDocumentForm(WordedForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    number = forms.CharField(label=_("Document number"), max_length=60, required=False)
    keep_as_written = forms.BooleanField(
        label=_("The number stays as it is written here"),
        required=False,
        help_text=_("For older, free-form references."),
    )
    dated = DayField(label=_("Dated"), required=False)
    issuing_body = forms.CharField(label=_("Issuing body"), max_length=100, required=False)
    upload = forms.FileField(
        label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": PAPERS, "data-upload": ""})
    )


class IssuedForm(WordedForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    number = forms.CharField(label=_("Document number"), max_length=60)
    issued_on = DayField(label=_("Issued on"))
    issue = forms.IntegerField(
        label=_("Issue of the year"), min_value=1, max_value=999, required=False, help_text=_("Of a bulletin alone.")
    )
    total = forms.IntegerField(label=_("Issue in all"), min_value=1, max_value=9999, required=False)
    reason = forms.CharField(
        label=_("Reason, where another number is taken than the next one"), max_length=300, required=False
    )


def documents(request: Request) -> HttpResponse:
    """All basis documents of the reader's city; for the lead office a form, and its register of numbers."""
    if not may_do(request.user, OfficeAction.SEE_DOCUMENTS, request.on):
        raise NotAllowed("no_documents", _("These documents are read by committees, offices and member units."))
    mechanism = kept_mechanism(request)
    forms_shown = {"base": BaseDocumentForm(), "issued": IssuedForm(initial={"issued_on": request.on})}
    status = 200
    if request.method == "POST":
        if mechanism is None:
            raise NotAllowed("not_your_mechanism", _("Documents are entered by the lead office."))
        name = "issued" if request.POST.get("register") == "issued" else "base"
        form = forms_shown[name] = (
            IssuedForm(request.POST) if name == "issued" else BaseDocumentForm(request.POST, request.FILES)
        )
        if entered(request, mechanism, form):
            messages.success(request, _("Entered."), extra_tags=SAVED)
            return redirect("documents")
        status = 422
    return render(
        request,
        "documents_kept/list.html",
        {
            "documents": list(documents_seen_by(request.user, request.on).select_related("mechanism")),
            "mechanism": mechanism,
            "form": forms_shown["base"],
            "issued_form": forms_shown["issued"],
            **(register_of(request, mechanism) if mechanism else {}),
        },
        status=status,
    )


def kept_mechanism(request: Request) -> Mechanism | None:
    """The mechanism whose documents this person keeps."""
    return mechanisms_led(request.user, OfficeAction.KEEP_DOCUMENTS, request.on).select_related("lead").first()


def register_of(request: Request, mechanism: Mechanism) -> dict[str, Any]:
    return {
        "issued": list(
            IssuedDocument.objects.filter(mechanism=mechanism).select_related("publication", "by")[:MOST_ISSUED]
        ),
        "offered": offer(mechanism, request.on),
        "this_year": issued_in(mechanism, request.on.year),
        "last_year": issued_in(mechanism, request.on.year - 1),
    }


def entered(request: Request, mechanism: Mechanism, form: forms.Form) -> bool:
    """Whether the form was taken; otherwise it says why not, and holds what was typed."""
    if not form.is_valid():
        return False
    said = {**form.cleaned_data, "by": request.user, "at": request.at}
    try:
        if isinstance(form, IssuedForm):
            enter_issued(mechanism=mechanism, **said)
        else:
            upload = said.pop("upload")
            add_base_document(mechanism=mechanism, file=attach(upload).as_row() if upload else None, **said)
    except Refusal as error:
        offer_number(request, form, error)
        return False
    return True


def offer_number(request: Request, form: forms.Form, error: Refusal) -> None:
    """Each refusal beside its field; a number in an old spelling is replaced by the one that is offered."""
    show_refusals(form, error)
    for refusal in error.each():
        if "offered" in refusal.values:
            data = request.POST.copy()
            data["number"] = refusal.values["offered"]
            form.data = data


def readable_document(request: Request, pk: int) -> BaseDocument:
    return get_object_or_404(documents_seen_by(request.user, request.on).select_related("mechanism__lead"), pk=pk)


def document(request: Request, pk: int) -> HttpResponse:
    """One document: its file, which bulletins rest on it, and which findings name it."""
    found = readable_document(request, pk)
    keeps = leads(request.user, found.mechanism, OfficeAction.KEEP_DOCUMENTS, request.on)
    given = {name: getattr(found, name) for name in ("title", "number", "dated", "issuing_body")}
    form, status = BaseDocumentForm(initial=given), 200
    if request.method == "POST":
        form, status = BaseDocumentForm(request.POST, request.FILES), 422
        if form.is_valid():
            said = {**form.cleaned_data, "by": request.user, "at": request.at}
            upload = said.pop("upload")
            try:
                change_base_document(document=found, file=attach(upload).as_row() if upload else None, **said)
            except Refusal as error:
                if isinstance(error, NotAllowed):
                    raise
                offer_number(request, form, error)
            else:
                messages.success(request, _("Saved."), extra_tags=SAVED)
                return redirect("document", pk=pk)
    return render(
        request,
        "documents_kept/document.html",
        {
            "document": found,
            "keeps": keeps,
            "form": form if keeps else None,
            "bulletins": list(bulletins_seen_by(request.user, request.on).filter(cites=found)[:MOST_CITING]),
            "findings": list(
                findings_citing(found, visible(request.user, request.on)).select_related("village", "item")[
                    :MOST_CITING
                ]
            ),
            "shortest": SHORTEST,
        },
        status=status,
    )


def file(request: Request, pk: int) -> HttpResponseBase:
    """The file of a document, as it was entered."""
    found = readable_document(request, pk)
    if not found.file:
        raise Http404
    return send(
        request,
        found.file["stored_as"],
        tag=found.file["sha256"],
        media_type=found.file["media_type"],
        shown_as=found.file["name"],
        is_download=True,
    )


urlpatterns = [
    path("documents", documents, name="documents"),
    path("documents/<int:pk>", document, name="document"),
    path("documents/<int:pk>/file", file, name="document_file"),
]
