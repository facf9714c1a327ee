"""One handover: what the post left, the list by hand, who signs, and the paper."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import Refusal
from casework.models import Caretaker
from casework.queries import visible
from casework.stages import Role
from oversight.handover.content import content_of
from oversight.handover.items import LONGEST, MOST, Item, save_items
from oversight.handover.paper import write_docx, write_pdf
from oversight.handover.parties import incoming_holder, may_fill_in, may_witness, sides_of
from oversight.handover.queries import state_of, visible_to
from oversight.handover.signing import LONGEST_WORDS, record_absence, record_refusal, sign
from oversight.models import HandoverPack, ItemKind, LineKind, Outcome, Side
from web.pages.fields import SAVED
from web.pages.form_words import WordedForm
from web.requests import Request

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NEEDS = ("unit", "witness_unit", "outgoing", "receiving__unit", "term")
# What a head hands over in any village; each begins with a line of its own.
USUAL = (ItemKind.SEAL, ItemKind.LEDGER, ItemKind.CONTRACT, ItemKind.DEBT, ItemKind.OBJECT)
MORE_LINES = 2
LINE_HEADS = {
    LineKind.CASE: _("Open cases"),
    LineKind.EXTENSION: _("Extensions asked for"),
    LineKind.WATCHED: _("Cases in their consolidation period"),
    LineKind.LETTER: _("Letters that nobody has signed for"),
    LineKind.REQUIREMENT: _("Requirements not settled"),
}


class ItemForm(WordedForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices)
    words = forms.CharField(label=_("What"), max_length=LONGEST, required=False)
    is_handed_over = forms.BooleanField(label=_("Handed over"), required=False)
    remark = forms.CharField(label=_("Remark"), max_length=LONGEST, required=False)


class SignatureForm(WordedForm):
    words = forms.CharField(
        label=_("Remark"), max_length=LONGEST_WORDS, required=False, help_text=_("What does not fit, such as a key.")
    )


class ReasonForm(WordedForm):
    words = forms.CharField(label=_("Reason"), max_length=LONGEST_WORDS)


def readable(request: Request, pk: int) -> HandoverPack:
    """A handover that this reader may see; it isn't said to others whether there is one."""
    found = visible_to(request.user, request.on).filter(pk=pk).select_related(*NEEDS).first()
    if found is None:
        raise Http404
    return found


def handover(request: Request, pk: int) -> HttpResponse:
    return show(request, readable(request, pk))


def show(
    request: Request, pack: HandoverPack, *, formset: Any = None, error: Refusal | None = None, status: int = 200
) -> HttpResponse:
    on, person = request.on, request.user
    signed = {one.side: one for one in pack.signatures.select_related("by")}
    lines = list(pack.lines.select_related("case"))
    seen = set(visible(person, on).filter(pk__in=[one.case_id for one in lines]).values_list("pk", flat=True))
    items = list(pack.items.exclude(words=""))
    may_fill = may_fill_in(person, pack, on) and not signed
    incoming = incoming_holder(pack, on)
    needs_list = pack.role == Role.COMMITTEE_HEAD and not items
    return render(
        request,
        "handovers/pack.html",
        {
            "pack": pack,
            "state": state_of(pack, on),
            "incoming": incoming,
            "caretaker": None
            if incoming
            else Caretaker.objects.filter(unit=pack.receiving.unit_id, valid_until=None)
            .select_related("office")
            .first(),
            "groups": [
                (LINE_HEADS[kind], [(one, one.case_id in seen) for one in lines if one.kind == kind])
                for kind in LineKind
            ],
            "items": items,
            "formset": (formset or formset_for(pack, items)) if may_fill else None,
            "places": places(request, pack, signed, needs_list=needs_list),
            "needs_list": needs_list,
            "error": error,
            "on": on,
        },
        status=status,
    )


def places(request: Request, pack: HandoverPack, signed: dict[str, Any], *, needs_list: bool) -> list[dict[str, Any]]:
    """The three places, each with who stands there and what this reader may do about it."""
    person, on = request.user, request.on
    own, records = sides_of(person, pack, on), may_witness(person, pack, on)
    others_done = {Side.OUTGOING, Side.INCOMING} <= set(signed)
    found = []
    for side in Side:
        is_free = side not in signed
        is_own = side in own and is_free
        # What was typed here and could not be taken stands here again.
        typed = request.POST.get("words", "") if request.POST.get("side") == side else ""
        found.append(
            {
                "side": side,
                "signature": signed.get(side),
                "may_sign": is_own and (side != Side.WITNESS or others_done),
                "may_refuse": side != Side.WITNESS and is_free and (is_own or records),
                "may_be_absent": side == Side.OUTGOING and is_free and records,
                "is_for_another": records and not is_own,
                "sign_form": SignatureForm(initial={"words": typed}, auto_id=f"sign-{side}-%s"),
                "reason_form": ReasonForm(initial={"words": typed}, auto_id=f"reason-{side}-%s"),
                "is_open": bool(typed),
                "shows_forms": bool(typed) or not needs_list,
            }
        )
    return found


def formset_for(pack: HandoverPack, items: Any, data: Any = None) -> Any:
    """The lines that are there and some more; of a head's empty list the usual ones."""
    if items:
        initial = [
            {"kind": one.kind, "words": one.words, "is_handed_over": one.is_handed_over, "remark": one.remark}
            for one in items
        ]
    else:
        initial = [{"kind": kind.value} for kind in (USUAL if pack.role == Role.COMMITTEE_HEAD else ())]
    initial += [{"kind": ItemKind.OTHER.value}] * MORE_LINES
    kind = forms.formset_factory(ItemForm, extra=0, max_num=MOST + MORE_LINES, absolute_max=MOST + 10)
    return kind(data, initial=initial, prefix="item")


@require_POST
def items(request: Request, pk: int) -> HttpResponse:
    """Write the list by hand; what can't be taken comes back as it was typed."""
    pack = readable(request, pk)
    formset = formset_for(pack, list(pack.items.exclude(words="")), request.POST)
    if not formset.is_valid():
        return show(request, pack, formset=formset, status=422)
    given = [
        Item(ItemKind(said["kind"]), said["words"], said["is_handed_over"], said["remark"])
        for said in (form.cleaned_data for form in formset)
        if said.get("kind")
    ]
    try:
        save_items(pack=pack, items=given, by=request.user, at=request.at)
    except Refusal as error:
        return show(request, pack, formset=formset, error=error, status=error.status)
    messages.success(request, gettext("The list is saved."), extra_tags=SAVED)
    return redirect("handover", pk=pk)


@require_POST
def signature(request: Request, pk: int) -> HttpResponse:
    """Sign one's own place."""
    pack, side = readable(request, pk), side_of(request)
    form = SignatureForm(request.POST)
    if not form.is_valid():
        return show(request, pack, error=first_error(form), status=422)
    try:
        sign(pack=pack, side=side, words=form.cleaned_data["words"], by=request.user, at=request.at)
    except Refusal as error:
        return show(request, pack, error=error, status=error.status)
    messages.success(request, gettext("Signed."), extra_tags=SAVED)
    return redirect("handover", pk=pk)


@require_POST
def refusal(request: Request, pk: int) -> HttpResponse:
    """Record that somebody refuses to sign or, of the outgoing holder, can't be had."""
    pack, side = readable(request, pk), side_of(request)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, pack, error=first_error(form), status=422)
    said = {"pack": pack, "reason": form.cleaned_data["words"], "by": request.user, "at": request.at}
    try:
        if request.POST.get("outcome") == Outcome.ABSENT:
            record_absence(**said)
        else:
            record_refusal(side=side, **said)
    except Refusal as error:
        return show(request, pack, error=error, status=error.status)
    messages.success(request, gettext("It is recorded, with its reason."), extra_tags=SAVED)
    return redirect("handover", pk=pk)


def side_of(request: Request) -> Side:
    said = request.POST.get("side", "")
    if said not in Side.values:
        raise Http404
    return Side(said)


def first_error(form: forms.Form) -> Refusal:
    return Refusal("unreadable", next(iter(form.errors.values()))[0])


def paper(request: Request, pk: int, ending: str) -> HttpResponse:
    """The list on paper, with the signatures so far."""
    pack = readable(request, pk)
    content = content_of(pack)
    body, kind = (write_docx(content), DOCX) if ending == "docx" else (write_pdf(content), "application/pdf")
    response = HttpResponse(body, content_type=kind)
    shown = "attachment" if ending == "docx" else "inline"
    response.headers["Content-Disposition"] = f'{shown}; filename="handover-{pack.pk}.{ending}"'
    return response


urlpatterns = [
    path("handovers/<int:pk>", handover, name="handover"),
    path("handovers/<int:pk>/items", items, name="handover_items"),
    path("handovers/<int:pk>/signature", signature, name="handover_signature"),
    path("handovers/<int:pk>/refusal", refusal, name="handover_refusal"),
    path("handovers/<int:pk>.docx", paper, {"ending": "docx"}, name="handover_docx"),
    path("handovers/<int:pk>.pdf", paper, {"ending": "pdf"}, name="handover_pdf"),
]
