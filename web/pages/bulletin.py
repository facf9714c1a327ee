"""One bulletin as it stands or went out, and what is done to it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.official_paper.numerals import numeral
from casework.rights.office_table import OfficeAction
from casework.values.numbers import whole_number
from oversight.bulletins.approving import approve_bulletin, return_bulletin, submit_bulletin, wrote_in
from oversight.bulletins.chart import chart_of
from oversight.bulletins.comparison import compared
from oversight.bulletins.content import ANNEX_COLUMNS, BulletinContent, content_to_read, opinions_in_words
from oversight.bulletins.drafting import count_again, name_unit
from oversight.bulletins.figures import frozen
from oversight.bulletins.queries import bulletins_seen_by, span_of, units_of, units_signed_for
from oversight.bulletins.receipts import sign_bulletin
from oversight.bulletins.records import Bulletin, BulletinPart, BulletinState, Recipient
from oversight.bulletins.taking_in import take_in_opinions
from oversight.bulletins.tokens import pieces
from oversight.bulletins.wording import MOST_CHARACTERS, length_of, orders_in
from oversight.documents.numbers import issued_in
from oversight.opinions.queries import opinions_in_no_bulletin, opinions_of
from oversight.rights import leads
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request


class ReturnForm(WordedForm):
    reason = forms.CharField(
        label=_("What is to be changed?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReceiptForm(WordedForm):
    name = forms.CharField(label=_("Sign with your name"), max_length=60)


def readable_bulletin(request: Request, pk: int) -> Bulletin:
    """A bulletin that the reader may see; what isn't for them isn't there."""
    return get_object_or_404(bulletins_seen_by(request.user, request.on).select_related("author", "approver"), pk=pk)


def bulletin(request: Request, pk: int) -> HttpResponse:
    return show(request, readable_bulletin(request, pk))


def show(
    request: Request, bulletin: Bulletin, *, acted: str = "", form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    person, on = request.user, request.on
    writes = leads(person, bulletin.mechanism, OfficeAction.WRITE_BULLETIN, on)
    content, figures = content_to_read(bulletin), frozen(bulletin)
    publication = getattr(bulletin, "publication", None)
    recipients = list(publication.recipients.select_related("receipt__by")) if publication else []
    mine = [one for one in recipients if one.unit_id in units_signed_for(person, on)]
    unsigned = [one for one in mine if getattr(one, "receipt", None) is None]
    may_approve = writes and bulletin.state == BulletinState.SUBMITTED and not wrote_in(bulletin, person)
    may_return = writes and bulletin.state in (BulletinState.SUBMITTED, BulletinState.APPROVED)
    return render(
        request,
        "bulletins/bulletin.html",
        {
            "bulletin": bulletin,
            "content": content,
            "publication": publication,
            "sections": sections_of(bulletin, figures),
            "columns": ANNEX_COLUMNS,
            "chart": chart_of(content),
            "opinions": list(opinions_of(bulletin.pk)),
            "free_opinions": list(opinions_in_no_bulletin(bulletin.mechanism))
            if writes and bulletin.state == BulletinState.DRAFT
            else [],
            "cites": list(bulletin.cites.all()),
            "corrections": list(bulletin.corrections.filter(state=BulletinState.PUBLISHED)),
            "writes": writes,
            "is_draft": writes and bulletin.state == BulletinState.DRAFT,
            "may_approve": may_approve,
            "wrote_in": writes and bulletin.state == BulletinState.SUBMITTED and not may_approve,
            "may_publish": writes and bulletin.state == BulletinState.APPROVED,
            "return_form": (form if acted == "return" else ReturnForm()) if may_return else None,
            "to_sign": unsigned,
            "receipt_form": (form if acted == "receipt" else ReceiptForm(initial={"name": person.name}))
            if unsigned
            else None,
            "recipients": recipients if writes else mine,
            "form": form,
            **(checks_of(bulletin, content, on) if writes else {}),
            "compared": compared(figures, units_of(span_of(bulletin))) if writes and publication is None else [],
            "named": set(bulletin.namings.values_list("unit", flat=True)) if writes else set(),
        },
        status=status,
    )


def sections_of(bulletin: Bulletin, figures: Any) -> list[dict[str, Any]]:
    """The sections with their lines in runs of words and figures; those with a heading are numbered as on paper."""
    found: list[dict[str, Any]] = []
    for section in bulletin.sections.select_related("edited_by"):
        told = opinions_in_words(bulletin) if section.kind == BulletinPart.REQUIREMENTS else []
        lines = [pieces(line, figures) for line in [*section.text.splitlines(), *told] if line.strip()]
        numbered = sum(bool(one["number"]) for one in found) + 1 if section.heading and lines else 0
        found.append({"section": section, "lines": lines, "number": numeral(numbered) if numbered else ""})
    return found


def checks_of(bulletin: Bulletin, content: BulletinContent, on: date) -> dict[str, Any]:
    """What the rules on lighter burdens ask of it; pointed out, and forbidding nothing."""
    length = length_of(content.texts)
    year, this_day = (
        on.year,
        on.replace(year=on.year - 1) if (on.month, on.day) != (2, 29) else on.replace(year=on.year - 1, day=28),
    )
    return {
        "length": length,
        "most": MOST_CHARACTERS,
        "is_too_long": length > MOST_CHARACTERS,
        "orders": [sentence for line in content.lines for sentence in orders_in(line.lead + line.words)],
        "this_year": issued_in(bulletin.mechanism, year),
        "last_year": issued_in(bulletin.mechanism, year - 1),
        "last_year_by_now": issued_in(bulletin.mechanism, year - 1, until=this_day),
    }


def acting(act: Callable[..., object], done: Any, *, name: str = "", form_class: type[forms.Form] | None = None) -> Any:
    """The view that does one thing to a bulletin; what a form says goes to the verb."""

    @require_POST
    def view(request: Request, pk: int) -> HttpResponse:
        found = readable_bulletin(request, pk)
        form = form_class(request.POST) if form_class else None
        if form is not None and not form.is_valid():
            return show(request, found, acted=name, form=form, status=422)
        try:
            act(request, found, **(form.cleaned_data if form is not None else {}))
        except Refusal as error:
            if isinstance(error, NotAllowed):
                raise
            if form is not None:
                show_refusals(form, error)
                return show(request, readable_bulletin(request, pk), acted=name, form=form, status=error.status)
            messages.error(request, str(error))
            return redirect("bulletin", pk=pk)
        messages.success(request, done, extra_tags=SAVED)
        return redirect("bulletin", pk=pk)

    return view


def _name(request: Request, bulletin: Bulletin) -> None:
    unit = get_object_or_404(Unit, code=request.POST.get("unit", ""))
    name_unit(bulletin=bulletin, unit=unit, by=request.user, at=request.at)


def _take_in(request: Request, bulletin: Bulletin) -> None:
    keys = [whole_number(value) or 0 for value in request.POST.getlist("opinion")]
    take_in_opinions(bulletin=bulletin, opinions=keys, by=request.user, at=request.at)


def _sign(request: Request, bulletin: Bulletin, *, name: str) -> None:
    recipient = Recipient.objects.filter(
        publication__bulletin=bulletin, pk=whole_number(request.POST.get("recipient", "")) or 0
    ).first()
    if recipient is None:
        raise Http404
    sign_bulletin(recipient=recipient, name=name, by=request.user, at=request.at)


SUBMIT = acting(
    lambda request, bulletin: submit_bulletin(bulletin=bulletin, by=request.user, at=request.at),
    _("Handed in. A colleague who has written nothing in it approves it."),
)
APPROVE = acting(
    lambda request, bulletin: approve_bulletin(bulletin=bulletin, by=request.user, at=request.at), _("Approved.")
)
RETURN = acting(
    lambda request, bulletin, reason: return_bulletin(bulletin=bulletin, reason=reason, by=request.user, at=request.at),
    _("Returned. It is a draft again."),
    name="return",
    form_class=ReturnForm,
)
RECOUNT = acting(
    lambda request, bulletin: count_again(bulletin=bulletin, by=request.user, at=request.at),
    _("All figures were counted just now. The words stayed as they were."),
)
NAME = acting(_name, _("Named in the text, with its figures."))
TAKE_IN = acting(_take_in, _("Taken in: they are printed below the requirements."))
SIGN = acting(_sign, _("Signed for."), name="receipt", form_class=ReceiptForm)

urlpatterns = [
    path("bulletins/<int:pk>", bulletin, name="bulletin"),
    path("bulletins/<int:pk>/submission", SUBMIT, name="bulletin_submission"),
    path("bulletins/<int:pk>/approval", APPROVE, name="bulletin_approval"),
    path("bulletins/<int:pk>/return", RETURN, name="bulletin_return"),
    path("bulletins/<int:pk>/count", RECOUNT, name="bulletin_count"),
    path("bulletins/<int:pk>/namings", NAME, name="bulletin_namings"),
    path("bulletins/<int:pk>/opinions", TAKE_IN, name="bulletin_opinions"),
    path("bulletins/<int:pk>/receipts", SIGN, name="bulletin_receipts"),
]
