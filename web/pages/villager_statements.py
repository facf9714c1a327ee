"""What villagers said is not put right: read by offices alone, who have it looked at again or dismiss it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.proofs.previews import SCREEN, make_preview
from casework.rights.hands import had_a_hand
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.talk.attachments import files_of
from oversight.public_page.queries import statements_for
from oversight.public_page.records import VillagerStatement
from oversight.public_page.stating import accept_statement, dismiss_statement
from web.pages.evidence import send
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.requests import Request

LISTED = 30


class DismissalForm(WordedForm):
    reason = forms.CharField(
        label=_("Why does nothing come of it?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def villager_statements(request: Request) -> HttpResponse:
    """Those that wait, or those that somebody decided about."""
    if not may_do(request.user, OfficeAction.DECIDE_STATEMENT, request.on):
        raise NotAllowed("no_statements", _("Statements of villagers are read by the town, county and city."))
    is_decided = request.GET.get("decided") == "1"
    found = statements_for(request.user, request.on).filter(verdict__isnull=not is_decided)
    page = numbered_page(request, found.select_related("case__village__parent", "verdict__by"), size=LISTED)
    return render(request, "villager_statements/statements.html", {"page": page, "is_decided": is_decided})


def statement_of(request: Request, pk: int) -> VillagerStatement:
    """A statement that this reader decides about; of others it is not said whether there is one."""
    found = statements_for(request.user, request.on).select_related(
        "case__village", "verdict__by", "verdict__look_back"
    )
    return get_object_or_404(found, pk=pk)


def villager_statement(request: Request, pk: int) -> HttpResponse:
    return show(request, statement_of(request, pk))


def show(
    request: Request, statement: VillagerStatement, *, form: DismissalForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "statement": statement,
        "verdict": getattr(statement, "verdict", None),
        "had_a_hand": had_a_hand(request.user, statement.case, on=request.on),
        "form": form or DismissalForm(),
    }
    return render(request, "villager_statements/statement.html", context, status=status)


@require_POST
def acceptance(request: Request, pk: int) -> HttpResponse:
    verdict = accept_statement(statement=statement_of(request, pk), by=request.user, at=request.at)
    sentence = gettext("A look-back is planned; an inspector is drawn for it.")
    if verdict.look_back_id is None:
        sentence = gettext("Accepted. The case is still being reviewed: look at this before it is passed.")
    messages.success(request, sentence, extra_tags=SAVED)
    return redirect("villager_statements")


@require_POST
def dismissal(request: Request, pk: int) -> HttpResponse:
    statement = statement_of(request, pk)
    form = DismissalForm(request.POST)
    if not form.is_valid():
        return show(request, statement, form=form, status=422)
    try:
        dismiss_statement(statement=statement, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, statement_of(request, pk), form=form, status=error.status)
    messages.success(request, gettext("Nothing comes of it; the reason is kept."), extra_tags=SAVED)
    return redirect("villager_statements")


def photo(request: Request, pk: int) -> HttpResponseBase:
    """The photo's copy without metadata: where and by which phone it was taken stays unread."""
    files = files_of(statement_of(request, pk).files)
    if not files:
        raise Http404
    try:
        name = make_preview(files[0], SCREEN)
    except Refusal as error:
        raise Http404 from error
    return send(request, name, tag=f"{files[0].sha256}-{SCREEN}", media_type="image/webp")


urlpatterns = [
    path("villager-statements", villager_statements, name="villager_statements"),
    path("villager-statements/<int:pk>", villager_statement, name="villager_statement"),
    path("villager-statements/<int:pk>/photo", photo, name="villager_statement_photo"),
    path("villager-statements/<int:pk>/acceptance", acceptance, name="statement_acceptance"),
    path("villager-statements/<int:pk>/dismissal", dismissal, name="statement_dismissal"),
]
