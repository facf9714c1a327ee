"""Bulletins: the list with what waits for a signature, a draft or correction to make, and the documents themselves."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.values.numbers import whole_number
from oversight.bulletins.content import content_to_read
from oversight.bulletins.docx import write_docx
from oversight.bulletins.drafting import draft_bulletin
from oversight.bulletins.pdf import write_pdf
from oversight.bulletins.queries import bulletins_seen_by, receipts_of, to_sign
from oversight.documents.records import BaseDocument
from oversight.members.records import Mechanism
from oversight.reporting.records import Period
from oversight.rights import mechanisms_led
from web.pages.bulletin import readable_bulletin
from web.pages.fields import SAVED, DayField, RowsField, field_of, show_refusals
from web.pages.form_words import WordedForm
from web.pages.letters import DOCX
from web.requests import Request

PAGE = 30


class NewBulletinForm(WordedForm):
    area = forms.ModelChoiceField(label=_("Area"), queryset=Unit.objects.none(), empty_label=None)
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))
    cites = RowsField(
        label=_("Basis documents that it names"),
        queryset=BaseDocument.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, mechanism: Mechanism, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Unit.objects.filter(mechanism.lead.subtree(), level__in=(UnitLevel.CITY, UnitLevel.COUNTY))
        field_of(self, "area", forms.ModelChoiceField).queryset = areas.filter(is_active=True)
        cites = field_of(self, "cites", RowsField)
        cites.queryset = BaseDocument.objects.filter(mechanism=mechanism)


def bulletins(request: Request) -> HttpResponse:
    """What waits for a signature, what is drafted, and all that went out, the newest first."""
    person, on = request.user, request.on
    if not reads_bulletins(request):
        raise NotAllowed("no_bulletins", _("Bulletins are read by the lead office and the member units."))
    mechanism = mechanisms_led(person, OfficeAction.WRITE_BULLETIN, on).select_related("lead").first()
    form, status = None, 200
    if mechanism is not None:
        form = NewBulletinForm(
            mechanism, request.POST if request.method == "POST" else None, initial=last_span(mechanism, on)
        )
    if request.method == "POST":
        if mechanism is None or form is None:
            raise NotAllowed("not_your_mechanism", _("Bulletins are drafted by the lead office."))
        if form.is_valid():
            try:
                made = draft_bulletin(mechanism=mechanism, by=person, at=request.at, **form.cleaned_data)
            except Refusal as error:
                show_refusals(form, error)
            else:
                messages.success(request, _("Drafted. All figures were counted just now."), extra_tags=SAVED)
                return redirect("bulletin", pk=made.pk)
        status = 422
    after = whole_number(request.GET.get("after", ""))
    seen = bulletins_seen_by(person, on).select_related("publication__document").order_by("-pk")
    rows = list((seen if after is None else seen.filter(pk__lt=after))[: PAGE + 1])
    return render(
        request,
        "bulletins/list.html",
        {
            "to_sign": list(to_sign(person, on)[:PAGE]) if after is None else [],
            "rows": [
                (one, *receipts.get(one.pk, (0, 0))) for receipts in [receipts_of(rows[:PAGE])] for one in rows[:PAGE]
            ],
            "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else "",
            "form": form,
            "may_write": mechanism is not None,
        },
        status=status,
    )


def reads_bulletins(request: Request) -> bool:
    actions = (OfficeAction.WRITE_BULLETIN, OfficeAction.SEE_MECHANISM, OfficeAction.REPORT_FOR_UNIT)
    return any(may_do(request.user, action, request.on) for action in actions)


def last_span(mechanism: Mechanism, on: date) -> dict[str, Any]:
    """The days of the last period that is over, as what a bulletin is usually about."""
    last = Period.objects.filter(mechanism=mechanism, campaign="", last_day__lt=on).order_by("-last_day").first()
    days = {"first_day": last.first_day, "last_day": last.last_day} if last else {}
    return {"area": mechanism.lead_id, **days}


@require_POST
def correction(request: Request, pk: int) -> HttpResponse:
    """A new draft that corrects a published bulletin."""
    old = readable_bulletin(request, pk)
    try:
        made = draft_bulletin(
            mechanism=old.mechanism,
            area=old.area,
            first_day=old.first_day,
            last_day=old.last_day,
            cites=list(old.cites.all()),
            corrects=old,
            by=request.user,
            at=request.at,
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        messages.error(request, str(error))
        return redirect("bulletin", pk=pk)
    messages.success(request, _("Drafted. All figures were counted just now."), extra_tags=SAVED)
    return redirect("bulletin", pk=made.pk)


def paper(request: Request, pk: int, ending: str) -> HttpResponse:
    """The document: as it went out, or the draft as it stands, marked as one."""
    found = readable_bulletin(request, pk)
    content = content_to_read(found)
    body, kind = (write_docx(content), DOCX) if ending == "docx" else (write_pdf(content), "application/pdf")
    response = HttpResponse(body, content_type=kind)
    shown = "attachment" if ending == "docx" else "inline"
    response.headers["Content-Disposition"] = f'{shown}; filename="bulletin-{found.pk}.{ending}"'
    return response


urlpatterns = [
    path("bulletins", bulletins, name="bulletins"),
    path("bulletins/<int:pk>/correction", correction, name="bulletin_correction"),
    path("bulletins/<int:pk>.docx", paper, {"ending": "docx"}, name="bulletin_docx"),
    path("bulletins/<int:pk>.pdf", paper, {"ending": "pdf"}, name="bulletin_pdf"),
]
