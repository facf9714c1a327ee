"""A county's scheme: its items as a form, its publication; and the scores of a period, looked at and published."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models.unit import UnitLevel
from oversight.models import Grading, ItemMark, ScoreScheme
from oversight.scorecards.computed import COMPUTED
from oversight.scorecards.publishing import publish_scores, scores_of, span_refusals
from oversight.scorecards.queries import schemes_seen_by
from oversight.scorecards.schemes import (
    ItemDraft,
    change_draft,
    draft_scheme,
    has_trace,
    in_words,
    items_of,
    keeps_schemes,
    publish_scheme,
)
from oversight.scorecards.scoring import grade
from web.pages.fields import SAVED, DayField, field_of, show_refusals
from web.pages.form_words import WordedForm
from web.pages.scorecards import own_county
from web.requests import Request

BLANK_ITEMS = 3


class PointsField(forms.DecimalField):
    """Points, with one place behind the dot."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=5, decimal_places=1, **kwargs)


class SchemeForm(WordedForm):
    name = forms.CharField(label=_("Name of the scheme"), max_length=100)
    grading = forms.ChoiceField(label=_("The total is said as"), choices=Grading.choices)


class ItemForm(WordedForm):
    name = forms.CharField(label=pgettext_lazy("of a scheme", "Item"), max_length=100, required=False)
    code = forms.ChoiceField(label=_("Computed from records"), required=False)
    appraiser = forms.CharField(label=_("Or appraised by (user name)"), max_length=150, required=False)
    weight = PointsField(label=_("Points"))
    per_fault = PointsField(
        label=_("Points a fault"), help_text=_("Empty: the share of faults decides."), required=False
    )
    mark = forms.ChoiceField(label=_("Looks at"), choices=ItemMark.choices, initial=ItemMark.RESULT)
    is_veto = forms.BooleanField(label=_("Veto: a fault gives the lowest grade"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "code", forms.ChoiceField).choices = [
            ("", "–"),
            *((code, one.label) for code, one in COMPUTED.items()),
        ]

    def draft(self) -> ItemDraft:
        said = self.cleaned_data
        return ItemDraft(
            name=said["name"].strip(),
            code=said["code"],
            appraiser=said["appraiser"].strip(),
            weight=in_words(said["weight"]),
            per_fault=in_words(said["per_fault"]) if said["per_fault"] is not None else "",
            mark=said["mark"],
            is_veto=said["is_veto"],
        )


ItemForms = forms.formset_factory(ItemForm, extra=BLANK_ITEMS, can_delete=True, max_num=40, absolute_max=60)


class ScoringForm(WordedForm):
    level = forms.ChoiceField(
        label=_("Which units"), choices=[(UnitLevel.VILLAGE, _("Villages")), (UnitLevel.TOWN, _("Towns"))]
    )
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))


def new_scheme(request: Request) -> HttpResponse:
    """The next version: begun with the items of the one that holds."""
    county = own_county(request)
    if county is None:
        raise NotAllowed("not_your_scheme", _("Schemes are kept by the offices of counties."))
    last = county.score_schemes.exclude(published_at=None).first()
    initial = initial_of(last) if last else []
    said = {"name": last.name, "grading": last.grading} if last else {}
    form = SchemeForm(request.POST or None, initial=said)
    items = ItemForms(request.POST or None, prefix="items", initial=initial)
    status = 200
    if request.method == "POST":
        kept, status = keep(request, form, items, lambda **values: draft_scheme(county=county, **values))
        if kept is not None:
            return redirect("score_scheme", pk=kept.pk)
    return show_form(request, None, form, items, status)


def scheme(request: Request, pk: int) -> HttpResponse:
    """A draft as a form for its office, a published one to read."""
    found = get_object_or_404(schemes_seen_by(request.user, request.on), pk=pk)
    may_keep = keeps_schemes(request.user, found.county, request.at)
    if found.published_at is not None or not may_keep:
        if request.method == "POST":
            raise NotAllowed(
                "scheme_published", _("This version is published and changes no more. Draft the next one.")
            )
        items = list(found.items.select_related("appraiser"))
        return render(
            request,
            "scorecards/scheme.html",
            {
                "scheme": found,
                "items": [(one, COMPUTED.get(one.code)) for one in items],
                "has_trace": has_trace(items),
                "may_keep": may_keep,
                "form": ScoringForm(),
            },
        )
    form = SchemeForm(request.POST or None, initial={"name": found.name, "grading": found.grading})
    items_form = ItemForms(request.POST or None, prefix="items", initial=found.draft)
    status = 200
    if request.method == "POST":
        kept, status = keep(request, form, items_form, lambda **values: change_draft(scheme=found, **values))
        if kept is not None:
            return redirect("score_scheme", pk=pk)
    return show_form(request, found, form, items_form, status)


def keep(request: Request, form: SchemeForm, items: Any, verb: Any) -> tuple[ScoreScheme | None, int]:
    if not (form.is_valid() and items.is_valid()):
        return None, 422
    filled = [one for one in items if one.has_changed() or one.initial]
    filled = [one for one in filled if not one.cleaned_data.get("DELETE")]
    try:
        kept: ScoreScheme = verb(
            items=[one.draft() for one in filled], by=request.user, at=request.at, **form.cleaned_data
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        mark(error, form, filled)
        return None, error.status
    messages.success(
        request, gettext("The draft is kept. Nobody else sees it until it is published."), extra_tags=SAVED
    )
    return kept, 200


def mark(error: Refusal, form: forms.Form, filled: Sequence[Any]) -> None:
    """Put each sentence beside its field."""
    for one in error.each():
        parts = one.field.split("-")
        if len(parts) == 3 and parts[1].isdecimal():
            filled[int(parts[1])].add_error(parts[2], str(one.sentence))
        else:
            form.add_error(one.field if one.field in form.fields else None, str(one.sentence))


def show_form(request: Request, found: ScoreScheme | None, form: Any, items: Any, status: int) -> HttpResponse:
    drafts = items_of(found) if found else []
    total = sum((one.points for one in drafts), Decimal(0))
    return render(
        request,
        "scorecards/scheme_form.html",
        {
            "scheme": found,
            "form": form,
            "items": items,
            "total": in_words(total),
            "is_whole": total == 100,
            "has_trace": has_trace(drafts),
            "computed": COMPUTED.values(),
        },
        status=status,
    )


def initial_of(published: ScoreScheme) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "code": one.code,
            "appraiser": one.appraiser.username if one.appraiser else "",
            "weight": one.weight,
            "per_fault": one.per_fault,
            "mark": one.mark,
            "is_veto": one.is_veto,
        }
        for one in published.items.select_related("appraiser")
    ]


@require_POST
def publication(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(schemes_seen_by(request.user, request.on), pk=pk)
    try:
        publish_scheme(scheme=found, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("The scheme is published. Everybody whom it scores can read it."))
    return redirect("score_scheme", pk=pk)


def scoring(request: Request, pk: int) -> HttpResponse:
    """What the records say of a period, to look at; by POST it is published as it stands."""
    found = get_object_or_404(schemes_seen_by(request.user, request.on), pk=pk)
    if not keeps_schemes(request.user, found.county, request.at) or found.published_at is None:
        raise NotAllowed(
            "not_your_scheme", _("Scores are published by the county's own office, by a published scheme.")
        )
    form = ScoringForm(request.POST if request.method == "POST" else request.GET or None)
    rows, status = [], 200
    if form.is_valid():
        said = form.cleaned_data
        level, first, last = said["level"], said["first_day"], said["last_day"]
        try:
            if request.method == "POST":
                publish_scores(scheme=found, level=level, first=first, last=last, by=request.user, at=request.at)
                messages.success(
                    request, gettext("The scores are published. Each unit can appeal for five working days.")
                )
                query = f"scheme={found.pk}&level={level}&first={first}&last={last}"
                return redirect(f"{reverse('score_period')}?{query}")
            for refusal in span_refusals(level, first, last, at=request.at):
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
            if not form.errors:
                rows = scores_of(found, level, first, last, at=request.at)
        except Refusal as error:
            if isinstance(error, NotAllowed):
                raise
            show_refusals(form, error)
            status = error.status
    if form.errors:
        status = max(status, 422)
    items = list(found.items.all())
    return render(
        request,
        "scorecards/scoring.html",
        {
            "scheme": found,
            "form": form,
            "items": items,
            "rows": [(row, grade(row.scored.total, found.grading, is_vetoed=row.scored.is_vetoed)) for row in rows],
        },
        status=status,
    )


urlpatterns = [
    path("scorecards/schemes/new", new_scheme, name="score_scheme_new"),
    path("scorecards/schemes/<int:pk>", scheme, name="score_scheme"),
    path("scorecards/schemes/<int:pk>/publication", publication, name="score_scheme_publication"),
    path("scorecards/schemes/<int:pk>/scoring", scoring, name="score_scoring"),
]
