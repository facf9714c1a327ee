"""The members of a mechanism: who belongs to it today, whom one calls there, what each has to do."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.rights.held_posts import Held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from flows import steps
from oversight.members.contacts import change_contact, may_change_contacts
from oversight.members.duties import write_duty_sheet
from oversight.members.joining import MEMBER_LEVELS, join, leave
from oversight.members.queries import Member, duty_sheet_of, former_members, members_on
from oversight.members.rights import mechanism_run_by, runs
from oversight.models import ContactKind, Mechanism, MemberContact, MemberGroup, Membership, Rhythm
from oversight.reporting.schemes import switch_scheme
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request


class JoinForm(WordedForm):
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    group = forms.ChoiceField(label=_("Group"), choices=MemberGroup.choices)
    rhythm = forms.ChoiceField(
        label=_("Reports"), choices=[one for one in Rhythm.choices if one[0] != Rhythm.DAILY], initial=Rhythm.BIMONTHLY
    )
    valid_from = DayField(label=_("Member from"))


class ContactForm(WordedForm):
    kind = forms.ChoiceField(label=_("Which contact"), choices=ContactKind.choices)
    name = forms.CharField(label=_("Name of the person or section"), required=False)
    title = forms.CharField(label=_("Office held"), required=False)
    phone = forms.CharField(label=_("Phone"), required=False)
    valid_from = DayField(label=_("From"))


class DutyForm(WordedForm):
    words = forms.CharField(label=_("Duties"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    valid_from = DayField(label=_("From"))


class SchemeForm(WordedForm):
    rhythm = forms.ChoiceField(label=_("Reports"), choices=Rhythm.choices)
    campaign = forms.CharField(label=_("Campaign"), required=False, help_text=_("Only for a daily report."))
    valid_from = DayField(label=_("From"))
    valid_until = DayField(label=_("Last day of the campaign"), required=False)


class LeaveForm(WordedForm):
    last_day = DayField(label=_("Last day as a member"))


def members(request: Request) -> HttpResponse:
    """The members of today by group, and those who have left or are to come."""
    mechanism = mechanism_run_by(request.user, request.on)
    if mechanism is None:
        require_lead_post(request)
        return render(request, "members/none.html")
    found = members_on(mechanism, request.on)
    groups = [(label, [one for one in found if one.membership.group == group]) for group, label in MemberGroup.choices]
    return render(
        request,
        "members/list.html",
        {
            "mechanism": mechanism,
            "groups": [(label, rows) for label, rows in groups if rows],
            "incomplete": sum(bool(one.missing) for one in found),
            "count": len(found),
            "others": list(former_members(mechanism, request.on)),
            "kinds": ContactKind.choices,
        },
    )


def mechanism_of(request: Request) -> Mechanism:
    """The mechanism that the reader's office runs."""
    mechanism = mechanism_run_by(request.user, request.on)
    if mechanism is None:
        require_lead_post(request)
        raise Http404
    return mechanism


def require_lead_post(request: Request) -> list[Held]:
    """The posts by which one runs a mechanism, whether there is one yet or not."""
    held = posts_for(request.user, OfficeAction.RUN_MECHANISM, request.on)
    if not held:
        raise NotAllowed("not_the_lead_office", _("Only the lead office of this mechanism does that."))
    return held


def new_member(request: Request) -> HttpResponse:
    mechanism = mechanism_of(request)
    form = JoinForm(request.POST or None, initial={"valid_from": request.on})
    units = Unit.objects.filter(mechanism.lead.subtree(), level__in=MEMBER_LEVELS, is_active=True)
    form.fields["unit"].queryset = units.order_by("level", "path")  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            with steps.door():
                member = join(mechanism=mechanism, by=request.user, at=request.at, **form.cleaned_data)
        except Refusal as refusal:
            show_refusals(form, refusal)
        else:
            messages.success(request, _("The unit is a member. Name its three contacts."), extra_tags=SAVED)
            return redirect("member", pk=member.pk)
    return render(request, "members/new.html", {"form": form}, status=422 if form.errors else 200)


# What can be changed of a member: the form, the verb, what is said afterwards.
ACTS: dict[str, tuple[type[forms.Form], Callable[..., object], Any]] = {
    "contact": (ContactForm, change_contact, _("The contact is changed.")),
    "duty": (DutyForm, write_duty_sheet, _("The duties are written.")),
    "scheme": (SchemeForm, switch_scheme, _("The rhythm is switched from that day on.")),
    "leave": (LeaveForm, leave, _("The membership ends with that day.")),
}


def member(request: Request, pk: int) -> HttpResponse:
    """One member: contacts, duties, rhythm, its days; each changed in place."""
    membership = Membership.objects.select_related("mechanism__lead", "unit").filter(pk=pk).first()
    if membership is None or not may_change_contacts(request.user, membership, request.on):
        raise Http404
    runs_it = runs(request.user, membership.mechanism, request.on)
    act = request.POST.get("act", "")
    filled: dict[str, forms.Form] = {}
    if request.method == "POST" and act in ACTS:
        kind, verb, done = ACTS[act]
        form = kind(request.POST, prefix=act)
        if form.is_valid():
            try:
                with steps.door():
                    verb(membership=membership, by=request.user, at=request.at, **form.cleaned_data)
            except NotAllowed:
                raise
            except Refusal as refusal:
                show_refusals(form, refusal)
            else:
                messages.success(request, done, extra_tags=SAVED)
                return redirect("member", pk=pk)
        filled[act] = form
    return show(request, membership, filled, runs_it=runs_it)


def show(request: Request, membership: Membership, filled: dict[str, forms.Form], *, runs_it: bool) -> HttpResponse:
    on = request.on
    now = next((one for one in members_on(membership.mechanism, on) if one.membership.pk == membership.pk), None)
    one = now or Member(membership, membership.unit.name)
    sheet = duty_sheet_of(membership, on)
    blank: dict[str, dict[str, Any]] = {
        "contact": contact_initial(one, request.GET.get("contact", "")) | {"valid_from": on},
        "duty": {"words": sheet.words if sheet else "", "valid_from": on},
        "scheme": {"rhythm": Rhythm.BIMONTHLY, "valid_from": on},
        "leave": {"last_day": on},
    }
    given = {name: filled.get(name) or kind(prefix=name, initial=blank[name]) for name, (kind, *_rest) in ACTS.items()}
    return render(
        request,
        "members/member.html",
        {
            "member": one,
            "membership": membership,
            "is_member": now is not None,
            "contacts": [(kind, label, one.contacts.get(kind)) for kind, label in ContactKind.choices],
            "former": list(
                MemberContact.objects.filter(membership=membership, valid_until__lt=on).order_by("-valid_until")
            ),
            "sheet": sheet,
            "schemes": list(membership.schemes.order_by("-valid_from")),
            "forms": given,
            "runs_it": runs_it,
            "opened": next(iter(filled), "") or ("contact" if "contact" in request.GET else ""),
        },
        status=422 if filled else 200,
    )


def contact_initial(one: Member, kind: str) -> dict[str, str]:
    """The form begins with the contact that was clicked, to be put right or replaced."""
    held = one.contacts.get(kind)
    if kind not in ContactKind.values:
        return {}
    return {"kind": kind, "name": held.name, "title": held.title, "phone": held.phone} if held else {"kind": kind}


urlpatterns = [
    path("members", members, name="members"),
    path("members/new", new_member, name="member_new"),
    path("members/<int:pk>", member, name="member"),
]
