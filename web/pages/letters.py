"""Supervision notices and letters: the list of mine, one as it was issued, signed for, answered, judged."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import Refusal
from casework.lifecycle.letters import answer_letter, judge_letter, sign_letter
from casework.models import Letter
from casework.rights.letter_rights import letters_to_answer, letters_visible_to, may_judge_letter, may_sign_letter
from casework.values.numbers import whole_number
from flows import steps
from notifications.letters.content import content_of
from notifications.letters.docx import write_docx
from notifications.letters.pdf import write_pdf
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

PAGE = 30
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NEEDS = ("case__village", "case__county", "case__item", "issuer", "addressee", "receipt__by", "escalation")
TEXTAREA = forms.Textarea(attrs={"rows": 3})


class ReceiptForm(WordedForm):
    name = forms.CharField(label=_("Sign with your name"), max_length=60)


class AnswerForm(WordedForm):
    words = forms.CharField(label=_("What was done about it?"), widget=TEXTAREA)


class OpinionForm(WordedForm):
    words = forms.CharField(label=_("Opinion on the answer"), widget=TEXTAREA)


# What can be done to a letter: the address, the verb, its form, what is said afterwards.
ACTS: dict[str, tuple[steps.Verb, type[forms.Form], Any]] = {
    "receipt": (sign_letter, ReceiptForm, _("Signed for.")),
    "answer": (answer_letter, AnswerForm, _("The answer is handed in.")),
    "opinion": (judge_letter, OpinionForm, _("The opinion is entered.")),
}


def letters(request: Request) -> HttpResponse:
    """Those that wait for my signature first, then all that I may read, the newest first."""
    on = request.on
    found = Letter.objects.filter(letters_visible_to(request.user, on)).select_related(*NEEDS).order_by("-id")
    after = whole_number(request.GET.get("after", ""))
    page = found if after is None else found.filter(pk__lt=after)
    rows = list(page[: PAGE + 1])
    return render(
        request,
        "letters/list.html",
        {
            "to_sign": []
            if after is not None
            else list(found.filter(letters_to_answer(request.user, on), receipt=None)[:PAGE]),
            "letters": rows[:PAGE],
            "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else "",
        },
    )


def readable_letter(request: Request, pk: int) -> Letter:
    on = request.on
    letter = Letter.objects.filter(letters_visible_to(request.user, on), pk=pk).select_related(*NEEDS).first()
    if letter is None:
        raise Http404
    return letter


def letter(request: Request, pk: int) -> HttpResponse:
    return show(request, readable_letter(request, pk))


def show(
    request: Request, letter: Letter, *, acted: str = "", form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    on = request.on
    receipt = getattr(letter, "receipt", None)
    answers = list(letter.answers.select_related("by"))
    may_sign, may_judge = may_sign_letter(request.user, letter, on), may_judge_letter(request.user, letter, on)
    open_acts = {
        "receipt": may_sign and receipt is None,
        "answer": may_sign and receipt is not None,
        "opinion": may_judge and bool(answers),
    }
    initial = {"name": request.user.name}
    return render(
        request,
        "letters/letter.html",
        {
            "letter": letter,
            "content": content_of(letter),
            "receipt": receipt,
            "answers": answers,
            "opinions": list(letter.opinions.select_related("by")),
            "acts": {
                name: form if name == acted else ACTS[name][1](initial=initial)
                for name, is_open in open_acts.items()
                if is_open
            },
            "form": form,
        },
        status=status,
    )


def act(name: str) -> Any:
    """The view that does one thing to a letter."""
    verb, form_class, done = ACTS[name]

    @require_POST
    def view(request: Request, pk: int) -> HttpResponse:
        letter = readable_letter(request, pk)
        form = form_class(request.POST)
        if not form.is_valid():
            return show(request, letter, acted=name, form=form, status=422)
        try:
            steps.take(verb, case=letter.case, letter=letter, by=request.user, at=request.at, **form.cleaned_data)
        except Refusal as error:
            if error.status == 403:
                raise
            show_refusals(form, error)
            return show(request, letter, acted=name, form=form, status=error.status)
        messages.success(request, done, extra_tags=SAVED)
        return redirect("letter", pk=pk)

    return view


def document(request: Request, pk: int, ending: str) -> HttpResponse:
    """The document as it stands now, with its receipt and answers."""
    letter = readable_letter(request, pk)
    if ending == "docx":
        body, kind = write_docx(content_of(letter)), DOCX
    else:
        body, kind = write_pdf(content_of(letter)), "application/pdf"
    response = HttpResponse(body, content_type=kind)
    shown = "attachment" if ending == "docx" else "inline"
    response.headers["Content-Disposition"] = f'{shown}; filename="{letter.kind}-{letter.pk}.{ending}"'
    return response


urlpatterns = [
    path("letters", letters, name="letters"),
    path("letters/<int:pk>", letter, name="letter"),
    path("letters/<int:pk>/receipt", act("receipt"), name="letter_receipt"),
    path("letters/<int:pk>/answer", act("answer"), name="letter_answer"),
    path("letters/<int:pk>/opinion", act("opinion"), name="letter_opinion"),
    path("letters/<int:pk>.docx", document, {"ending": "docx"}, name="letter_docx"),
    path("letters/<int:pk>.pdf", document, {"ending": "pdf"}, name="letter_pdf"),
]
