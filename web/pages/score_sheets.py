"""One published score: its items, every point lost with its record, appeals and decisions; and appraisals."""

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
from casework.models import Case, Unit
from casework.rights.roles import visible_to
from oversight.models import Appraisal, LostPoint, ScoreAppeal, ScoreLine, ScoreSheet
from oversight.scorecards.appealing import appeal_score, appeals_until, decide_appeal, may_appeal, refusal_to_decide
from oversight.scorecards.appraising import appraise, items_appraised_by
from oversight.scorecards.queries import read_sheets
from web.pages.fields import SAVED, DayField, field_of, show_refusals
from web.pages.form_words import WordedForm
from web.pages.score_schemes import PointsField
from web.pages.scorecards import sheets_here
from web.requests import Request

# Where a record that cost points is read; the others are said in words.
PAGES = {"letter": "letter", "requirement": "requirement", "report": "unit_report"}


class WordsField(forms.CharField):
    """Some lines."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, **kwargs)


class AppealForm(WordedForm):
    words = WordsField(label=_("What is wrong with these points?"))


class DecisionForm(WordedForm):
    points_back = PointsField(label=_("Points given back"), help_text=_("0: the score stands."))
    words = WordsField(label=_("Why?"))


class AppraisalForm(WordedForm):
    item = forms.ChoiceField(label=pgettext_lazy("of a scheme", "Item"))
    unit = forms.CharField(label=_("Village or town"), help_text=_("Its name or code."), max_length=100)
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))
    points = PointsField(label=_("Points"))
    words = WordsField(label=_("Reason"), required=False)


def sheet(request: Request, pk: int) -> HttpResponse:
    return show(request, get_object_or_404(sheets_here(request), pk=pk))


def show(
    request: Request, found: ScoreSheet, *, line: int = 0, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    on = request.on
    lines = list(
        found.lines.select_related("item__appraiser", "appeal__by", "appeal__decision__by").prefetch_related("lost")
    )
    opens = addresses(request, [lost for one in lines for lost in one.lost.all()])
    appeals = may_appeal(request.user, found, on) and on <= appeals_until(found)
    return render(
        request,
        "scorecards/sheet.html",
        {
            "read": read_sheets([found])[0],
            "sheet": found,
            "until": appeals_until(found),
            "left_out": [one.item.name for one in lines if one.points is None],
            "rows": [row_of(request, one, opens, appeals, form if one.pk == line else None) for one in lines],
        },
        status=status,
    )


def row_of(
    request: Request, line: ScoreLine, opens: dict[int, str], appeals: bool, form: forms.Form | None
) -> dict[str, Any]:
    appeal = getattr(line, "appeal", None)
    decision = getattr(appeal, "decision", None)
    lost = line.points is not None and line.points < line.item.weight
    decides = appeal is not None and decision is None and refusal_to_decide(request.user, appeal, request.on) is None
    return {
        "line": line,
        "lost": [(one, opens.get(one.pk, "")) for one in line.lost.all()],
        "appeal": appeal,
        "decision": decision,
        "appeal_form": (form or AppealForm(auto_id=f"line-{line.pk}-%s"))
        if appeals and lost and appeal is None
        else None,
        "decision_form": (form or DecisionForm(auto_id=f"line-{line.pk}-%s")) if decides else None,
    }


def addresses(request: Request, lost: list[LostPoint]) -> dict[int, str]:
    """Where each record is read; a case only by those who see it. One query."""
    keys = [one.row for one in lost if one.kind == "case"]
    numbers = dict(Case.objects.filter(visible_to(request.user, request.on), pk__in=keys).values_list("pk", "number"))
    found = {}
    for one in lost:
        if one.kind == "case" and one.row in numbers:
            found[one.pk] = reverse("case", args=[numbers[one.row]])
        elif one.kind in PAGES:
            found[one.pk] = reverse(PAGES[one.kind], args=[one.row])
    return found


@require_POST
def appeal(request: Request, pk: int) -> HttpResponse:
    line = get_object_or_404(
        ScoreLine.objects.select_related("sheet__unit", "item"), pk=pk, sheet__in=sheets_here(request)
    )
    form = AppealForm(request.POST)
    return act(
        request,
        line,
        form,
        lambda said: appeal_score(line=line, words=said["words"], by=request.user, at=request.at),
        gettext("The appeal is with the office above. It decides, and never who scored."),
    )


@require_POST
def decision(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(
        ScoreAppeal.objects.select_related("line__sheet__unit", "line__sheet__scheme", "line__item"),
        pk=pk,
        line__sheet__in=sheets_here(request),
    )
    form = DecisionForm(request.POST)
    return act(
        request,
        found.line,
        form,
        lambda said: decide_appeal(appeal=found, by=request.user, at=request.at, **said),
        gettext("The appeal is decided. The unit reads it beside its score."),
    )


def act(request: Request, line: ScoreLine, form: forms.Form, verb: Any, done: str) -> HttpResponse:
    if not form.is_valid():
        return show(request, line.sheet, line=line.pk, form=form, status=422)
    try:
        verb(form.cleaned_data)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, line.sheet, line=line.pk, form=form, status=error.status)
    messages.success(request, done, extra_tags=SAVED)
    return redirect("score_sheet", pk=line.sheet_id)


def appraisals(request: Request) -> HttpResponse:
    """What the schemes ask of this reader by name."""
    items = list(items_appraised_by(request.user))
    if not items:
        raise NotAllowed("no_item_of_yours", _("No scheme names you as the one who appraises."))
    form = AppraisalForm(request.POST or None)
    by_key = {str(one.pk): one for one in items}
    field_of(form, "item", forms.ChoiceField).choices = [
        (key, f"{one.scheme.county.name} · {one.name} ({one.weight})") for key, one in by_key.items()
    ]
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            item = by_key[said["item"]]
            unit = unit_meant(form, said["unit"], item.scheme.county)
            if unit is not None:
                try:
                    appraise(
                        item=item,
                        unit=unit,
                        first=said["first_day"],
                        last=said["last_day"],
                        points=said["points"],
                        words=said["words"],
                        by=request.user,
                        at=request.at,
                    )
                except Refusal as error:
                    for one in error.each():
                        field = one.field if one.field in form.fields else None
                        form.add_error(field, str(one.sentence))
                    status = error.status
                else:
                    messages.success(request, gettext("It counts when the scores are published."), extra_tags=SAVED)
                    return redirect("score_appraisals")
    given = Appraisal.objects.filter(by=request.user).select_related("item", "unit").order_by("-id")[:30]
    return render(request, "scorecards/appraisals.html", {"form": form, "given": given}, status=status)


def unit_meant(form: forms.Form, words: str, county: Unit) -> Unit | None:
    """The unit by its code or name; one of the county first. What nobody is called by is said."""
    words = words.strip()
    named = list(Unit.objects.filter(code=words) or Unit.objects.filter(name=words)[:50])
    own = [one for one in named if one.path.startswith(county.path)]
    if len(own) == 1:
        return own[0]
    if own:
        form.add_error("unit", gettext("Several units have this name. Write the code of the one you mean."))
    elif named:
        return named[0]
    else:
        form.add_error("unit", gettext("There is no unit of this name or code. Please look at it again."))
    return None


urlpatterns = [
    path("scorecards/sheets/<int:pk>", sheet, name="score_sheet"),
    path("scorecards/lines/<int:pk>/appeal", appeal, name="score_appeal"),
    path("scorecards/appeals/<int:pk>/decision", decision, name="score_decision"),
    path("scorecards/appraisals", appraisals, name="score_appraisals"),
]
