"""Rectification opinions: the lead office's list with their progress, one with its cases and its tree, a new one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Case, Unit
from casework.models.unit import UnitLevel, on_day
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from casework.stages import Stage
from casework.values.numbers import whole_number
from oversight.mechanisms.queries import mechanism_above
from oversight.models import Mechanism, Membership, Opinion
from oversight.opinions.issuing import Issued, issue_opinion, link_case, unknown_case
from oversight.opinions.queries import Progress, opinion_progress
from oversight.opinions.records import LEVELS_DOWN
from oversight.opinions.tree import tree_of
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

PAGE, MOST_NAMED = 30, 12
TEXTAREA = forms.Textarea(attrs={"rows": 3})
REACHES = {
    "county": _("the addressees only"),
    "town": _("towns"),
    "village": _("villages"),
}


class OpinionForm(WordedForm):
    words = forms.CharField(label=_("Opinion"), help_text=_("What is to be rectified."), widget=TEXTAREA)
    requirement = forms.CharField(
        label=_("Requirement"), help_text=_("What each level is to do; it goes down in these words."), widget=TEXTAREA
    )
    deadline = DayField(label=_("Deadline"))
    reaches = forms.ChoiceField(
        label=_("Goes down to"),
        choices=[(str(level), REACHES[level]) for level in LEVELS_DOWN],
        initial="village",
        widget=forms.RadioSelect,
    )
    addressees = forms.MultipleChoiceField(label=_("Addressees"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = {"addressees"}  # said by the verb, in its own words
        self.members = {str(one.unit_id): one.unit for one in members}
        addressees = self.fields["addressees"]
        assert isinstance(addressees, forms.MultipleChoiceField)
        addressees.choices = [(key, unit.name) for key, unit in self.members.items()]

    def issued(self) -> Issued:
        said = self.cleaned_data
        units: list[Unit] = [self.members[key] for key in said["addressees"]]
        return Issued(said["words"], said["requirement"], said["deadline"], said["reaches"], units)


class CaseNumberForm(WordedForm):
    case_number = forms.CharField(label=_("Number of the case"), max_length=40)


def led_mechanism(request: Request) -> Mechanism:
    """The mechanism that this reader runs. Others sign for what came to them."""
    leading = posts_for(request.user, OfficeAction.RUN_MECHANISM, request.on)
    if not leading:
        raise NotAllowed(
            "not_the_lead_office",
            _("Opinions are kept by the lead office. What came to your unit stands under its requirements."),
        )
    mechanism = mechanism_above(leading[0].unit_path)
    if mechanism is None:
        raise NotAllowed(
            "no_mechanism_yet", _("There is no coordination mechanism yet: its members are entered first.")
        )
    return mechanism


def opinions(request: Request) -> HttpResponse:
    """The newest first, each with one line of progress."""
    mechanism = led_mechanism(request)
    found = Opinion.objects.filter(mechanism=mechanism)
    after = whole_number(request.GET.get("after", ""))
    rows = list((found if after is None else found.filter(pk__lt=after))[: PAGE + 1])
    progress = opinion_progress(rows[:PAGE])
    return render(
        request,
        "opinions/list.html",
        {
            "rows": [(one, progress[one.pk]) for one in rows[:PAGE]],
            "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else "",
            "on": request.on,
        },
    )


def new_opinion(request: Request) -> HttpResponse:
    """Issue an opinion; it takes its place in a bulletin when that is drafted."""
    mechanism = led_mechanism(request)
    members = list(
        mechanism.memberships.filter(on_day(request.on), unit__is_active=True).select_related("unit").order_by("order")
    )
    if request.method != "POST":
        return render(request, "opinions/new.html", {"form": OpinionForm(members=members)})
    form = OpinionForm(request.POST, members=members)
    if not form.is_valid():
        return render(request, "opinions/new.html", {"form": form}, status=422)
    try:
        made = issue_opinion(mechanism=mechanism, issued=form.issued(), by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return render(request, "opinions/new.html", {"form": form}, status=error.status)
    messages.success(request, gettext("It is issued; each addressee is told."), extra_tags=SAVED)
    return redirect("opinion", pk=made.pk)


def readable_opinion(request: Request, pk: int) -> Opinion:
    opinion = Opinion.objects.filter(pk=pk).select_related("mechanism", "by").first()
    if opinion is None or opinion.mechanism_id != led_mechanism(request).pk:
        raise Http404
    return opinion


def opinion(request: Request, pk: int) -> HttpResponse:
    return show(request, readable_opinion(request, pk))


def show(request: Request, opinion: Opinion, *, form: CaseNumberForm | None = None, status: int = 200) -> HttpResponse:
    branches = tree_of(opinion, on=request.on)
    links = list(opinion.cases.select_related("case__village", "case__item"))
    seen = set(
        visible(request.user, request.on).filter(pk__in=[one.case_id for one in links]).values_list("pk", flat=True)
    )
    stopped = [one for branch in branches for one in branch.stopped]
    return render(
        request,
        "opinions/opinion.html",
        {
            "opinion": opinion,
            "reaches": REACHES[opinion.reaches],
            "branches": branches,
            "stopped": stopped,
            # Named above the tree: where a town or county stopped it. Single villages stand with their towns.
            "stops": [one for one in stopped if one.row.level != UnitLevel.VILLAGE][:MOST_NAMED],
            "unreached": sum(branch.unreached for branch in branches),
            "cases": [(one.case, one.case_id in seen) for one in links if one.case.stage != Stage.REFERRED],
            "progress": opinion_progress([opinion]).get(opinion.pk, Progress()),
            "form": form or CaseNumberForm(),
            "may_report": may_do(request.user, OfficeAction.REPORT, request.on),
            "on": request.on,
        },
        status=status,
    )


@require_POST
def opinion_cases(request: Request, pk: int) -> HttpResponse:
    """Say by its number that a case belongs to this opinion."""
    opinion = readable_opinion(request, pk)
    form = CaseNumberForm(request.POST)
    if not form.is_valid():
        return show(request, opinion, form=form, status=422)
    number = form.cleaned_data["case_number"].strip()
    try:
        case = Case.objects.filter(number=number).first()
        if case is None:
            raise unknown_case(number)
        link_case(opinion=opinion, case=case, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, opinion, form=form, status=error.status)
    messages.success(request, gettext("%(number)s stands with this opinion now.") % {"number": number})
    return redirect(f"{reverse('opinion', args=[pk])}#cases")


urlpatterns = [
    path("opinions", opinions, name="opinions"),
    path("opinions/new", new_opinion, name="new_opinion"),
    path("opinions/<int:pk>", opinion, name="opinion"),
    path("opinions/<int:pk>/cases", opinion_cases, name="opinion_cases"),
]
