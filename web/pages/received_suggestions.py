"""What people said about the system, for the city's office: a list, and an answer to each."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from oversight.suggestions.records import Suggestion
from oversight.suggestions.saying import answer_suggestion, may_answer, suggestions_for
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.requests import Request

LISTED = 30


class AnswerForm(WordedForm):
    words = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


def received_suggestions(request: Request) -> HttpResponse:
    if not may_do(request.user, OfficeAction.ANSWER_SUGGESTION, request.on):
        raise NotAllowed("no_suggestions", _("Suggestions are read and answered by the city's office."))
    is_answered = request.GET.get("answered") == "1"
    found = suggestions_for(request.user, request.on).filter(answer__isnull=not is_answered)
    page = numbered_page(request, found, size=LISTED)
    return render(request, "suggestions/received.html", {"page": page, "is_answered": is_answered})


def received_suggestion(request: Request, pk: int) -> HttpResponse:
    suggestion = get_object_or_404(suggestions_for(request.user, request.on), pk=pk)
    if request.method != "POST":
        return show(request, suggestion, AnswerForm())
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return show(request, suggestion, form, status=422)
    try:
        answer_suggestion(suggestion=suggestion, words=form.cleaned_data["words"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, suggestion, form, status=error.status)
    messages.success(request, gettext("The answer is written."), extra_tags=SAVED)
    return redirect("received_suggestions")


def show(request: Request, suggestion: Suggestion, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    answer = getattr(suggestion, "answer", None)
    may = answer is None and may_answer(request.user, suggestion, request.on)
    context = {"suggestion": suggestion, "answer": answer, "form": form, "may_answer": may}
    return render(request, "suggestions/received_one.html", context, status=status)


urlpatterns = [
    path("received-suggestions", received_suggestions, name="received_suggestions"),
    path("received-suggestions/<int:pk>", received_suggestion, name="received_suggestion"),
]
