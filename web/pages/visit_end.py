"""The end of a visit: the summary as the village's head reads it, and the signature, or why there is none."""

import json
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Term
from casework.models.unit import on_day
from casework.stages import Role
from oversight.models import SignatureOutcome, VillageVisit, VisitAnswer
from oversight.visits.making import finish_visit
from oversight.visits.queries import standing
from oversight.visits.rights import require_inspector
from oversight.visits.signing import LONGEST_NAME, LONGEST_REASON, SIGNATURE_BOX, Signature, strokes_of
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.visit import readable_visit
from web.requests import Request

MOST_CHARACTERS = 100_000


class EndForm(WordedForm):
    """Name and reason are each needed with one of the outcomes; the page asks for what belongs to the chosen one."""

    needed = frozenset({"name", "reason"})

    key = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Does the village's head sign?"),
        choices=[
            (SignatureOutcome.SIGNED, _("Signs")),
            (SignatureOutcome.REFUSED, _("Refuses to sign")),
            (SignatureOutcome.ABSENT, _("Nobody there who signs")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name of whoever signs"), required=False, max_length=LONGEST_NAME)
    strokes = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MOST_CHARACTERS)
    is_ticked = forms.BooleanField(
        label=_("Has read the summary and agrees, by name instead of by hand"), required=False
    )
    reason = forms.CharField(label=_("Why is it not signed?"), required=False, max_length=LONGEST_REASON)

    def clean_strokes(self) -> list[list[list[int]]]:
        words = self.cleaned_data["strokes"]
        if not words:
            return []
        try:
            strokes = strokes_of(json.loads(words))
        except (ValueError, RecursionError):
            strokes = None
        if strokes is None:
            raise forms.ValidationError(_("The signature can't be read. Let it be signed once more."))
        return strokes

    def signature(self) -> Signature:
        said = self.cleaned_data
        return Signature(
            outcome=said["outcome"],
            name=said["name"],
            strokes=said["strokes"],
            is_ticked=said["is_ticked"],
            reason=said["reason"],
        )


def visit_end(request: Request, pk: int) -> HttpResponse:
    found = readable_visit(request, pk)
    if not found.is_open:
        return redirect("visit", pk=pk)
    require_inspector(request.user, found, request.at)
    if request.method != "POST":
        initial = {"key": uuid4(), "name": head_of(found, request), "outcome": SignatureOutcome.SIGNED}
        return show(request, found, EndForm(initial=initial))
    form = EndForm(request.POST)
    if not form.is_valid():
        return show(request, found, form, status=422)
    try:
        finish_visit(
            visit=found, signature=form.signature(), by=request.user, at=request.at, key=form.cleaned_data["key"]
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, found, form, status=error.status)
    messages.success(request, gettext("The visit is done."), SAVED)
    return redirect("visit", pk=pk)


def show(request: Request, found: VillageVisit, form: EndForm, *, status: int = 200) -> HttpResponse:
    stands = standing(found)
    return render(
        request,
        "visits/end.html",
        {
            "visit": found,
            "stands": stands,
            "wrong": [row for row in stands.rows if row.answer and row.answer.answer == VisitAnswer.FINDING],
            "in_order": [row for row in stands.rows if row.answer and row.answer.answer == VisitAnswer.IN_ORDER],
            "left_out": [row for row in stands.rows if row.answer and row.answer.answer == VisitAnswer.NOT_APPLICABLE],
            "is_ready": found.state == "arrived" and not stands.unanswered and not stands.unreported,
            "form": form,
            "box": SIGNATURE_BOX,
        },
        status=status,
    )


def head_of(found: VillageVisit, request: Request) -> str:
    """The name of the committee's head today."""
    terms = Term.objects.filter(on_day(request.on), post__unit=found.village_id, post__role=Role.COMMITTEE_HEAD)
    head: Any = terms.select_related("person").order_by("post__number", "id").first()
    return head.person.name if head else ""


urlpatterns = [path("visits/<int:pk>/end", visit_end, name="visit_end")]
