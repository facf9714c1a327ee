"""The clauses of a basis document by version; and what a finding's citation read on its day."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import Case
from casework.rights.office_table import OfficeAction
from casework.values.numbers import whole_number
from oversight.documents.queries import cited_in, documents_seen_by
from oversight.documents.records import BaseDocument
from oversight.rights import leads, require_lead
from oversight.rules.citing import cited_clauses, version_on
from oversight.rules.records import RuleVersion
from oversight.rules.versions import publish_version
from web.pages.documents import readable_document
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

LONGEST_TEXT = 400_000


class VersionForm(WordedForm):
    begins_on = DayField(label=_("Begins on"))
    note = forms.CharField(label=_("What changed"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Clauses"),
        max_length=LONGEST_TEXT,
        help_text=_("Each on a line of its own with its number in front."),
        widget=forms.Textarea(attrs={"rows": 14}),
    )


def clauses(request: Request, pk: int) -> HttpResponse:
    """A document's clauses as they read today, or in the version that is asked for; the lead office adds the next one."""
    document = readable_document(request, pk)
    if request.method != "POST":
        return show(request, document)
    require_lead(request.user, document.mechanism, OfficeAction.KEEP_DOCUMENTS, request.at)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return show(request, document, form=form, status=422)
    try:
        version = publish_version(document=document, by=request.user, at=request.at, **form.cleaned_data)
    except Refusal as error:
        show_refusals(form, error)
        return show(request, document, form=form, status=error.status)
    messages.success(request, gettext("The version is published. It stays as it is."), extra_tags=SAVED)
    return redirect(f"{request.path}?version={version.pk}")


def show(
    request: Request, document: BaseDocument, *, form: VersionForm | None = None, status: int = 200
) -> HttpResponse:
    versions = list(RuleVersion.objects.filter(document=document).select_related("by"))
    today = version_on(document, request.on)
    shown = chosen(request, versions) or today or (versions[-1] if versions else None)
    if form is None and leads(request.user, document.mechanism, OfficeAction.KEEP_DOCUMENTS, request.on):
        last = versions[0] if versions else None
        text = "\n".join(f"{one.label} {one.words}" for one in last.clauses.all()) if last else ""
        form = VersionForm(initial={"text": text})
    return render(
        request,
        "documents_kept/clauses.html",
        {
            "document": document,
            "versions": versions,
            "shown": shown,
            "today": today,
            "clauses": list(shown.clauses.all()) if shown else [],
            "form": form,
        },
        status=status,
    )


def chosen(request: Request, versions: list[RuleVersion]) -> RuleVersion | None:
    asked = request.GET.get("version", "")
    if not asked:
        return None
    pk = whole_number(asked)
    found = next((one for one in versions if one.pk == pk), None)
    if found is None:
        raise Http404
    return found


def basis_of(request: Request, case: Case) -> dict[str, Any]:
    """The documents that a finding names, and the clauses as they read on the day on which it was found."""
    documents = cited_in(case.clause, documents_seen_by(request.user, request.on)) if case.clause else []
    cited = cited_clauses(case.clause, documents, on=case.found_on) if documents else []
    return {"basis": documents, "cited_clauses": cited}


urlpatterns = [path("documents/<int:pk>/clauses", clauses, name="document_clauses")]
