"""Spot checks: the list of plans with their draws, a plan, and how its list is frozen."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Term, Unit
from casework.models.unit import on_day
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from casework.stages import Role
from casework.values.numbers import whole_number
from oversight.documents.queries import documents_seen_by
from oversight.models import PlannedDraw, SpotCheckPlan
from oversight.spot_checks.freezing import freeze_draw, list_of, standing_draw
from oversight.spot_checks.one_step import one_step_draws
from oversight.spot_checks.planning import AREAS, change_plan, frozen_already, make_plan, may_draw
from oversight.spot_checks.queries import people_of, plans_seen_by
from oversight.spot_checks.weights import counts_of
from web.pages.fields import SAVED, show_refusals
from web.pages.spot_check_forms import FreezingForm, PlanForm
from web.requests import Request

PAGE, MOST_CHOICES, MOST_OLD = 20, 300, 10


def require_reader(request: Request) -> None:
    if not may_do(request.user, OfficeAction.SEE_SPOT_CHECKS, request.on):
        raise NotAllowed("no_spot_checks", _("Spot checks are read by the offices that draw them and by inspectors."))


def spot_checks(request: Request) -> HttpResponse:
    """The plans, the newest first, each with what became of it."""
    require_reader(request)
    plans = plans_seen_by(request.user, request.on)
    after = whole_number(request.GET.get("after", ""))
    rows = list((plans if after is None else plans.filter(pk__lt=after))[: PAGE + 1])
    return render(
        request,
        "spot_checks/list.html",
        {
            "plans": rows[:PAGE],
            "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else "",
            "one_step": list(one_step_draws(request.user, request.on).select_related("county")[:MOST_OLD])
            if after is None
            else [],
            "may_plan": may_do(request.user, OfficeAction.DRAW_SPOT_CHECK, request.on),
        },
    )


def areas_of(request: Request) -> list[Unit]:
    """The areas in which this reader draws: the units of the own posts, and counties and towns below."""
    found: dict[int, Unit] = {}
    for held in posts_for(request.user, OfficeAction.DRAW_SPOT_CHECK, request.on):
        below = Unit(path=held.unit_path).subtree()
        units = Unit.objects.filter(below, level__in=AREAS, is_active=True).select_related("parent")
        found |= {one.pk: one for one in units}
    if not found:
        raise NotAllowed(
            "draws_nothing", _("Spot checks are planned and drawn by the offices of counties and the city.")
        )
    return sorted(found.values(), key=lambda unit: unit.path)


def people_to_draw(request: Request, areas: list[Unit]) -> dict[int, str]:
    """The inspectors of these areas and of the units above them, by name and unit; whether one of them can go to the
    chosen area, says the verb.
    """
    paths = {path for area in areas for path in area.ancestor_paths()}
    terms = Term.objects.filter(
        on_day(request.on), post__role=Role.INSPECTOR, post__unit__path__in=paths, person__is_active=True
    )
    terms = terms.select_related("person", "post__unit").order_by("post__unit__path", "person__name", "pk")
    found = {term.person_id: f"{term.person} · {term.post.unit.name}" for term in terms}
    found.pop(request.user.pk, None)
    return found


def plan_form(request: Request, *, initial: dict[str, Any] | None = None) -> PlanForm:
    areas = areas_of(request)
    return PlanForm(
        request.POST if request.method == "POST" else None,
        areas=areas,
        documents=list(documents_seen_by(request.user, request.on)[:MOST_CHOICES]),
        people=people_to_draw(request, areas),
        initial=initial,
    )


def new_plan(request: Request) -> HttpResponse:
    wanted = request.GET.get("area", "")
    initial = {"area": wanted, "first_day": request.on, "last_day": request.on + timedelta(30)}
    form = plan_form(request, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_plan(planned=form.planned(request), by=request.user, at=request.at)
        except Refusal as error:
            if isinstance(error, NotAllowed):
                raise
            show_refusals(form, error)
        else:
            messages.success(request, gettext("The plan is made. Next its list is frozen."), extra_tags=SAVED)
            return redirect("spot_check_plan", pk=made.pk)
    return render(request, "spot_checks/new.html", {"form": form}, status=422 if form.errors else 200)


def readable_plan(request: Request, pk: int) -> SpotCheckPlan:
    plans = plans_seen_by(request.user, request.on).select_related("area__parent", "by", "basis")
    return get_object_or_404(plans, pk=pk)


def changing(request: Request, pk: int) -> HttpResponse:
    """Put a plan right before its list is frozen."""
    plan = readable_plan(request, pk)
    if plan.frozen_at is not None:
        raise frozen_already()
    names = ("purpose", "first_day", "last_day", "lot", "yearly", "key_share", "key_reason", "checklist_version")
    initial = {name: getattr(plan, name) for name in names} | {
        "basis": str(plan.basis_id or ""),
        "area": plan.area.code,
        "inspectors": [str(key) for key in plan.inspectors],
        "announced": "yes" if plan.is_announced else "no",
        "in_yearly_plan": "yes" if plan.is_in_yearly_plan else "no",
        "unplanned_reason": plan.unplanned_reason,
    }
    form = plan_form(request, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_plan(plan=plan, planned=form.planned(request), by=request.user, at=request.at)
            except Refusal as error:
                if isinstance(error, NotAllowed):
                    raise
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The plan is put right."), extra_tags=SAVED)
                return redirect("spot_check_plan", pk=pk)
    return render(request, "spot_checks/new.html", {"form": form, "plan": plan}, status=status)


def spot_check_plan(request: Request, pk: int) -> HttpResponse:
    return show(request, readable_plan(request, pk))


def show(request: Request, plan: SpotCheckPlan, *, form: FreezingForm | None = None, status: int = 200) -> HttpResponse:
    may_freeze = may_draw(request.user, plan.area, request.at) and plan.last_day >= request.on
    earlier = standing_draw(plan.area, request.on) if may_freeze else None
    counts = None
    if may_freeze:
        listed = list_of(plan, on=request.on, by=request.user)
        counts = counts_of(listed.villages)
        form = form or FreezingForm(is_again=earlier is not None)
    people = people_of(plan.inspectors)
    return render(
        request,
        "spot_checks/plan.html",
        {
            "plan": plan,
            "draws": list(plan.draws.all()),
            "people": [people[key] for key in plan.inspectors if key in people],
            "counts": counts,
            "left_unchecked": max(counts.unchecked - plan.yearly, 0) if counts else 0,
            "earlier": earlier,
            "form": form if may_freeze else None,
            "may_change": may_freeze and plan.frozen_at is None,
            "is_over": plan.last_day < request.on,
        },
        status=status,
    )


@require_POST
def freezing(request: Request, pk: int) -> HttpResponse:
    """Freeze the list: its hash stands on the page from now on."""
    plan = readable_plan(request, pk)
    form = FreezingForm(request.POST, is_again=standing_draw(plan.area, request.on) is not None)
    if not form.is_valid():
        return show(request, plan, form=form, status=422)
    try:
        made: PlannedDraw = freeze_draw(
            plan=plan,
            beacon=form.named_beacon(),
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=request.at,
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, plan, form=form, status=error.status)
    messages.success(request, gettext("The list is frozen and its hash is published."), extra_tags=SAVED)
    return redirect("planned_draw", pk=made.pk)


urlpatterns = [
    path("spot-checks", spot_checks, name="spot_checks"),
    path("spot-checks/plans/new", new_plan, name="new_spot_check_plan"),
    path("spot-checks/plans/<int:pk>", spot_check_plan, name="spot_check_plan"),
    path("spot-checks/plans/<int:pk>/change", changing, name="spot_check_plan_change"),
    path("spot-checks/plans/<int:pk>/draws", freezing, name="planned_draws"),
]
